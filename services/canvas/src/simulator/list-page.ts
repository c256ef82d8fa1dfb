import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import type {
  SimulatedRequest,
  SimulatedResponse,
  VendorProblem,
} from '@flotilla/substrate/testing/simulator/exchange';
import { linkHeader, linkTo } from '@flotilla/substrate/testing/simulator/list-window';
import { checkNames } from '@flotilla/substrate/testing/simulator/read-query';
import type { SealedCursors } from '@flotilla/substrate/testing/simulator/sealed-cursors';
import { compareIds } from './canvas-id.ts';
import { showRecord } from './show-record.ts';
import { textOf } from './text-of.ts';

export interface ListOptions {
  readonly cursors: SealedCursors;
  /** Query parameters that the list knows, besides those of paging. */
  readonly known?: readonly string[];
  /** Those that may be given several times: `state[]`. */
  readonly lists?: readonly string[];
  /** Whether pages are told by a bookmark of the last id, as long lists are, instead of by their number. */
  readonly isBookmarked?: boolean;
  /** Where the list stands in an object. */
  readonly member?: string;
  /** Whether the next page is told in the answer, as in an older way, instead of in the header. */
  readonly tellsInBody?: boolean;
}

const mostPerPage = 100;

/** A page of a list in order of ids, with links to the ones around it, which say all that a request for them needs. */
export function listPage(
  request: SimulatedRequest,
  list: readonly JsonObject[],
  options: ListOptions,
): SimulatedResponse | VendorProblem {
  const { query } = request;
  const strange = checkNames(query, ['page', 'per_page', ...(options.known ?? [])], options.lists);
  if (strange !== undefined) return strange;
  // What is no number, or too large, is corrected without a word.
  const asked = Number.parseInt(query.get('per_page') ?? '', 10);
  const size = Math.min(asked > 0 ? asked : 10, mostPerPage);
  const ordered = list.toSorted((a, b) => compareIds(textOf(a.id), textOf(b.id)));
  const start = startOf(ordered, query.get('page'), size, options);
  if (start === undefined) return { status: 400, description: 'page is none that this list has linked to' };
  const records = ordered.slice(start, start + size);
  const isLast = start + size >= ordered.length;
  const next = isLast ? undefined : nextPage(records, start / size + 2, options);
  const links = linksOf(request, { size, start, next, total: ordered.length }, options);
  const { member, tellsInBody = false } = options;
  const meta = { pagination: { per_page: size, ...(links.next === undefined ? {} : { next: links.next }) } };
  return {
    status: 200,
    headers: tellsInBody ? {} : { Link: linkHeader(links) ?? '' },
    page: {
      records: records.map((record) => showRecord(request, record)),
      next,
      wrap: (shown): JsonValue => {
        if (member === undefined) return [...shown];
        return { [member]: [...shown], ...(tellsInBody ? { meta } : {}) };
      },
    },
  };
}

/** Undefined for a page that no link leads to. */
function startOf(
  ordered: readonly JsonObject[],
  page: string | null,
  size: number,
  { isBookmarked = false, cursors }: ListOptions,
): number | undefined {
  if (page === null || page === 'first') return 0;
  if (!isBookmarked) return /^[1-9]\d{0,8}$/.test(page) ? (Number(page) - 1) * size : undefined;
  const content = page.startsWith('bookmark:') ? cursors.unseal(page.slice(9)) : 'unknown';
  if (typeof content === 'string') return undefined;
  // Whoever it names may be gone since; their place in the order is not.
  const beyond = ordered.findIndex(({ id }) => compareIds(textOf(id), textOf(content.after)) > 0);
  return beyond === -1 ? ordered.length : beyond;
}

function nextPage(
  records: readonly JsonObject[],
  number: number,
  { isBookmarked = false, cursors }: ListOptions,
): string {
  return isBookmarked ? `bookmark:${cursors.seal({ after: records.at(-1)?.id ?? null })}` : textOf(number);
}

interface Place {
  readonly size: number;
  readonly start: number;
  readonly next: string | undefined;
  readonly total: number;
}

function linksOf(
  request: SimulatedRequest,
  { size, start, next, total }: Place,
  { isBookmarked = false }: ListOptions,
): Readonly<Record<string, string | undefined>> {
  const to = (page: string) => linkTo(request, { page, per_page: textOf(size) });
  const current = request.query.get('page');
  const first = isBookmarked ? 'first' : '1';
  const ahead = { current: to(current ?? first), next: next === undefined ? undefined : to(next) };
  // How long a bookmarked list is would be too costly to say, and the way back is not known.
  if (isBookmarked) return { ...ahead, first: to(first) };
  return {
    ...ahead,
    prev: start === 0 ? undefined : to(textOf(start / size)),
    first: to(first),
    last: to(textOf(Math.max(1, Math.ceil(total / size)))),
  };
}
