import { randomBytes, randomUUID } from 'node:crypto';
import { systemClock } from '@flotilla/substrate/clock/clock.system';
import { Failure } from '@flotilla/substrate/failure';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import {
  createDistrictSimulator,
  type DistrictSimulator,
  extendSimulator,
  type SimulatorOptions,
} from '@flotilla/substrate/testing/simulator/create-district-simulator';
import { defineSimulator } from '@flotilla/substrate/testing/simulator/define-simulator';
import { offsetPages } from '@flotilla/substrate/testing/simulator/page-numbering';
import { createAuthentication, type SimulatorCredentials } from './simulator/authentication.ts';
import { type CsvWarning, loadCsvSet } from './simulator/csv/load-csv-set.ts';
import { districtToRecords } from './simulator/district-records.ts';
import { effectiveLimit } from './simulator/list-response.ts';
import { createProviderRoutes } from './simulator/provider-routes.ts';
import { parseQuirks } from './simulator/quirks.ts';
import { idOf } from './simulator/references.ts';
import { createRecordRenderer } from './simulator/render-record.ts';
import { problemToResponse } from './simulator/status-info.ts';
import { collectionsOf, type OneRosterRecords, type Version } from './simulator/wire-fields.ts';

export interface OneRosterSimulatorOptions extends SimulatorOptions {
  /** Default: what the CSV set's manifest says; 1.2 for a generated district. */
  readonly version?: Version;
  /** `oauth1` exists in 1.1 only and is its default. */
  readonly auth?: 'oauth1' | 'oauth2';
  /** A folder or ZIP file with a OneRoster CSV set. Without it, a generated district is served, with nights. */
  readonly data?: string;
  readonly quirks?: readonly string[];
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
}

/** A OneRoster provider on this machine. Addresses exist once it listens. */
export interface OneRosterSimulator extends DistrictSimulator {
  readonly version: Version;
  /** What comes before `/ims/oneroster/...`. */
  readonly baseUrl: string;
  /** Where OAuth 2 tokens are issued; with `oauth1` there is nothing. */
  readonly tokenUrl: string;
  readonly credentials: SimulatorCredentials;
  /** Rows, cells and files of the CSV set that are not served as they stand. */
  readonly warnings: readonly CsvWarning[];
}

/** Throws `config_invalid` or `invalid_params`, saying what to correct, before anything listens. */
export async function createOneRosterSimulator(
  options: OneRosterSimulatorOptions = {},
): Promise<OneRosterSimulator> {
  const clock = options.clock ?? systemClock;
  const { version, records, warnings } = await loadSource(options);
  const prefix = checkPrefix(options.prefix ?? '');
  const quirks = parseQuirks(options.quirks ?? []);
  const collections = collectionsOf(version);
  const auth = createAuthentication({
    ...options,
    version,
    clock,
    prefix,
    clientId: options.clientId ?? `client-${randomBytes(6).toString('hex')}`,
    clientSecret: options.clientSecret ?? randomBytes(24).toString('base64'),
  });
  const { credentials, check, expire } = auth;
  const render = createRecordRenderer({
    version,
    collections,
    prefix,
    jsonBooleans: quirks.has('json-booleans'),
  });
  let scopes: ReadonlyMap<string, readonly string[]> = new Map();

  const provider = createDistrictSimulator(
    {
      collections: [...collections.keys()],
      recordsOf: (district) => districtToRecords(district, version),
      records,
      idOf,
      dateMember: 'dateLastModified',
      markDeleted: (record) => ({ ...record, status: 'tobedeleted' }),
      routes: ({ store, now }) => {
        const allocateId = options.allocateId ?? (() => randomUUID());
        const own = createProviderRoutes({
          version,
          prefix,
          store,
          collections,
          quirks,
          render,
          now,
          allocateId,
        });
        scopes = own.scopes;
        return { ...own.routes, ...auth.routes };
      },
      openRoutes: Object.keys(auth.routes),
      authenticate: (request) => check(request, scopes.get(request.route) ?? []),
      ...(expire === undefined ? {} : { expireToken: expire }),
      problem: (problem) => problemToResponse(problem, version),
      pages: offsetPages(({ query }) => {
        const limit = Number(query.get('limit') ?? 100);
        const offset = Number(query.get('offset') ?? 0);
        return limit >= 1 && offset >= 0 ? { limit: effectiveLimit(limit, quirks), offset } : undefined;
      }),
      connection: (origin) => ({ baseUrl: origin + prefix, version }),
      credential: () => credentialOf(credentials),
    },
    options,
  );

  return extendSimulator(provider, {
    get baseUrl() {
      return provider.origin + prefix;
    },
    get tokenUrl() {
      return `${provider.origin}${prefix}/token`;
    },
    version,
    credentials,
    warnings,
  });
}

/** For the command line: `flotilla simulate oneroster`. */
export const simulator = defineSimulator({
  choices: {
    data: {
      describe: 'a OneRoster CSV set, as a folder or a ZIP file',
      placeholder: 'dir|zip',
      isPath: true,
    },
    version: {
      describe: 'the OneRoster version (default: as the CSV set says; 1.2)',
      values: ['1.1', '1.2'],
    },
    auth: {
      describe: 'how clients authenticate (default: oauth1 for 1.1, oauth2 for 1.2)',
      values: ['oauth1', 'oauth2'],
    },
    quirk: { describe: 'a departure from the standard, such as no-total-count', isRepeatable: true },
  },
  create: async (options, { quirk = [], ...chosen } = {}) =>
    await createOneRosterSimulator({
      ...options,
      ...(chosen as Pick<OneRosterSimulatorOptions, 'data' | 'version' | 'auth'>),
      quirks: [quirk].flat(),
    }),
  remarks: ({ warnings }) =>
    warnings.map(({ file, line, reason }) => ({
      where: line === undefined ? file : `${file}:${line}`,
      reason,
    })),
});

/** In the shape that the vendor's description wants it. */
function credentialOf(credentials: SimulatorCredentials): JsonObject {
  if (credentials.kind === 'oauth1') {
    const { consumerKey, consumerSecret } = credentials;
    return { type: 'oauth1', consumerKey, consumerSecret };
  }
  const { clientId, clientSecret } = credentials;
  return { type: 'oauth2', clientId, clientSecret };
}

interface Source {
  readonly version: Version;
  /** Absent where a generated district is served. */
  readonly records: OneRosterRecords | undefined;
  readonly warnings: readonly CsvWarning[];
}

async function loadSource(options: OneRosterSimulatorOptions): Promise<Source> {
  if (options.data === undefined) {
    const version = options.version ?? (options.auth === 'oauth1' ? '1.1' : '1.2');
    return { version, records: undefined, warnings: [] };
  }
  if (options.district === undefined) return await loadCsvSet(options.data, options.version);
  throw new Failure('config_invalid', 'Either a CSV set or a generated district, not both', {
    data: { data: options.data },
  });
}

function checkPrefix(prefix: string): string {
  if (prefix === '' || (/^(\/[\w.~-]+)+$/.test(prefix) && !prefix.startsWith('/admin'))) return prefix;
  throw new Failure('config_invalid', 'The prefix must be a path such as /sis, and not /admin', {
    data: { prefix },
  });
}
