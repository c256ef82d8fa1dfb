import { Failure } from '../failure/failure.ts';
import { digestText } from '../json/digest.ts';
import type { JsonValue } from '../json/json-value.ts';
import { parseLinks } from './link-header.ts';
import type { EndMarker, LinkPaging, OffsetPaging, PageCursor, PageEvidence, Paging } from './paging.ts';
import { resolveSameOrigin } from './request-url.ts';

/** A page as it came. `url`: where from. */
export interface ReceivedPage {
  readonly base: URL;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly records: readonly JsonValue[];
}

export interface NextPage {
  /** Null: this was the last page, and `evidence.endMarker` says why. */
  readonly cursor: PageCursor | null;
  readonly evidence: PageEvidence;
}

/** The cursor a list starts with, and the check that paging makes sense and a stored cursor belongs to it. Throws `invalid_params`. */
export function resumeAt(paging: Paging, cursor: PageCursor | null): PageCursor | null {
  if (cursor !== null && cursor.kind !== paging.kind) {
    throw new Failure('invalid_params', 'The page cursor is of another paging style', {
      data: { cursor: cursor.kind, paging: paging.kind },
    });
  }
  if (paging.kind === 'offset' && !(Number.isInteger(paging.pageSize) && paging.pageSize >= 1)) {
    throw new Failure('invalid_params', 'A page size is a whole number from 1', {
      data: { pageSize: paging.pageSize },
    });
  }
  return cursor ?? (paging.kind === 'offset' ? { kind: 'offset', offset: 0, limit: paging.pageSize } : null);
}

/** Where to read on after a page, and what the page says about the list's end. Throws `vendor_answer_invalid` for a next link that leads astray. */
export function findNextPage(paging: Paging, cursor: PageCursor | null, page: ReceivedPage): NextPage {
  if (paging.kind === 'link') return followLink(paging, page);
  if (paging.kind === 'offset' && cursor?.kind === 'offset') return advanceOffset(paging, cursor, page);
  return { cursor: null, evidence: { records: page.records.length, endMarker: 'single-page' } };
}

function followLink({ totalHeader }: LinkPaging, { base, url, headers, records }: ReceivedPage): NextPage {
  const evidence = { records: records.length, ...readTotal(headers, totalHeader) };
  const links = parseLinks(headers.link);
  if (links === undefined && (headers.link ?? '').trim() !== '') {
    throw astray('The vendor sends a Link header that cannot be read', 'link_unreadable');
  }
  if (links?.next === undefined)
    return { cursor: null, evidence: { ...evidence, endMarker: 'no-next-link' } };
  const next = resolveSameOrigin(base, url, links.next);
  const target = next.pathname + next.search;
  if (target === url.pathname + url.search) {
    throw astray("The vendor's next link leads to the same page", 'link_does_not_advance');
  }
  return { cursor: { kind: 'link', target }, evidence };
}

type OffsetCursor = Extract<PageCursor, { kind: 'offset' }>;

function advanceOffset(paging: OffsetPaging, cursor: OffsetCursor, page: ReceivedPage): NextPage {
  const { offset, limit } = cursor;
  const count = page.records.length;
  const evidence = { records: count, offset, ...readTotal(page.headers, paging.totalHeader) };
  const links = parseLinks(page.headers.link);
  const { total } = evidence;

  function end(endMarker: EndMarker): NextPage {
    return { cursor: null, evidence: { ...evidence, endMarker } };
  }

  function goOn(next: number, size = limit, previous?: string): NextPage {
    const known = previous === undefined ? {} : { previous };
    return { cursor: { kind: 'offset', offset: next, limit: size, ...known }, evidence };
  }

  if (links?.next !== undefined) {
    const linked = readLink(paging, page, links.next, cursor);
    if (count > 0) {
      // Never past what came: providers that cap pages silently compute the link from the limit that was asked.
      return goOn(Math.min(linked.offset ?? offset + count, offset + count), linked.limit);
    }
    // An empty page in mid-list: some providers filter after they have cut the pages. Only a total says that more follows.
    if (total !== undefined && offset < total && linked.offset !== undefined)
      return goOn(linked.offset, linked.limit);
    return end('empty-page');
  }
  if (total !== undefined && offset + count >= total) return end('total-reached');
  if (count === 0) return end('empty-page');
  if (total !== undefined) return goOn(offset + count);
  if (links !== undefined) return end('no-next-link');
  return count < limit && paging.shortPageEnds === true ? end('short-page') : probe(cursor, page, goOn, end);
}

/** Neither links nor a total: read on until nothing comes, and notice a vendor that ignores the offset. */
function probe(
  { offset, limit, previous }: OffsetCursor,
  { records }: ReceivedPage,
  goOn: (next: number, size: number, previous: string) => NextPage,
  end: (endMarker: EndMarker) => NextPage,
): NextPage {
  const digest = digestText(JSON.stringify(records));
  if (digest !== previous) return goOn(offset + records.length, limit, digest);
  if (records.length < limit) return end('repeated-page');
  throw astray('The vendor sends the same full page again and again', 'offset_ignored');
}

/** Only offset and limit of the link: its scheme and host are often those of a server behind the provider's proxy. */
function readLink(
  { offsetParameter, limitParameter }: OffsetPaging,
  { url }: ReceivedPage,
  link: string,
  { offset, limit }: OffsetCursor,
): { readonly offset?: number; readonly limit: number } {
  const query = URL.parse(link, url.href)?.searchParams;
  const linkedOffset = parseCount(query?.get(offsetParameter));
  const linkedLimit = parseCount(query?.get(limitParameter)) ?? limit;
  if (linkedOffset === undefined) return { limit };
  if (linkedOffset <= offset) {
    throw astray("The vendor's next link leads back", 'link_does_not_advance');
  }
  return { offset: linkedOffset, limit: linkedLimit > 0 ? linkedLimit : limit };
}

function readTotal(headers: Readonly<Record<string, string>>, name: string | undefined): { total?: number } {
  const total = parseCount(name === undefined ? undefined : headers[name.toLowerCase()]);
  return total === undefined ? {} : { total };
}

function parseCount(text: string | null | undefined): number | undefined {
  return /^\s*\d{1,15}\s*$/.test(text ?? '') ? Number(text) : undefined;
}

function astray(message: string, problem: string): Failure {
  return new Failure('vendor_answer_invalid', message, { data: { problem } });
}
