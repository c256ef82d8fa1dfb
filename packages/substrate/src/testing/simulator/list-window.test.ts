import { describe, expect, test } from 'vitest';
import { createManualClock } from '../../clock/clock.manual.ts';
import { idWindow, linkHeader, linkTo, offsetWindow } from './list-window.ts';
import { createSealedCursors } from './sealed-cursors.ts';

const list = ['a', 'b', 'c', 'd', 'e'];
const self = (id: string) => id;

describe('a window on a list', () => {
  test.each([
    [{ offset: 0, limit: 2 }, ['a', 'b'], '2', undefined],
    [{ offset: 2, limit: 2 }, ['c', 'd'], '4', '0'],
    [{ offset: 4, limit: 2 }, ['e'], undefined, '2'],
    [{ offset: 3, limit: 2 }, ['d', 'e'], undefined, '1'],
    [{ offset: 9, limit: 2 }, [], undefined, '7'],
    [{ offset: 1, limit: 9 }, ['b', 'c', 'd', 'e'], undefined, '0'],
  ])('of offset and limit %j has its records and its neighbours', (range, records, next, previous) => {
    expect(offsetWindow(list, range)).toEqual({ records, next, previous, total: 5, offset: range.offset });
  });

  test.each([
    [{ limit: 2 }, ['a', 'b'], 'b', undefined],
    [{ after: 'b', limit: 2 }, ['c', 'd'], 'd', 'c'],
    [{ after: 'd', limit: 2 }, ['e'], undefined, 'e'],
    [{ after: 'e', limit: 2 }, [], undefined, undefined],
    [{ before: 'd', limit: 2 }, ['b', 'c'], 'c', 'b'],
    [{ before: 'b', limit: 2 }, ['a'], 'a', undefined],
    [{ before: 'a', limit: 2 }, [], undefined, undefined],
  ])('of ids %j has its records and its neighbours', (range, records, next, previous) => {
    const window = idWindow(list, self, range);
    expect([window?.records, window?.next, window?.previous]).toEqual([records, next, previous]);
  });

  test('of an id that nobody has is none', () => {
    expect(idWindow(list, self, { after: 'z', limit: 2 })).toBeUndefined();
    expect(idWindow(list, self, { before: 'z', limit: 2 })).toBeUndefined();
  });
});

test('a link keeps the parameters of its request, but those that are changed', () => {
  const request = { origin: 'http://h', path: '/users', rawQuery: 'q=a+b&page=1' };
  expect(linkTo(request, { page: '2' })).toBe('http://h/users?q=a%20b&page=2');
  expect(linkTo(request, { page: undefined, cursor: 'x' }, '')).toBe('/users?q=a%20b&cursor=x');
  expect(linkHeader({ next: 'u', prev: undefined, last: 'v' })).toBe('<u>; rel="next", <v>; rel="last"');
  expect(linkHeader({ next: undefined })).toBeUndefined();
});

test('a sealed cursor is read back as it was, until it expires; nobody else can make or change one', async () => {
  const clock = createManualClock();
  const cursors = createSealedCursors(clock, 7200);
  const cursor = cursors.seal({ offset: 40 });

  expect(cursors.unseal(cursor)).toEqual({ offset: 40 });
  expect(createSealedCursors(clock).unseal(cursor)).toBe('unknown');
  for (const forged of [`x${cursor}`, `${cursor}x`, '', 'a.b', cursor.split('.')[0] ?? ''])
    expect([forged, cursors.unseal(forged)]).toEqual([forged, 'unknown']);
  await clock.advance(7_199_999);
  expect(cursors.unseal(cursor)).toEqual({ offset: 40 });
  await clock.advance(1);
  expect(cursors.unseal(cursor)).toBe('expired');
});
