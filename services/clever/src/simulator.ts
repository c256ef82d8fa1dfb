import { randomBytes } from 'node:crypto';
import { systemClock } from '@flotilla/substrate/clock/clock.system';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { createBearerTokens } from '@flotilla/substrate/testing/simulator/bearer-tokens';
import {
  createDistrictSimulator,
  type DistrictSimulator,
  extendSimulator,
  type SimulatorOptions,
} from '@flotilla/substrate/testing/simulator/create-district-simulator';
import { defineSimulator } from '@flotilla/substrate/testing/simulator/define-simulator';
import type { Route } from '@flotilla/substrate/testing/simulator/exchange';
import { continuedPages } from '@flotilla/substrate/testing/simulator/page-numbering';
import { checkNames, oneOf } from '@flotilla/substrate/testing/simulator/read-query';
import { checkBasic } from '@flotilla/substrate/testing/simulator/shared-secret';
import { attendanceRoutes } from './simulator/attendance-routes.ts';
import { collections, idOf, type Version, versions } from './simulator/collections.ts';
import { dataRoutes } from './simulator/data-routes.ts';
import { districtToRecords } from './simulator/district-records.ts';
import { recordsWithout, routesWithout, type Sparable, sparable } from './simulator/lacking.ts';
import { createRateWindow } from './simulator/rate-window.ts';

const auths = ['district', 'application'] as const;
type Auth = (typeof auths)[number];

export interface CleverSimulatorOptions extends SimulatorOptions {
  /** What `connection` says; both are served. Default 3.1. */
  readonly version?: Version;
  /** What this district does not have: it is answered with 501. */
  readonly without?: readonly Sparable[];
  /** Whom `credential` is of. Default: the district, by its token. */
  readonly auth?: Auth;
}

/** Clever for one district on this machine. Addresses exist once it listens. */
export interface CleverSimulator extends DistrictSimulator {
  /** The other way to sign in: as the application, which looks up the district's token. */
  readonly application: JsonObject;
}

export function createCleverSimulator(options: CleverSimulatorOptions = {}): CleverSimulator {
  const clock = options.clock ?? systemClock;
  const { version = '3.1', without = [], auth = 'district' } = options;
  const tokens = createBearerTokens(clock);
  const rate = createRateWindow(clock);
  const client = { id: randomBytes(10).toString('hex'), secret: randomBytes(20).toString('hex') };
  let token: string | undefined;
  let district = '';

  /** Districts' tokens do not expire; when one is taken back, there is another. */
  function currentToken(): string {
    token ??= tokens.issue({ token: randomBytes(20).toString('hex') });
    return token;
  }

  function application(): JsonObject {
    return { type: 'application', clientId: client.id, clientSecret: client.secret, district };
  }

  const simulator = createDistrictSimulator(
    {
      collections,
      recordsOf: (data) => recordsWithout(districtToRecords(data), without),
      idOf,
      dateMember: 'last_modified',
      changesKeptSeconds: 30 * 86_400,
      routes: ({ store, changes, now }) => {
        district = idOf(store.list('districts')[0] ?? {});
        const listTokens: Route = (request) => {
          const refusal =
            checkBasic(request, client) ?? checkNames(request.query, ['owner_type', 'district']);
          if (refusal !== undefined) return refusal;
          const owner = oneOf(request.query, 'owner_type', ['district']);
          if (typeof owner === 'object') return owner;
          const data = [
            {
              id: randomBytes(12).toString('hex'),
              created: now(),
              owner: { type: 'district', id: district },
              access_token: currentToken(),
              scopes: ['read:district_admins', 'read:sis'],
            },
          ].filter(() => (request.query.get('district') ?? district) === district);
          const uri = `${request.path}?${request.rawQuery}`;
          return { status: 200, json: { data, links: [{ rel: 'self', uri }] } };
        };
        return {
          ...routesWithout(
            Object.assign(
              attendanceRoutes(store),
              ...versions.map((one) => dataRoutes({ store, changes }, one)),
            ),
            without,
          ),
          'GET /oauth/tokens': listTokens,
        };
      },
      openRoutes: ['GET /oauth/tokens'],
      authenticate: (request) => tokens.check(request) ?? rate.count(request),
      expireToken: (request) => {
        tokens.expire(request);
        token = undefined;
      },
      commonHeaders: (request) => rate.headers(request),
      // An exceeded limit is said by the status and the headers alone.
      problem: ({ status, description }) =>
        status === 429 ? { status } : { status, json: { message: description } },
      pages: continuedPages('starting_after', 'ending_before'),
      connection: (origin) => ({ baseUrl: origin, version, tokensUrl: `${origin}/oauth/tokens` }),
      credential: () => (auth === 'district' ? { type: 'district', token: currentToken() } : application()),
    },
    options,
  );

  return extendSimulator(simulator, {
    application: application(),
  });
}

/** For the command line: `flotilla simulate clever`. */
export const simulator = defineSimulator({
  choices: {
    version: {
      describe: 'the version of the Data API that clients are told of (default: 3.1)',
      values: versions,
    },
    auth: {
      describe: 'whom the credential is of (default: district)',
      values: auths,
    },
    without: {
      describe: 'what this district does not have',
      values: sparable,
      isRepeatable: true,
    },
  },
  create: (options, chosen = {}) =>
    createCleverSimulator({
      ...options,
      ...(chosen as Pick<CleverSimulatorOptions, 'auth' | 'version' | 'without'>),
    }),
});
