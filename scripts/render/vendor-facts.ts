import type { AuthStyle } from '../../packages/substrate/src/http/auth.ts';
import type { Paging } from '../../packages/substrate/src/http/paging.ts';
import type { JsonValue } from '../../packages/substrate/src/json/json-value.ts';
import { toJsonSchema } from '../../packages/substrate/src/service/methods/describe-vendor.ts';
import type { Entity } from '../../packages/substrate/src/vendor/define-entity.ts';
import type { Vendor } from '../../packages/substrate/src/vendor/define-vendor.ts';
import { deltaLists } from '../../packages/substrate/src/vendor/feed-lists.ts';
import { sampleValues } from './sample-value.ts';

/** What a vendor's description says of itself to somebody who compares vendors. Words for people, in the order of the description. */
export interface VendorFacts {
  readonly signIn: readonly string[];
  readonly paging: readonly string[];
  /** Undefined: every night reads everything. */
  readonly delta: string | undefined;
  /** Entity types. */
  readonly writeBack: readonly string[];
}

/** Pure. Asks the description's own functions, with made-up settings and credentials. */
export function readVendorFacts(vendor: Vendor): VendorFacts {
  const connection = sampleConnection(vendor);
  return {
    signIn: distinct(authStylesOf(vendor, connection).map((kind) => signInNames[kind])),
    paging: distinct(pagingKindsOf(vendor, connection).map((kind) => pagingNames[kind])),
    delta: describeFeed(vendor, connection),
    writeBack: vendor.entities.flatMap(({ entityType, write }) => (write === undefined ? [] : [entityType])),
  };
}

const signInNames: Readonly<Record<AuthStyle['kind'], string>> = {
  none: 'none',
  bearer: 'bearer token',
  basic: 'Basic',
  apiKey: 'API key',
  oauth1: 'OAuth 1.0a',
  oauth2ClientCredentials: 'OAuth 2 client credentials',
  refreshToken: 'OAuth 2 refresh token',
  jwtBearer: 'signed JWT for a token',
  tokenExchange: 'key for a token',
};

const pagingNames: Readonly<Record<Paging['kind'], string>> = {
  single: 'whole lists',
  offset: 'offset',
  link: 'Link header',
  bodyLink: 'link in the answer',
  token: 'page token',
};

function authStylesOf({ id, api }: Vendor, connection: unknown): readonly AuthStyle['kind'][] {
  return sampleValues(toJsonSchema(api.credential)).map((sample) => {
    try {
      return api.authorize(parsedOr(api.credential, sample), connection as never).kind;
    } catch (cause) {
      throw new Error(`${id}: authorize does not take a credential of the shape of its own schema`, {
        cause,
      });
    }
  });
}

function pagingKindsOf({ api, entities }: Vendor, connection: unknown): readonly Paging['kind'][] {
  return [api.paging.kind, ...entities.flatMap((entity) => ownPaging(entity, connection))];
}

/** Of lists that are cut in another way than the vendor's others. */
function ownPaging({ collection, lists, within }: Entity, connection: unknown): readonly Paging['kind'][] {
  const names = lists?.(connection) ?? [''];
  const collections = names.map((name) =>
    within === undefined ? collection(connection, name) : collection(connection, 'sample', name),
  );
  return collections.flatMap(({ paging }) => (paging === undefined ? [] : [paging.kind]));
}

function describeFeed({ api, feed, entities }: Vendor, connection: unknown): string | undefined {
  if (feed === undefined) return undefined;
  const { since, latest } = feed;
  if (since === undefined) return 'nights without news are skipped';
  const told = entities.flatMap((entity) => {
    const lists = deltaLists({ feed }, entity, { from: '1', to: '2' }, connection);
    return lists === undefined ? [] : [lists];
  });
  const isQueue = latest === undefined || told.some((lists) => lists.some(({ isConsumed }) => isConsumed));
  const kind = isQueue ? 'queue of changes' : 'changes since';
  // What has to be asked first is not known here.
  if (api.discover !== undefined) return kind;
  const share = told.length === entities.length ? 'all' : `${told.length} of ${entities.length}`;
  return `${kind}, ${share} entity types`;
}

function sampleConnection({ api }: Vendor): unknown {
  const [sample = {}] = sampleValues(toJsonSchema(api.connection));
  return parsedOr(api.connection, sample);
}

/** Where a schema is stricter than its JSON Schema says, the sample itself is good enough for functions that only put texts together. */
function parsedOr(schema: Vendor['api']['credential'], sample: JsonValue): unknown {
  const parsed = schema.safeParse(sample);
  return parsed.success ? parsed.data : sample;
}

function distinct(words: readonly string[]): readonly string[] {
  return [...new Set(words)];
}
