import { systemClock } from '@flotilla/substrate/clock/clock.system';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import {
  createDistrictSimulator,
  type DistrictSimulator,
  extendSimulator,
  type SimulatorOptions,
} from '@flotilla/substrate/testing/simulator/create-district-simulator';
import { defineSimulator } from '@flotilla/substrate/testing/simulator/define-simulator';
import { continuedPages } from '@flotilla/substrate/testing/simulator/page-numbering';
import { createAccess } from './simulator/access.ts';
import { classroomRoutes } from './simulator/classroom-routes.ts';
import { courseWorkRoutes } from './simulator/course-work-routes.ts';
import { directoryRoutes } from './simulator/directory-routes.ts';
import { type CollectionName, collections, districtToRecords, idOf } from './simulator/district-records.ts';
import { createPageTokens } from './simulator/page-tokens.ts';
import type { Quotas } from './simulator/quota.ts';
import { problemToResponse } from './simulator/refusal.ts';
import { textOf } from './simulator/text-of.ts';

export interface ClassroomSimulatorOptions extends SimulatorOptions {
  /** What `credential` is: default a service account's. */
  readonly auth?: 'service-account' | 'person';
  /** What `connection` says of the gradebook; default read. */
  readonly gradebook?: 'read' | 'draft' | 'assign';
  /** Scopes that the domain's administrator has granted, by the last part of their names; default all that Flotilla can use. */
  readonly granted?: readonly string[];
  readonly quotas?: Quotas;
  /** How long page tokens are good for; default three days, as the Directory's. */
  readonly pageTokenSeconds?: number;
  /** No page is longer, whatever is asked for. */
  readonly longestPage?: number;
}

/** Google Classroom and the Directory of one domain on this machine. Addresses exist once it listens. */
export interface ClassroomSimulator extends DistrictSimulator {
  /** The other way to sign in. */
  readonly person: JsonObject;
}

export function createClassroomSimulator(options: ClassroomSimulatorOptions = {}): ClassroomSimulator {
  const clock = options.clock ?? systemClock;
  const { longestPage, gradebook, auth, quotas = {} } = options;
  let administrators: () => readonly string[] = () => [];
  const access = createAccess({
    clock,
    quotas,
    granted: options.granted,
    administrators: () => administrators(),
    origin: () => simulator.origin,
  });
  const simulator: DistrictSimulator = createDistrictSimulator<CollectionName>(
    {
      collections,
      recordsOf: districtToRecords,
      idOf,
      dateMember: 'updateTime',
      openRoutes: ['POST /token'],
      authenticate: access.authenticate,
      expireToken: access.expire,
      problem: problemToResponse,
      pages: continuedPages('pageToken'),
      routes: (seat) => {
        const tokens = createPageTokens(clock, options.pageTokenSeconds ?? 3 * 86_400);
        // Those of the beginning: who signs in stays able to, whatever becomes of the people.
        const addresses = seat.store
          .list('users')
          .filter(({ isDelegatedAdmin }) => isDelegatedAdmin === true)
          .map(({ primaryEmail }) => textOf(primaryEmail));
        administrators = () => addresses;
        const classroom = { seat, access, tokens, longestPage };
        return {
          'POST /token': access.tokenRoute,
          ...directoryRoutes(seat, tokens, longestPage),
          ...classroomRoutes(classroom),
          ...courseWorkRoutes(classroom),
        };
      },
      connection: (origin) => ({
        baseUrl: origin,
        directoryUrl: origin,
        tokenUrl: `${origin}/token`,
        schools: ['/Schools/*'],
        guardians: true,
        ...(gradebook === undefined ? {} : { gradebook }),
      }),
      credential: () => (auth === 'person' ? access.credentials.person : access.credentials.serviceAccount),
    },
    options,
  );
  return extendSimulator(simulator, { person: access.credentials.person });
}

/** For the command line: `flotilla simulate google-classroom`. */
export const simulator = defineSimulator({
  choices: {
    auth: {
      describe: 'how `connect` is told to sign in (default: service-account)',
      values: ['service-account', 'person'],
    },
    gradebook: {
      describe: 'what `connect` is told to do with course work and grades (default: read)',
      values: ['read', 'draft', 'assign'],
    },
  },
  create: (options, chosen = {}) =>
    createClassroomSimulator({
      ...options,
      ...(chosen as Pick<ClassroomSimulatorOptions, 'auth' | 'gradebook'>),
    }),
});
