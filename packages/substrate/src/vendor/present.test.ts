import { describe, expect, expectTypeOf, test } from 'vitest';
import { present } from './present.ts';

describe('present', () => {
  test.each<[string, object, object]>([
    ['nothing', {}, {}],
    ['an undefined member', { a: undefined, b: 1 }, { b: 1 }],
    [
      'values that are only falsy',
      { a: null, b: '', c: 0, d: false, e: Number.NaN },
      { a: null, b: '', c: 0, d: false, e: Number.NaN },
    ],
    ['what stands deeper, as it is', { a: { b: undefined } }, { a: { b: undefined } }],
  ])('handles %s', (_name, members, kept) => {
    expect(present(members)).toStrictEqual(kept);
  });

  test('keeps the order of the members, which a person reads in a report', () => {
    expect(Object.keys(present({ z: 1, gone: undefined, a: 2 }))).toEqual(['z', 'a']);
  });

  test('leaves its argument alone', () => {
    const members = { a: undefined, b: [1] };
    present(members);
    expect(members).toStrictEqual({ a: undefined, b: [1] });
  });

  test('turns members that may be undefined into optional ones, and no others', () => {
    const kept = present({ name: 'Oak', email: 'a@b.c' as string | undefined });
    expectTypeOf(kept).toEqualTypeOf<{ name: string } & { email?: string }>();
    expect(kept.name).toBe('Oak');
  });
});
