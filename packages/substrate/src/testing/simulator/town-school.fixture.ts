import { systemClock } from '../../clock/clock.system.ts';
import type { JsonObject } from '../../json/json-value.ts';
import type { District } from '../district/district.ts';
import { createBearerTokens } from './bearer-tokens.ts';
import {
  createDistrictSimulator,
  type DistrictSimulator,
  type SimulatorOptions,
} from './create-district-simulator.ts';
import { defineSimulator } from './define-simulator.ts';
import type { ListRoute, SimulatedRequest } from './exchange.ts';
import { idWindow, linkTo } from './list-window.ts';
import { continuedPages } from './page-numbering.ts';
import { checkNames, wholeNumber } from './read-query.ts';
import { plainId } from './record-store.ts';

/*
 * A vendor with one token a district, links to the next page in the body, and lists of people by role: the smallest one that uses the
 * whole kit, to try the kit itself.
 */

export function createTownSchool(options: SimulatorOptions = {}): DistrictSimulator {
  const tokens = createBearerTokens(options.clock ?? systemClock);
  const token = tokens.issue({ token: 'town-token-0123456789' });
  return createDistrictSimulator(
    {
      collections: ['schools', 'people'],
      recordsOf,
      dateMember: 'updated_at',
      changesKeptSeconds: 30 * 86_400,
      authenticate: (request) => tokens.check(request),
      expireToken: tokens.expire,
      problem: ({ status, description }) => ({ status, json: { message: description } }),
      pages: continuedPages('after'),
      commonHeaders: () => ({ 'X-Town': 'Maple' }),
      routes: ({ store, changes }) => {
        return {
          'GET /api/schools': { list: (request) => page(request, store.list('schools')) },
          'GET /api/people': { list: (request) => page(request, store.list('people')) },
          'GET /api/schools/:id/people': {
            list: (request) => page(request, store.where('people', 'school_ids', request.params.id ?? '')),
          },
          'GET /api/people/:id': ({ params: { id = '' } }) => {
            const record = store.get('people', id);
            return record === undefined
              ? { status: 404, description: `No person ${id}` }
              : { status: 200, json: { data: record } };
          },
          'GET /api/events': () => ({
            status: 200,
            json: { data: changes.list().map(({ number, op, id }) => ({ id: String(number), op, of: id })) },
          }),
        };
      },
      connection: (origin) => ({ baseUrl: origin }),
      credential: () => ({ token }),
    },
    options,
  );
}

/** What `services/<vendor>/src/simulator.ts` exports for the command line. */
export const simulator = defineSimulator({ create: createTownSchool });

function recordsOf(district: District) {
  const head = (id: string, at = district.modifiedAt): JsonObject => ({ id, updated_at: at });
  return {
    schools: district.schools.map(({ id, name }) => ({ ...head(id), name })),
    people: district.people.map(({ id, givenName, familyName, role, schoolIds, modifiedAt }) => ({
      ...head(id, modifiedAt),
      name: { first: givenName, last: familyName },
      role,
      school_ids: [...schoolIds],
    })),
  };
}

function page(request: SimulatedRequest, list: readonly JsonObject[]): ReturnType<ListRoute['list']> {
  const refusal = checkNames(request.query, ['limit', 'after']);
  if (refusal !== undefined) return refusal;
  const limit = wholeNumber(request.query, 'limit', { fallback: 100, least: 1, most: 1000 });
  if (typeof limit !== 'number') return limit;
  const window = idWindow(list, plainId, {
    after: request.query.get('after') ?? undefined,
    limit,
  });
  if (window === undefined) return { status: 400, description: 'Nobody has the id after' };
  const { next } = window;
  const links = next === undefined ? [] : [{ rel: 'next', uri: linkTo(request, { after: next }, '') }];
  return { status: 200, page: { records: window.records, next, wrap: (data) => ({ data, links }) } };
}
