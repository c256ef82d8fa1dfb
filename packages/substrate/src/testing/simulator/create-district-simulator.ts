import { systemClock } from '../../clock/clock.system.ts';
import type { Clock } from '../../clock/clock.ts';
import { Failure } from '../../failure/failure.ts';
import type { JsonObject } from '../../json/json-value.ts';
import type { District } from '../district/district.ts';
import { editDistrict } from '../district/edit-district.ts';
import { type DistrictOptions, generateDistrict } from '../district/generate-district.ts';
import { type SimulateOptions, type Simulator, simulate } from '../simulate.ts';
import { type ChangeLog, createChangeLog } from './change-log.ts';
import { diffRecords } from './diff-records.ts';
import type { ListRoute, Route, SimulatedRequest } from './exchange.ts';
import { type NightOptions, parseNightOptions } from './night-options.ts';
import type { PageNumbering } from './page-numbering.ts';
import type { EditCounts, RecordEdit } from './record-edit.ts';
import { createRecordStore, plainId, type RecordStore, stampDate, type WireRecords } from './record-store.ts';

/** What whoever runs a simulator may choose, whatever the vendor. */
export interface SimulatorOptions {
  readonly district?: DistrictOptions;
  /** Lines of the fault language, such as `GET /users page=3: 429 retry-after=2`. */
  readonly faults?: readonly string[];
  readonly adminToken?: string;
  readonly clock?: Clock;
}

/** What a vendor's routes are made of. */
export interface SimulatorSeat<Name extends string> {
  readonly store: RecordStore<Name>;
  readonly changes: ChangeLog<Name>;
  readonly clock: Clock;
  /** The vendor's own time, as ISO 8601 in UTC. */
  now(): string;
}

/** A vendor, as its simulator: what is peculiar to it and nothing else. */
export interface SimulatorDefinition<Name extends string>
  extends Pick<SimulateOptions, 'openRoutes' | 'authenticate' | 'expireToken' | 'problem' | 'commonHeaders'> {
  readonly collections: readonly Name[];
  /** A district in the vendor's shape; nights are the difference between two of them. Equal districts, equal records. */
  readonly recordsOf: (district: District) => WireRecords<Name>;
  /** Served instead of a generated district's; such a simulator has no nights. */
  readonly records?: WireRecords<Name> | undefined;
  /** Unique in its collection. Default: the member `id`. */
  readonly idOf?: (record: JsonObject, collection: Name) => string;
  /** The member with the time of a record's last change: set by edits that leave it, and no change by itself. */
  readonly dateMember?: string;
  /** The record with the vendor's mark of deletion, where it has one. */
  readonly markDeleted?: (record: JsonObject) => JsonObject;
  /** How long the vendor keeps its changes; default forever. */
  readonly changesKeptSeconds?: number;
  readonly routes: (seat: SimulatorSeat<Name>) => Readonly<Record<string, Route | ListRoute>>;
  /** How pages of list routes are counted. */
  readonly pages: PageNumbering;
  readonly adminCalls?: SimulateOptions['adminCalls'];
  /** What a customer would enter to reach it, in the shape of the vendor's description. */
  readonly connection: (origin: string) => JsonObject;
  readonly credential: (origin: string) => JsonObject;
}

/** A vendor on this machine, serving a district. Addresses exist once it listens. */
export interface DistrictSimulator extends Simulator {
  readonly connection: JsonObject;
  readonly credential: JsonObject;
  /** Records by collection. */
  counts(): Readonly<Record<string, number>>;
  /** A record as stored. */
  record(collection: string, id: string): JsonObject | undefined;
  /** Changes the vendor's data, all or none. Throws `invalid_params` naming the edit that cannot be made. */
  edit(edits: readonly RecordEdit[]): EditCounts;
  /** The next night of realistic edits; a generated district only. The counts are what a sync has to find. */
  nextNight(options?: NightOptions): EditCounts;
}

/**
 * A vendor's simulator from what is peculiar to it: records, edits, nights, counts, faults and the admin endpoint come with it
 * (`GET /admin/counts`, `POST /admin/night`, and those of `createAdminEndpoint`).
 */
export function createDistrictSimulator<Name extends string>(
  definition: SimulatorDefinition<Name>,
  options: SimulatorOptions = {},
): DistrictSimulator {
  const { recordsOf, idOf = plainId, dateMember, pages } = definition;
  const clock = options.clock ?? systemClock;
  const now = () => new Date(clock.now()).toISOString();
  let district = definition.records === undefined ? generateDistrict(options.district) : undefined;
  let night = 1;
  const changes = createChangeLog<Name>(clock, definition.changesKeptSeconds);
  const store = createRecordStore<Name>({
    collections: definition.collections,
    records: district === undefined ? definition.records : recordsOf(district),
    idOf,
    stamp: dateMember === undefined ? undefined : stampDate(dateMember, now),
    markDeleted: definition.markDeleted,
    onChange: changes.add,
  });
  const table = definition.routes({ store, changes, clock, now });
  const lists = new Set(Object.keys(table).filter((name) => typeof table[name] !== 'function'));

  function nextNight({ removal = 'remove', ...plan }: NightOptions = {}): EditCounts {
    if (district === undefined) {
      throw new Failure(
        'invalid_params',
        'Only a generated district has nights; edit other data record by record',
      );
    }
    const edited = editDistrict(district, { night: night + 1, ...plan });
    const differing = diffRecords(recordsOf(district), recordsOf(edited.district), { idOf, dateMember });
    // What a client has deleted meanwhile needs no deletion.
    const edits = differing.filter(
      ({ op, collection, id }) => op === 'put' || store.get(collection as Name, id) !== undefined,
    );
    const counts = store.edit(edits.map((one) => (one.op === 'remove' ? { ...one, op: removal } : one)));
    district = edited.district;
    night = plan.night ?? night + 1;
    return counts;
  }

  const { adminToken, faults = [] } = options;
  const { openRoutes, expireToken, commonHeaders, onPage } = { ...definition, onPage: pages.onPage };
  const simulator = simulate({
    routes: Object.fromEntries(Object.entries(table).map(([name, route]) => [name, routeOf(route)])),
    authenticate: definition.authenticate,
    problem: definition.problem,
    ...(openRoutes === undefined ? {} : { openRoutes }),
    ...(expireToken === undefined ? {} : { expireToken }),
    ...(commonHeaders === undefined ? {} : { commonHeaders }),
    ...(onPage === undefined ? {} : { onPage }),
    pageOf: (request: SimulatedRequest) => (lists.has(request.route) ? pages.pageOf(request) : undefined),
    previousPage: pages.previousPage,
    edit: (edits) => ({ counts: store.edit(edits) }),
    adminCalls: {
      'GET /admin/counts': () => ({ counts: store.counts() }),
      'POST /admin/night': (body) => ({ counts: nextNight(parseNightOptions(body)), night }),
      ...definition.adminCalls,
    },
    faults,
    ...(adminToken === undefined ? {} : { adminToken }),
    clock,
  });
  const names = new Set<string>(definition.collections);
  return extendSimulator(simulator, {
    get connection() {
      return definition.connection(simulator.origin);
    },
    get credential() {
      return definition.credential(simulator.origin);
    },
    counts: store.counts,
    record: (collection: string, id: string) =>
      names.has(collection) ? store.get(collection as Name, id) : undefined,
    edit: store.edit,
    nextNight,
  });
}

/** The simulator with further members; getters among them stay such, since addresses exist only once it listens. */
export function extendSimulator<S extends object, Members extends object>(
  simulator: S,
  members: Members,
): S & Members {
  return Object.defineProperties(simulator, Object.getOwnPropertyDescriptors(members)) as S & Members;
}

function routeOf(route: Route | ListRoute): Route {
  return typeof route === 'function' ? route : route.list;
}
