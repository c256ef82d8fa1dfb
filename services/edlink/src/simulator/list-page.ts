import type { JsonObject } from '@flotilla/substrate/json/json-value';
import {
  isProblem,
  type SimulatedRequest,
  type SimulatedResponse,
  type VendorProblem,
} from '@flotilla/substrate/testing/simulator/exchange';
import { checkNames, wholeNumber } from '@flotilla/substrate/testing/simulator/read-query';
import type { Cursors } from './cursors.ts';
import { isUuid, nilId } from './edlink-id.ts';
import { parseFilter } from './filter.ts';
import { envelop, refuse, type Warning } from './refusal.ts';
import { textOf } from './text-of.ts';

export interface ListOptions {
  readonly cursors: Cursors;
  /** Members that a record shows, changed for the path's sake or expanded. */
  readonly show: (record: JsonObject, expansions: readonly string[]) => JsonObject;
  /** Names that `$expand` may have. */
  readonly expandable?: readonly string[];
  /** No page is longer, whatever is asked for: Edlink itself gives what is asked, an LMS behind it may give less. */
  readonly longest?: number | undefined;
  /** `$first` must not be more. */
  readonly most: number;
  /** Whether an id that nobody has any more may be named: no, in the log of events. */
  readonly isLog?: boolean;
}

const parameters = [
  '$first',
  '$last',
  '$after',
  '$before',
  '$cursor',
  '$fields',
  '$expand',
  '$filter',
  '$idempotency',
];

/** A page of a list, which stands in order of ids (events: in order of time), by Edlink's ways to say which. */
export function listPage(
  request: SimulatedRequest,
  list: readonly JsonObject[],
  options: ListOptions,
): SimulatedResponse | VendorProblem {
  const strange = checkNames(request.query, parameters);
  if (strange !== undefined) return { ...strange, code: 'INVALID_PARAMETER' };
  const continued = continueFrom(request, options.cursors);
  if (isProblem(continued)) return continued;
  const { query, warnings } = continued;
  const keeps = parseFilter(query.get('$filter'));
  if (typeof keeps !== 'function') return keeps;
  const isReverse = query.has('$last');
  const size = wholeNumber(query, isReverse ? '$last' : '$first', {
    fallback: 100,
    least: 1,
    most: options.most,
  });
  if (typeof size !== 'number') return { ...size, code: 'INVALID_PAGE_SIZE' };
  const ordered = (isReverse ? list.toReversed() : list).filter(keeps);
  const start = startOf(ordered, query, isReverse, options);
  if (typeof start !== 'number') return start;
  const end = start + Math.min(size, options.longest ?? size);
  const records = ordered.slice(start, end);
  const last = records.at(-1)?.id;
  const asked = split(query.get('$expand'));
  const unknown = asked.filter((name) => options.expandable?.includes(name) !== true);
  const fields = split(query.get('$fields'));
  const all: Warning[] = [
    ...warnings,
    ...unknown.map((name) => ({ code: 'INVALID_EXPANSION', message: `${name} cannot be expanded` })),
  ];
  const next =
    end < ordered.length && typeof last === 'string'
      ? options.cursors.seal({ query: withAfter(query, last), path: request.path })
      : undefined;
  const link =
    next === undefined ? undefined : `${request.origin}${request.path}?$cursor=${encodeURIComponent(next)}`;
  return {
    status: 200,
    page: {
      records: records.map((record) => pick(options.show(record, asked), fields)),
      next,
      wrap: (shown) => envelop([...shown], all, link),
    },
  };
}

/** What a cursor remembers of the first request, which overrides what is said beside it. */
function continueFrom(
  request: SimulatedRequest,
  cursors: Cursors,
): { readonly query: URLSearchParams; readonly warnings: readonly Warning[] } | VendorProblem {
  const cursor = request.query.get('$cursor');
  if (cursor === null) return { query: request.query, warnings: [] };
  const content = cursors.unseal(cursor);
  if (typeof content === 'string' || content.path !== request.path) {
    const why = content === 'expired' ? 'expired two hours after it was given' : 'is not one of ours';
    return refuse('INVALID_CURSOR', `The cursor ${why}`);
  }
  const ignored = [...request.query.keys()].some((name) => name !== '$cursor');
  const warnings = ignored
    ? [{ code: 'PAGING_IGNORED', message: '$cursor overrides all other parameters' }]
    : [];
  return { query: new URLSearchParams(textOf(content.query)), warnings };
}

function withAfter(query: URLSearchParams, last: string): string {
  const next = new URLSearchParams(query);
  next.set('$after', last);
  return next.toString();
}

/** Where the page begins: an id that is gone since still has its place in the order of ids. */
function startOf(
  ordered: readonly JsonObject[],
  query: URLSearchParams,
  isReverse: boolean,
  { isLog = false }: ListOptions,
): number | VendorProblem {
  const after = query.get('$after');
  const before = query.get('$before');
  const mark = after ?? before;
  if (mark === null || mark === nilId) return 0;
  if (!isUuid(mark)) return refuse('INVALID_UUID', `${mark} is not a UUID`);
  const at = ordered.findIndex(({ id }) => id === mark);
  if (at === -1 && isLog) return refuse('INVALID_CURSOR', 'The event is not kept any more');
  if (before !== null && after === null) return Math.max(0, at - Number(query.get('$first') ?? 100));
  if (at !== -1) return at + 1;
  const beyond = ordered.findIndex(({ id }) => (isReverse ? textOf(id) < mark : textOf(id) > mark));
  return beyond === -1 ? ordered.length : beyond;
}

function split(text: string | null): readonly string[] {
  return (text ?? '').split(',').filter((name) => name !== '');
}

function pick(record: JsonObject, fields: readonly string[]): JsonObject {
  if (fields.length === 0) return record;
  return Object.fromEntries(Object.entries(record).filter(([name]) => fields.includes(name)));
}
