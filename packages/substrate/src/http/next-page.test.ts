import { describe, expect, test } from 'vitest';
import { findNextPage } from './next-page.ts';
import { resumeAt } from './page-request.ts';
import type { OffsetPaging, PageCursor, Paging } from './paging.ts';

const base = new URL('https://sis.example.com/v1');
const url = new URL('https://sis.example.com/v1/users?limit=3&offset=3');
const offsetPaging: OffsetPaging = {
  kind: 'offset',
  limitParameter: 'limit',
  offsetParameter: 'offset',
  pageSize: 3,
  totalHeader: 'X-Total-Count',
};
const cursor: PageCursor = { kind: 'offset', offset: 3, limit: 3 };

function page(count: number, headers: Record<string, string> = {}) {
  return { base, url, headers, json: {}, records: Array.from({ length: count }, (_, id) => ({ id })) };
}

const next = (offset: number, limit = 3) =>
  `<http://10.0.0.7:8080/v1/users?limit=${limit}&offset=${offset}>; rel="next"`;

describe('offset paging', () => {
  test.each([
    ['the next link, of which only offset and limit count', page(3, { link: next(6) }), 6, undefined],
    [
      'what came, where the link skips over the rest of a capped page',
      page(2, { link: next(6) }),
      5,
      undefined,
    ],
    ['what came, where the link names no offset', page(3, { link: '<?page=2>; rel="next"' }), 6, undefined],
    [
      'the link behind an empty page in mid-list',
      page(0, { link: next(6), 'x-total-count': '9' }),
      6,
      undefined,
    ],
    ['what came, while the total is not reached', page(2, { 'x-total-count': '9' }), 5, undefined],
    [
      'what was asked for, where more came, while the total is not reached',
      page(4, { 'x-total-count': '9' }),
      6,
      undefined,
    ],
    [
      'what came, though there is no next link, while the total is not reached',
      page(3, { 'x-total-count': '9', link: '<x>; rel="first"' }),
      6,
      undefined,
    ],
    ['the end at the total', page(3, { 'x-total-count': '6' }), null, 'total-reached'],
    ['the end beyond the total', page(3, { 'x-total-count': '5' }), null, 'total-reached'],
    ['the end without a next link', page(3, { link: '<x>; rel="first"' }), null, 'no-next-link'],
    ['the end at an empty page', page(0), null, 'empty-page'],
    ['the end at an empty page before the total', page(0, { 'x-total-count': '9' }), null, 'empty-page'],
    ['the end at an empty page though a link goes on', page(0, { link: next(6) }), null, 'empty-page'],
    ['what came, where there is neither link nor total', page(2, { 'x-total-count': 'many' }), 5, undefined],
  ])('goes on at %s', (_, received, offset, endMarker) => {
    const found = findNextPage(offsetPaging, cursor, received);
    expect(found.cursor === null ? null : found.cursor.kind === 'offset' && found.cursor.offset).toBe(offset);
    expect(found.evidence.endMarker).toBe(endMarker);
    expect(found.evidence).toMatchObject({ records: received.records.length, offset: 3 });
  });

  test('takes over a smaller limit from the next link', () => {
    expect(findNextPage(offsetPaging, cursor, page(2, { link: next(5, 2) })).cursor).toEqual({
      kind: 'offset',
      offset: 5,
      limit: 2,
    });
  });

  test('ends with a short page only where the vendor documents it', () => {
    const documented: Paging = { ...offsetPaging, shortPageEnds: true };
    expect(findNextPage(documented, cursor, page(2)).evidence.endMarker).toBe('short-page');
    expect(findNextPage(documented, cursor, page(3)).cursor).not.toBeNull();
  });

  test('tells the claimed total, also where it contradicts the end', () => {
    expect(findNextPage(offsetPaging, cursor, page(0, { 'x-total-count': '9' })).evidence.total).toBe(9);
  });

  test('a short page that comes again is the end for a vendor that ignores the offset', () => {
    const first = findNextPage(offsetPaging, cursor, page(2));
    expect(findNextPage(offsetPaging, first.cursor, page(2)).evidence.endMarker).toBe('repeated-page');
    expect(findNextPage(offsetPaging, first.cursor, page(1)).cursor).not.toBeNull();
  });

  test('a full page that comes again is refused: what lies behind it can never be read', () => {
    const first = findNextPage(offsetPaging, cursor, page(3));
    expect(() => findNextPage(offsetPaging, first.cursor, page(3))).toThrow(
      expect.objectContaining({ code: 'vendor_answer_invalid', data: { problem: 'offset_ignored' } }),
    );
  });

  test.each([3, 0])('a next link that leads back to %i is refused', (offset) => {
    expect(() => findNextPage(offsetPaging, cursor, page(3, { link: next(offset) }))).toThrow(
      expect.objectContaining({ code: 'vendor_answer_invalid', data: { problem: 'link_does_not_advance' } }),
    );
  });
});

describe('link paging', () => {
  const paging: Paging = { kind: 'link', totalHeader: 'total' };

  test('follows the link as it stands, an empty page too, and keeps it without its origin', () => {
    const found = findNextPage(
      paging,
      null,
      page(0, { link: '<https://sis.example.com:443/v1/users?page=bookmark:x%2Fy>; rel="next"', total: '7' }),
    );
    expect(found).toEqual({
      cursor: { kind: 'link', target: '/v1/users?page=bookmark:x%2Fy' },
      evidence: { records: 0, total: 7 },
    });
  });

  test.each([{}, { link: '<https://sis.example.com/1>; rel="first"' }])(
    'ends where no next link comes (%#)',
    (headers: Record<string, string>) => {
      expect(findNextPage(paging, null, page(3, headers))).toEqual({
        cursor: null,
        evidence: { records: 3, endMarker: 'no-next-link' },
      });
    },
  );

  test.each([
    ['to another host', '<https://evil.example.com/v1/users?page=2>; rel="next"', 'link_off_origin'],
    ['to plain http', '<http://sis.example.com/v1/users?page=2>; rel="next"', 'link_off_origin'],
    ['to the same page', `<${url.href}>; rel="next"`, 'link_does_not_advance'],
    ['nowhere that can be read', 'garbage', 'link_unreadable'],
  ])('refuses a link %s', (_, link, problem) => {
    expect(() => findNextPage(paging, null, page(3, { link }))).toThrow(
      expect.objectContaining({ code: 'vendor_answer_invalid', data: expect.objectContaining({ problem }) }),
    );
  });
});

describe('single pages and cursors', () => {
  test('a single page is the last', () => {
    expect(findNextPage({ kind: 'single' }, null, page(3))).toEqual({
      cursor: null,
      evidence: { records: 3, endMarker: 'single-page' },
    });
  });

  test('a cursor of another paging style is refused', () => {
    expect(() => resumeAt({ kind: 'link' }, cursor)).toThrow(
      expect.objectContaining({ code: 'invalid_params' }),
    );
  });

  test.each([0, -1, 1.5, Number.NaN])(
    'a page size of %d is refused: it would read an empty list',
    (pageSize) => {
      expect(() => resumeAt({ ...offsetPaging, pageSize }, null)).toThrow(
        expect.objectContaining({ code: 'invalid_params' }),
      );
    },
  );

  test('a cursor survives a checkpoint', () => {
    const { cursor: stored } = findNextPage(offsetPaging, cursor, page(2));
    expect(resumeAt(offsetPaging, JSON.parse(JSON.stringify(stored)))).toEqual(stored);
  });
});
