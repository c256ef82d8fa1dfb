import type { Clock } from '@flotilla/substrate/clock/clock';
import { systemClock } from '@flotilla/substrate/clock/clock.system';
import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import {
  createDistrictSimulator,
  type DistrictSimulator,
  type SimulatorOptions,
  type SimulatorSeat,
} from '@flotilla/substrate/testing/simulator/create-district-simulator';
import { defineSimulator } from '@flotilla/substrate/testing/simulator/define-simulator';
import { continuedPages } from '@flotilla/substrate/testing/simulator/page-numbering';
import { createAccess } from './simulator/access.ts';
import { createCursors } from './simulator/cursors.ts';
import { type CollectionName, collections, districtToRecords } from './simulator/district-records.ts';
import { joinIds } from './simulator/edlink-id.ts';
import { createEdlinkRoutes } from './simulator/edlink-routes.ts';
import { problemToResponse } from './simulator/refusal.ts';
import { textOf } from './simulator/text-of.ts';

export interface EdlinkSimulatorOptions extends SimulatorOptions {
  /** Whom the credential is for; default the integration. */
  readonly api?: 'graph' | 'user';
  /** No page is longer, whatever is asked for. Default: as asked for. */
  readonly longestPage?: number;
  /** Default 30 days; 0: no events are kept, and the feed says nothing. */
  readonly eventsKeptDays?: number;
}

/** Edlink on this machine, with one integration and one person, a teacher, who has signed in. */
export function createEdlinkSimulator(options: EdlinkSimulatorOptions = {}): DistrictSimulator {
  const clock: Clock = options.clock ?? systemClock;
  const { api = 'graph', eventsKeptDays = 30 } = options;
  const access = createAccess(clock);
  return createDistrictSimulator<CollectionName>(
    {
      collections,
      recordsOf: districtToRecords,
      idOf,
      dateMember: 'updated_date',
      changesKeptSeconds: eventsKeptDays * 86_400,
      openRoutes: ['GET /api/up', 'POST /api/authentication/token'],
      authenticate: access.check,
      expireToken: access.expire,
      problem: problemToResponse,
      pages: continuedPages('$cursor', '$after'),
      routes: (seat: SimulatorSeat<CollectionName>) =>
        createEdlinkRoutes({
          seat,
          access,
          cursors: createCursors(clock),
          longestPage: options.longestPage,
          startedAt: clock.now(),
          eventsKeptDays,
        }),
      connection: (origin) => ({ baseUrl: origin, api }),
      credential: () => access.credentials[api],
    },
    options,
  );
}

export const simulator = defineSimulator({
  choices: {
    api: { describe: 'the API that `connect` is told to use', values: ['graph', 'user'] },
  },
  create: (options, { api } = {}) =>
    createEdlinkSimulator({ ...options, ...(api === 'user' || api === 'graph' ? { api } : {}) }),
});

/** Of the gradebook the whole path: Edlink's UUIDs are unique, our own names for them have the class in them. */
function idOf({ class_id, assignment_id, id }: JsonObject, collection: CollectionName): string {
  const above: Readonly<Partial<Record<CollectionName, readonly (JsonValue | undefined)[]>>> = {
    categories: [class_id],
    assignments: [class_id],
    submissions: [class_id, assignment_id],
  };
  return joinIds(...[...(above[collection] ?? []), id].map(textOf));
}
