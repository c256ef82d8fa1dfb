import { parseLinks } from './link-header.ts';
import { advanceOffset } from './offset-page.ts';
import type { BodyLinkPaging, LinkPaging, PageCursor, PageEvidence, Paging, TokenPaging } from './paging.ts';
import { astray, type NextPage, parseCount, type ReceivedPage } from './received-page.ts';
import { resolveSameOrigin } from './request-url.ts';

/** Where to read on after a page, and what the page says about the list's end. Throws `vendor_answer_invalid` for what leads astray. */
export function findNextPage(paging: Paging, cursor: PageCursor | null, page: ReceivedPage): NextPage {
  const evidence = { records: page.records.length, ...readTotal(paging, page) };
  switch (paging.kind) {
    case 'single':
      return { cursor: null, evidence: { ...evidence, endMarker: 'single-page' } };
    case 'link':
      return followLink(paging, linkInHeader(page), page, evidence);
    case 'bodyLink':
      return followLink(paging, textOrNothing(paging.nextIn(page.json), 'link'), page, evidence);
    case 'token':
      return passToken(paging, cursor, page, evidence);
    case 'offset':
      if (cursor?.kind !== 'offset') throw new RangeError('An offset list begins with an offset');
      return advanceOffset(paging, cursor, page, { ...evidence, offset: cursor.offset });
  }
}

function linkInHeader({ headers }: ReceivedPage): string | undefined {
  const links = parseLinks(headers.link);
  if (links === undefined && (headers.link ?? '').trim() !== '') {
    throw astray('The vendor sends a Link header that cannot be read', 'link_unreadable');
  }
  return links?.next;
}

function followLink(
  { kind }: LinkPaging | BodyLinkPaging,
  link: string | undefined,
  { base, url, records }: ReceivedPage,
  evidence: PageEvidence,
): NextPage {
  if (link === undefined) return { cursor: null, evidence: { ...evidence, endMarker: 'no-next-link' } };
  const next = resolveSameOrigin(base, url, link);
  const target = next.pathname + next.search;
  if (target !== url.pathname + url.search) return { cursor: { kind, target }, evidence };
  if (records.length > 0) {
    throw astray("The vendor's next link leads to the same page", 'link_does_not_advance');
  }
  // Some link on from an empty page at times; one that stays where it is can only be the end.
  return { cursor: null, evidence: { ...evidence, endMarker: 'empty-page' } };
}

function passToken(
  { tokenIn }: TokenPaging,
  cursor: PageCursor | null,
  { json, headers, records }: ReceivedPage,
  evidence: PageEvidence,
): NextPage {
  const token = textOrNothing(tokenIn(json, headers), 'token');
  if (token === undefined) return { cursor: null, evidence: { ...evidence, endMarker: 'no-next-token' } };
  if (cursor?.kind !== 'token' || cursor.token !== token)
    return { cursor: { kind: 'token', token }, evidence };
  if (records.length > 0) {
    throw astray("The vendor's next token leads to the same page", 'token_does_not_advance');
  }
  return { cursor: null, evidence: { ...evidence, endMarker: 'empty-page' } };
}

/** A vendor's function may have passed on whatever stood there. */
function textOrNothing(found: unknown, what: 'link' | 'token'): string | undefined {
  if (found === undefined || found === null || found === '') return undefined;
  if (typeof found === 'string') return found;
  throw astray(`The vendor's next ${what} is not a text`, `${what}_unreadable`);
}

function readTotal(paging: Paging, { headers, json }: ReceivedPage): { total?: number } {
  if (paging.kind === 'single') return {};
  const { totalHeader, totalIn } = paging;
  const total = parseCount(headers[totalHeader?.toLowerCase() ?? '']) ?? totalIn?.(json);
  return total === undefined || !(Number.isSafeInteger(total) && total >= 0) ? {} : { total };
}
