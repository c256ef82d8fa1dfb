import { expect, test } from 'vitest';
import { theOnly } from './the-only.ts';

test('of several things none is the only one', () => {
  expect(theOnly(['a'])).toBe('a');
  expect([theOnly(['a', 'b']), theOnly([]), theOnly(undefined)]).toEqual([undefined, undefined, undefined]);
});

test('the first list with exactly one says which counts', () => {
  expect(theOnly(undefined, [], ['a', 'b'], ['c'], ['d'])).toBe('c');
  const marked = (least: number) => [1, 2, 3].filter((number) => number > least);
  expect(theOnly(marked(2), [1, 2, 3])).toBe(3);
  expect(theOnly(marked(1), [1, 2, 3])).toBeUndefined();
  expect(theOnly([], [1])).toBe(1);
});
