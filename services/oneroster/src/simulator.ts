import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '@flotilla/substrate/clock/clock';
import { systemClock } from '@flotilla/substrate/clock/clock.system';
import { Failure } from '@flotilla/substrate/failure';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { District } from '@flotilla/substrate/testing/district/district';
import { editDistrict } from '@flotilla/substrate/testing/district/edit-district';
import {
  type DistrictOptions,
  generateDistrict,
} from '@flotilla/substrate/testing/district/generate-district';
import { type Simulator, simulate } from '@flotilla/substrate/testing/simulate';
import type { SimulatedRequest } from '@flotilla/substrate/testing/simulator/exchange';
import type { EditCounts, RecordEdit } from '@flotilla/substrate/testing/simulator/record-edit';
import { createAuthentication, type SimulatorCredentials } from './simulator/authentication.ts';
import { type CsvWarning, loadCsvSet } from './simulator/csv/load-csv-set.ts';
import { createDistrictRecords } from './simulator/district-records.ts';
import { effectiveLimit } from './simulator/list-response.ts';
import { type NightOptions, parseNightOptions } from './simulator/night-options.ts';
import { createProviderRoutes } from './simulator/provider-routes.ts';
import { parseQuirks } from './simulator/quirks.ts';
import { createRecordStore, type WireRecords } from './simulator/record-store.ts';
import { createRecordRenderer } from './simulator/render-record.ts';
import { problemToResponse } from './simulator/status-info.ts';
import { collectionsOf, type Version } from './simulator/wire-fields.ts';

export interface OneRosterSimulatorOptions {
  /** Default: what the CSV set's manifest says; 1.2 for a generated district. */
  readonly version?: Version;
  /** `oauth1` exists in 1.1 only and is its default. */
  readonly auth?: 'oauth1' | 'oauth2';
  /** A folder or ZIP file with a OneRoster CSV set. Without it, a generated district is served. */
  readonly data?: string;
  readonly district?: DistrictOptions;
  readonly quirks?: readonly string[];
  /** Lines of the fault language, such as `GET /users page=3: 429 retry-after=2`. */
  readonly faults?: readonly string[];
  /** The provider's own part of the path, before `/ims/oneroster`; default none. */
  readonly prefix?: string;
  /** Default: random ones. The secret's alphabet needs encoding in both schemes, as real secrets do. */
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** Scopes that the client may have; default: all of the version. */
  readonly scopes?: readonly string[];
  readonly tokenLifetimeSeconds?: number;
  readonly signatureMethods?: readonly ('HMAC-SHA1' | 'HMAC-SHA256')[];
  /** The id that an object gets which was posted under another; default: a random UUID. */
  readonly allocateId?: (collection: string, suppliedId: string) => string;
  readonly adminToken?: string;
  readonly clock?: Clock;
}

/** A OneRoster provider on this machine. Addresses exist once it listens. */
export interface OneRosterSimulator extends Simulator {
  readonly version: Version;
  /** What comes before `/ims/oneroster/...`. */
  readonly baseUrl: string;
  /** Where OAuth 2 tokens are issued; with `oauth1` there is nothing. */
  readonly tokenUrl: string;
  readonly credentials: SimulatorCredentials;
  /** Rows, cells and files of the CSV set that are not served as they stand. */
  readonly warnings: readonly CsvWarning[];
  /** Records by collection. */
  counts(): Readonly<Record<string, number>>;
  /** A record as stored: references without `href`. */
  record(collection: string, id: string): JsonObject | undefined;
  /** Changes the vendor's data, all or none. Throws `invalid_params` naming the edit that cannot be made. */
  edit(edits: readonly RecordEdit[]): EditCounts;
  /** The next night of realistic edits; a generated district only. The counts are what a sync has to find. */
  nextNight(options?: NightOptions): EditCounts;
}

/** Throws `config_invalid` or `invalid_params`, saying what to correct, before anything listens. */
export async function createOneRosterSimulator(
  options: OneRosterSimulatorOptions = {},
): Promise<OneRosterSimulator> {
  const clock = options.clock ?? systemClock;
  const source = await loadSource(options);
  const { version } = source;
  const prefix = checkPrefix(options.prefix ?? '');
  const quirks = parseQuirks(options.quirks ?? []);
  const collections = collectionsOf(version);
  const store = createRecordStore(collections.keys(), source.records);
  const auth = createAuthentication({
    ...options,
    version,
    clock,
    prefix,
    clientId: options.clientId ?? `client-${randomBytes(6).toString('hex')}`,
    clientSecret: options.clientSecret ?? randomBytes(24).toString('base64'),
  });
  const provider = createProviderRoutes({
    version,
    prefix,
    store,
    collections,
    quirks,
    render: createRecordRenderer({ version, collections, prefix, jsonBooleans: quirks.has('json-booleans') }),
    now: () => new Date(clock.now()).toISOString(),
    allocateId: options.allocateId ?? (() => randomUUID()),
  });
  let { district } = source;
  let night = 1;

  function edit(edits: readonly RecordEdit[]): EditCounts {
    return store.edit(edits, new Date(clock.now()).toISOString());
  }

  function nextNight({ removal = 'remove', ...plan }: NightOptions = {}): EditCounts {
    if (district === undefined) {
      throw new Failure(
        'invalid_params',
        'Only a generated district has nights; edit a CSV set record by record',
      );
    }
    const edited = editDistrict(district, { night: night + 1, ...plan });
    const known = new Set(district.people.map((person) => person.id));
    const records = createDistrictRecords(edited.district, version);
    const counts = edit(records.edits(edited.edits, (id) => !known.has(id), removal));
    district = edited.district;
    night = plan.night ?? night + 1;
    return counts;
  }

  /** Offset paging: the page is where the offset falls. */
  function rangeOf(
    request: SimulatedRequest,
  ): { readonly limit: number; readonly offset: number } | undefined {
    if (!provider.lists.has(request.route)) return undefined;
    const limit = Number(request.query.get('limit') ?? 100);
    const offset = Number(request.query.get('offset') ?? 0);
    return limit >= 1 && offset >= 0 ? { limit: effectiveLimit(limit, quirks), offset } : undefined;
  }

  const simulator = simulate({
    routes: { ...provider.routes, ...auth.routes },
    openRoutes: Object.keys(auth.routes),
    authenticate: (request) => {
      const problem = auth.check(request, provider.scopes.get(request.route) ?? []);
      if (problem === undefined) return undefined;
      const refusal = problemToResponse(problem, version);
      return problem.status === 401
        ? { ...refusal, headers: { 'WWW-Authenticate': auth.challenge } }
        : refusal;
    },
    ...(auth.expire === undefined ? {} : { expireToken: auth.expire }),
    problem: (problem) => problemToResponse(problem, version),
    pageOf: (request) => {
      const range = rangeOf(request);
      return range === undefined ? undefined : Math.floor(range.offset / range.limit) + 1;
    },
    previousPage: (request) => {
      const query = new URLSearchParams(request.query);
      const { limit, offset } = rangeOf(request) ?? { limit: 100, offset: 0 };
      query.set('offset', String(Math.max(0, offset - limit)));
      return { ...request, query };
    },
    edit: (edits) => ({ counts: edit(edits) }),
    adminCalls: {
      'GET /admin/counts': () => ({ counts: store.counts() }),
      'POST /admin/night': (body) => ({ counts: nextNight(parseNightOptions(body)), night }),
    },
    faults: options.faults ?? [],
    ...(options.adminToken === undefined ? {} : { adminToken: options.adminToken }),
    clock,
  });

  return {
    // Not spread: that would read `origin` now, before there is an address.
    listen: simulator.listen,
    close: simulator.close,
    adminToken: simulator.adminToken,
    addFault: simulator.addFault,
    clearFaults: simulator.clearFaults,
    faults: simulator.faults,
    requests: simulator.requests,
    clearRequests: simulator.clearRequests,
    unusedRoutes: simulator.unusedRoutes,
    get origin() {
      return simulator.origin;
    },
    get baseUrl() {
      return simulator.origin + prefix;
    },
    get tokenUrl() {
      return `${simulator.origin}${prefix}/token`;
    },
    version,
    credentials: auth.credentials,
    warnings: source.warnings,
    counts: store.counts,
    record: (collection, id) => {
      const known = [...collections.values()].find(({ name }) => name === collection);
      return known === undefined ? undefined : store.get(known.name, id);
    },
    edit,
    nextNight,
  };
}

interface Source {
  readonly version: Version;
  readonly records: WireRecords;
  readonly warnings: readonly CsvWarning[];
  readonly district: District | undefined;
}

async function loadSource(options: OneRosterSimulatorOptions): Promise<Source> {
  if (options.data !== undefined) {
    if (options.district !== undefined) {
      throw new Failure('config_invalid', 'Either a CSV set or a generated district, not both', {
        data: { data: options.data },
      });
    }
    return { ...(await loadCsvSet(options.data, options.version)), district: undefined };
  }
  const version = options.version ?? (options.auth === 'oauth1' ? '1.1' : '1.2');
  const district = generateDistrict(options.district);
  return { version, records: createDistrictRecords(district, version).all(), warnings: [], district };
}

function checkPrefix(prefix: string): string {
  if (prefix === '' || (/^(\/[\w.~-]+)+$/.test(prefix) && !prefix.startsWith('/admin'))) return prefix;
  throw new Failure('config_invalid', 'The prefix must be a path such as /sis, and not /admin', {
    data: { prefix },
  });
}
