import { Failure } from '../failure/failure.ts';
import type { PageCursor, Paging } from './paging.ts';
import { buildUrl, resolveSameOrigin } from './request-url.ts';
import type { PageRequest, Query } from './vendor-client.ts';

/** The cursor a list starts with, and the check that paging makes sense and a stored cursor belongs to it. Throws `invalid_params`. */
export function resumeAt(paging: Paging, cursor: PageCursor | null): PageCursor | null {
  if (cursor !== null && cursor.kind !== paging.kind) {
    throw new Failure('invalid_params', 'The page cursor is of another paging style', {
      data: { cursor: cursor.kind, paging: paging.kind },
    });
  }
  const size = paging.kind === 'single' ? undefined : paging.pageSize;
  if (size !== undefined && !(Number.isInteger(size) && size >= 1)) {
    throw new Failure('invalid_params', 'A page size is a whole number from 1', { data: { pageSize: size } });
  }
  return cursor ?? (paging.kind === 'offset' ? { kind: 'offset', offset: 0, limit: paging.pageSize } : null);
}

/** Pure. Where the page is that a cursor leads to; null: the first. Throws `vendor_answer_invalid` for a link off the origin. */
export function toPageUrl(
  base: URL,
  { path, query }: Pick<PageRequest, 'path' | 'query'>,
  paging: Paging,
  cursor: PageCursor | null,
  otherOrigins: readonly string[] = [],
): URL {
  // A cursor comes out of the store; that it still stays on the origin is checked again.
  if (cursor?.kind === 'link' || cursor?.kind === 'bodyLink')
    return resolveSameOrigin(base, base, cursor.target);
  return buildUrl(base, path, { ...query, ...pagingQuery(paging, cursor) }, otherOrigins);
}

function pagingQuery(paging: Paging, cursor: PageCursor | null): Query {
  if (paging.kind === 'single') return {};
  if (paging.kind === 'offset') {
    if (cursor?.kind !== 'offset') return {};
    return { [paging.limitParameter]: cursor.limit, [paging.offsetParameter]: cursor.offset };
  }
  const { sizeParameter, pageSize } = paging;
  const size = sizeParameter === undefined || pageSize === undefined ? {} : { [sizeParameter]: pageSize };
  // All other parameters stay as they were on every page: Google answers 400 else.
  if (paging.kind === 'token' && cursor?.kind === 'token')
    return { ...size, [paging.tokenParameter]: cursor.token };
  return size;
}
