import { describe, expect, test } from 'vitest';
import { closeDirection, isFromTheRight, toPlainText } from './plain-text.ts';

describe('plain text', () => {
  test.each([
    ['\u202edrow', '�drow'],
    ['tab\tnewline\n', 'tab�newline�'],
    ['\u001b[2J\u001b]0;title\u0007', '�[2J�]0;title�'],
    ['\u009b31m', '�31m'],
    ['a\u2028b\u2029c', 'a�b�c'],
    ['\u2066x\u2069\u200e\u200f\u061c', '�x����'],
    ['in\u200bvisible\ufeff', 'in�visible�'],
    ['hidden\u{e0041}\u{e0042}', 'hidden��'],
    ['half \ud83d', 'half �'],
    ['family 👨‍👩‍👧, می‌خواهم', 'family 👨‍👩‍👧, می‌خواهم'],
    ['', ''],
  ])('of %j is %j', (text, shown) => {
    expect(toPlainText(text)).toBe(shown);
  });

  test('has no more marks on a letter than a script has', () => {
    expect(toPlainText(`Z${'\u0301'.repeat(10_000)}ed`)).toBe(`Z${'\u0301'.repeat(8)}ed`);
  });

  test('is cut to a length, through no character', () => {
    expect(toPlainText('x'.repeat(10_000), 60)).toBe(`${'x'.repeat(59)}…`);
    expect(toPlainText('ab😀cd', 4)).toBe('ab…');
    expect(toPlainText('abcd', 4)).toBe('abcd');
  });

  test('that is written from the right ends before what follows', () => {
    expect([isFromTheRight('שלום'), isFromTheRight('سلام'), isFromTheRight('Élan 東京 😀')]).toEqual([
      true,
      true,
      false,
    ]);
    expect([closeDirection('שלום'), closeDirection('abc')]).toEqual(['שלום\u200e', 'abc']);
  });
});
