import { expect, test } from 'vitest';
import { wrapText } from './wrap-text.ts';

test.each([
  ['abcdef', 3, 9, 'abc\ndef'],
  ['abcdefg', 3, 2, 'abc\ndef\n… 1 more'],
  ['abc', 3, 1, 'abc'],
  ['', 3, 1, ''],
  ['東京都a', 4, 9, '東京\n都a'],
  ['👨‍👩‍👧👨‍👩‍👧', 3, 9, '👨‍👩‍👧\n👨‍👩‍👧'],
  ['x'.repeat(10_000), 10, 2, `${'x'.repeat(10)}\n${'x'.repeat(10)}\n… 9,980 more`],
])('%j in %d columns and %d lines', (text, width, lines, wrapped) => {
  expect(wrapText(text, width, lines)).toBe(wrapped);
});
