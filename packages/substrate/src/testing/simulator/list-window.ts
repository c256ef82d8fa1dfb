import type { SimulatedRequest } from './exchange.ts';

/** A part of a list, and where the parts around it begin. */
export interface ListWindow<T> {
  readonly records: readonly T[];
  /** Of the whole list. */
  readonly total: number;
  /** The position of the first record; from 0. */
  readonly offset: number;
  /** The offset or id with which the next part is asked for; undefined on the last. */
  readonly next: string | undefined;
  readonly previous: string | undefined;
}

/** Pure. `offset` and `limit`; `next` and `previous` are offsets. */
export function offsetWindow<T>(
  list: readonly T[],
  { offset, limit }: { readonly offset: number; readonly limit: number },
): ListWindow<T> {
  return {
    records: list.slice(offset, offset + limit),
    total: list.length,
    offset,
    next: offset + limit < list.length ? String(offset + limit) : undefined,
    previous: offset > 0 ? String(Math.max(0, offset - limit)) : undefined,
  };
}

export interface IdRange {
  /** The id after which the part begins (`starting_after`, `$after`). */
  readonly after?: string | undefined;
  /** The id before which it ends (`ending_before`, `$before`); not together with `after`. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Pure. Parts named by the id next to them; `next` is the last id of this one, `previous` its first. Undefined where nobody has the id. */
export function idWindow<T>(
  list: readonly T[],
  idOf: (record: T) => string,
  { after, before, limit }: IdRange,
): ListWindow<T> | undefined {
  const mark = after ?? before;
  const at = mark === undefined ? -1 : list.findIndex((record) => idOf(record) === mark);
  if (mark !== undefined && at === -1) return undefined;
  const start = before === undefined ? at + 1 : Math.max(0, at - limit);
  const end = before === undefined ? start + limit : at;
  const records = list.slice(start, end);
  const first = records[0];
  const last = records.at(-1);
  return {
    records,
    total: list.length,
    offset: start,
    next: end < list.length && last !== undefined ? idOf(last) : undefined,
    previous: start > 0 && first !== undefined ? idOf(first) : undefined,
  };
}

/** Pure. The request's own address with some parameters changed (undefined: left out); `path` alone without the origin. */
export function linkTo(
  request: Pick<SimulatedRequest, 'origin' | 'path' | 'rawQuery'>,
  changed: Readonly<Record<string, string | undefined>>,
  origin = request.origin,
): string {
  const query = new URLSearchParams(request.rawQuery);
  for (const [name, value] of Object.entries(changed)) {
    if (value === undefined) query.delete(name);
    else query.set(name, value);
  }
  // Blanks as %20: a plus would be read as itself by clients that sign what they got.
  return `${origin}${request.path}?${query.toString().replaceAll('+', '%20')}`;
}

/** Pure. A `Link` header (RFC 8288) of those relations that there are; undefined where there are none. */
export function linkHeader(links: Readonly<Record<string, string | undefined>>): string | undefined {
  const parts = Object.entries(links).flatMap(([rel, url]) =>
    url === undefined ? [] : [`<${url}>; rel="${rel}"`],
  );
  return parts.length === 0 ? undefined : parts.join(', ');
}
