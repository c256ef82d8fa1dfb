import { digestText } from '../json/digest.ts';
import { parseLinks } from './link-header.ts';
import type { EndMarker, OffsetPaging, PageCursor, PageEvidence } from './paging.ts';
import { astray, type NextPage, parseCount, type ReceivedPage } from './received-page.ts';

type OffsetCursor = Extract<PageCursor, { kind: 'offset' }>;

/** Pure. The page after one that was read at an offset. */
export function advanceOffset(
  paging: OffsetPaging,
  cursor: OffsetCursor,
  page: ReceivedPage,
  evidence: PageEvidence,
): NextPage {
  const { offset } = cursor;
  const count = page.records.length;
  const maximum = readMaximum(paging, page);
  const limit = Math.min(cursor.limit, maximum);
  const links = parseLinks(page.headers.link);
  const { total } = evidence;

  function end(endMarker: EndMarker): NextPage {
    return { cursor: null, evidence: { ...evidence, endMarker } };
  }

  function goOn(next: number, size = limit, previous?: string): NextPage {
    const known = previous === undefined ? {} : { previous };
    return { cursor: { kind: 'offset', offset: next, limit: Math.min(size, maximum), ...known }, evidence };
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
  // Never past what was asked: a page with a record twice, or one too many, must not push another one out.
  if (total !== undefined) return goOn(offset + Math.min(count, cursor.limit));
  if (links !== undefined) return end('no-next-link');
  return count < limit && paging.shortPageEnds === true
    ? end('short-page')
    : probe({ ...cursor, limit }, page, goOn, end);
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

function readMaximum({ maximumHeader }: OffsetPaging, { headers }: ReceivedPage): number {
  const maximum = parseCount(headers[maximumHeader?.toLowerCase() ?? '']);
  return maximum === undefined || maximum < 1 ? Number.POSITIVE_INFINITY : maximum;
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
