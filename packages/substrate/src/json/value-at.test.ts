import { expect, test } from 'vitest';
import { textAt, valueAt } from './value-at.ts';

const answer = { meta: { next: '/2', pages: [{ size: 3 }] }, empty: null };

test('a value is found in objects and in lists', () => {
  expect(valueAt(answer, '/meta/pages/0/size')).toBe(3);
  expect(valueAt(answer, '')).toBe(answer);
});

test('what leads nowhere is not there, nor what every object inherits', () => {
  for (const pointer of ['/next', '/meta/next/deeper', '/meta/pages/1', '/empty/next', '/constructor'])
    expect(valueAt(answer, pointer), pointer).toBeUndefined();
});

test('only a text is one', () => {
  expect(textAt('/meta/next')(answer)).toBe('/2');
  expect(textAt('/meta/pages')(answer)).toBeUndefined();
  expect(textAt('/empty')(answer)).toBeUndefined();
  expect(textAt('/meta/next')(undefined)).toBeUndefined();
});
