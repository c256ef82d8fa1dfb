import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import type { SimulatedRequest, SimulatedResponse } from '@flotilla/substrate/testing/simulator/exchange';
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
  const headers: Record<string, string> = {};
  if (!quirks.has('no-total-count')) headers['X-Total-Count'] = String(records.length);
  const link = linkHeader(request, { limit, offset, total: records.length }, quirks);
  if (!quirks.has('no-link') && link !== '') headers.Link = link;
  return {
    status: 200,
    headers,
    page: {
      records: records.slice(offset, offset + limit).map((record) => selectFields(render(record), fields)),
      wrap: (page): JsonValue => ({ [collection.name]: page, ...warning }),
    },
  };
}

/** Pure. A provider may cap the limit without a word. */
export function effectiveLimit(limit: number, quirks: ReadonlySet<Quirk>): number {
  return quirks.has('cap-limit=100') ? Math.min(limit, 100) : limit;
}

interface Range {
  readonly limit: number;
  readonly offset: number;
  readonly total: number;
}

function linkHeader(
  request: SimulatedRequest,
  { limit, offset, total }: Range,
  quirks: ReadonlySet<Quirk>,
): string {
  // An unencrypted, internal address: what a provider behind a proxy believes to be its own.
  const origin = quirks.has('link-http') ? 'http://oneroster.internal:8080' : request.origin;
  const links: string[] = [];
  function add(rel: string, at: number): void {
    const query = new URLSearchParams(request.rawQuery);
    query.set('limit', String(limit));
    query.set('offset', String(at));
    // Blanks as %20: a plus would be read as itself by clients that sign what they got.
    const url = `${origin}${request.path}?${query.toString().replaceAll('+', '%20')}`;
    links.push(quirks.has('link-bare') ? `${url}; rel="${rel}"` : `<${url}>; rel="${rel}"`);
  }
  if (offset + limit < total) add('next', offset + limit);
  if (total > 0) add('last', Math.floor((total - 1) / limit) * limit);
  add('first', 0);
  if (offset > 0) add('prev', Math.max(0, offset - limit));
  return links.join(', ');
}

function rotate<T>(list: readonly T[], by: number): readonly T[] {
  if (list.length === 0) return list;
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
