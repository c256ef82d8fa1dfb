import type { Clock } from '../../clock/clock.ts';
import { createAddressGuard } from '../../http/address-guard.ts';
import { buildUrl, parseBaseUrl } from '../../http/request-url.ts';
import type { Transport, TransportRequest, TransportResponse } from '../../http/transport.ts';
import { createUndiciTransport } from '../../http/undici-transport.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { recordsIn } from '../../vendor/collection-request.ts';
import type { Collection } from '../../vendor/define-entity.ts';

/** A request as it left, seen from the client's side of the wire: whatever the simulator made of it. */
export interface SentRequest extends TransportRequest {
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Changes answers on their way; gets the request that was made. */
export type Tamper = (response: TransportResponse, request: TransportRequest) => TransportResponse;

/** A transport that keeps a log of what it sends, and can be told to change what comes back. */
export interface WireTap extends Transport {
  readonly sent: readonly SentRequest[];
  /** The most requests that were ever under way at once. */
  readonly busiest: number;
  /** Until the next call; undefined ends it. */
  tamper(change: Tamper | undefined): void;
}

/** Lets requests go to `allowedHosts` only, as a deployment would. */
export function createWireTap(allowedHosts: readonly string[], clock: Clock): WireTap {
  const transport = createUndiciTransport({
    guard: createAddressGuard(allowedHosts),
    // The total one goes by the clock, on which waiting takes no time; what hangs is ended by the others, in real time.
    timeouts: { connect: 5_000, headers: 250, idle: 250, total: 1e12 },
    maxResponseBytes: 32 * 1024 * 1024,
    connections: 100,
    clock,
  });
  const sent: SentRequest[] = [];
  let change: Tamper | undefined;
  let underWay = 0;
  let busiest = 0;
  return {
    sent,
    get busiest() {
      return busiest;
    },
    tamper(next) {
      change = next;
    },
    async send(request) {
      sent.push({ ...request, at: clock.now() });
      underWay += 1;
      busiest = Math.max(busiest, underWay);
      try {
        const response = await transport.send(request);
        return change?.(response, request) ?? response;
      } finally {
        underWay -= 1;
      }
    },
    close: () => transport.close(),
  };
}

/** Pure. The collection with its path from the origin on, as requests have it: what the base URL has of a path stands before it. */
export function wholePath(collection: Collection, baseUrl: string): Collection {
  const { origin } = new URL(collection.path, baseUrl);
  return { ...collection, path: buildUrl(parseBaseUrl(baseUrl), collection.path, {}, [origin]).pathname };
}

/** Whether a request reads this collection's list, or one of these where each parent has one (`*` in the path). */
export function isListRequest(request: Pick<TransportRequest, 'url'>, collection: Collection): boolean {
  return isListPath(request.url.pathname, collection);
}

/** Pure. Both paths are whole (`wholePath`): the list `/members` is another one than `/groups/x/members`. */
export function isListPath(pathname: string, { path }: Collection): boolean {
  const wanted = path.split('/');
  const found = pathname.split('/');
  return found.length === wanted.length && wanted.every((one, at) => one === '*' || one === found[at]);
}

/**
 * Changes the records of a collection's pages. `page` counts the answers from 1; where each parent has a list, those that hold records. The
 * same request has the same number: two entity types may have a list each that is one at the vendor. `lists`: where each parent has one, all of
 * them, if what they imply is not in their paths.
 */
export function tamperRecords(
  collection: Collection,
  edit: (records: readonly JsonValue[], page: number) => readonly JsonValue[],
  lists: readonly Collection[] = [],
): Tamper {
  let page = 0;
  const numbers = new Map<string, number>();
  return (response, request) => {
    if (!isListRequest(request, collection) || response.status !== 200) return response;
    const json: unknown = JSON.parse(new TextDecoder().decode(response.body));
    const { member, recordMember } = collection;
    const records = member === undefined ? json : isJsonObject(json) ? json[member] : undefined;
    if (!Array.isArray(records)) return response;
    const { href } = request.url;
    if (!numbers.has(href) && (records.length > 0 || !collection.path.includes('*')))
      numbers.set(href, ++page);
    const its = lists.find((list) => isListRequest(request, list));
    const implied = its?.implied ?? impliedBy(request, collection);
    const changed = edit(recordsIn(json as JsonValue, { ...collection, implied }), numbers.get(href) ?? page);
    const kept = recordMember === undefined ? changed : changed.map((record) => ({ [recordMember]: record }));
    const edited = member === undefined ? kept : { ...(json as JsonObject), [member]: kept };
    return { ...response, body: new TextEncoder().encode(JSON.stringify(edited)) };
  };
}

/** What a list's own path says of its records, where the pattern of all such lists says `*`: in the order of the path. */
function impliedBy({ url }: TransportRequest, { path, implied = {} }: Collection): JsonObject {
  const wanted = path.split('/');
  const found = url.pathname.split('/');
  const said = found.filter((_, at) => wanted[at] === '*').map(decodeURIComponent);
  return Object.fromEntries(
    Object.entries(implied).map(([name, value]) => [name, value === '*' ? (said.shift() ?? value) : value]),
  );
}
