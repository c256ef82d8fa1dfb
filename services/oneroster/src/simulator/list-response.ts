import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import type { SimulatedRequest, SimulatedResponse } from '@flotilla/substrate/testing/simulator/exchange';
import {
  type ListWindow,
  linkHeader,
  linkTo,
  offsetWindow,
} from '@flotilla/substrate/testing/simulator/list-window';
import { matchesFilter } from './filter.ts';
import { type ListQuery, selectFields, sortRecords } from './list-query.ts';
import type { Quirk } from './quirks.ts';
import type { Collection } from './wire-fields.ts';

export interface ListResponseOptions {
  readonly collection: Collection;
  readonly quirks: ReadonlySet<Quirk>;
  readonly render: (record: JsonObject) => JsonObject;
  /** How many list requests came before: what `reorder-pages` turns the order by. */
  readonly turn: number;
}

/** Pure. One page of a list with `X-Total-Count` and `Link`, or with what the quirks make of them. */
export function listResponse(
  request: SimulatedRequest,
  found: readonly JsonObject[],
  query: ListQuery,
  options: ListResponseOptions,
): SimulatedResponse {
  const { collection, quirks, render } = options;
  const { filter, sort, offset, fields, warning } = query;
  const limit = effectiveLimit(query.limit, quirks);
  let records = found;
  if (filter !== undefined) records = records.filter((record) => matchesFilter(filter, record));
  if (sort !== undefined) records = sortRecords(records, sort);
  else if (quirks.has('reorder-pages')) records = rotate(records, options.turn * 3);
  const window = offsetWindow(records, { offset, limit });
  const headers: Record<string, string> = {};
  if (!quirks.has('no-total-count')) headers['X-Total-Count'] = String(window.total);
  if (!quirks.has('no-link')) headers.Link = linksOf(request, window, limit, quirks);
  return {
    status: 200,
    headers,
    page: {
      records: window.records.map((record) => selectFields(render(record), fields)),
      wrap: (page): JsonValue => ({ [collection.name]: page, ...warning }),
    },
  };
}

/** Pure. A provider may cap the limit without a word. */
export function effectiveLimit(limit: number, quirks: ReadonlySet<Quirk>): number {
  return quirks.has('cap-limit=100') ? Math.min(limit, 100) : limit;
}

function linksOf(
  request: SimulatedRequest,
  { next, previous, total }: ListWindow<JsonObject>,
  limit: number,
  quirks: ReadonlySet<Quirk>,
): string {
  // An unencrypted, internal address: what a provider behind a proxy believes to be its own.
  const origin = quirks.has('link-http') ? 'http://oneroster.internal:8080' : request.origin;
  const to = (offset: string | undefined) =>
    offset === undefined ? undefined : linkTo(request, { limit: String(limit), offset }, origin);
  const last = total > 0 ? String(Math.floor((total - 1) / limit) * limit) : undefined;
  const header = linkHeader({ next: to(next), last: to(last), first: to('0'), prev: to(previous) }) ?? '';
  return quirks.has('link-bare') ? header.replaceAll(/[<>]/g, '') : header;
}

function rotate<T>(list: readonly T[], by: number): readonly T[] {
  if (list.length === 0) return list;
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
