import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../json/canonical-json.ts';
import type { JsonValue } from '../../json/json-value.ts';
import { isSameJson } from './same-json.ts';
import { withoutNulls } from './without-nulls.ts';

/** Few names and values, so that two values are often nearly equal; among them those that objects inherit. */
const names = fc.constantFrom('a', 'b', '__proto__', 'constructor', 'toString', '', '0');
const { value: values } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<JsonValue>(null, 0, -0, 1, '', '0', 'a', true, false),
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .uniqueArray(fc.tuple(names, tie('value')), { maxLength: 3, selector: ([name]) => name })
      .map((members) => Object.fromEntries(members)),
  ),
}));
const pairs = fc.oneof(
  fc.tuple(values, values),
  values.map((value) => [value, JSON.parse(JSON.stringify(value))] as const),
);

describe('two values are the same', () => {
  test('exactly when their canonical JSON is', () => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        expect(isSameJson(a, b, false, [])).toBe(canonicalJson(a) === canonicalJson(b));
      }),
      { numRuns: 5_000 },
    );
  });

  test('where null is absent, exactly when it is without null members', () => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        const isSame = canonicalJson(withoutNulls(a)) === canonicalJson(withoutNulls(b));
        expect(isSameJson(a, b, true, [])).toBe(isSame);
      }),
      { numRuns: 5_000 },
    );
  });

  test.each<[string, string, boolean]>([
    ['{"__proto__":{}}', '{"x":1}', false],
    ['{"__proto__":{}}', '{}', false],
    ['{}', '{"__proto__":{}}', false],
    ['{"__proto__":{}}', '{"__proto__":{}}', true],
    ['{"constructor":null}', '{"x":null}', false],
    ['{"a":1,"b":2}', '{"b":2,"a":1}', true],
    ['[1,2]', '[2,1]', false],
    ['[]', '{}', false],
    ['{"0":1}', '[1]', false],
  ])('%s and %s: %s', (a, b, isSame) => {
    expect(isSameJson(JSON.parse(a), JSON.parse(b), false, [])).toBe(isSame);
    expect(isSameJson(JSON.parse(b), JSON.parse(a), false, [])).toBe(isSame);
  });

  test('absent is the same as absent only', () => {
    expect(isSameJson(undefined, undefined, false, [])).toBe(true);
    expect(isSameJson(undefined, null, false, [])).toBe(false);
  });

  test.each([false, true])(
    'and no nesting reaches the end of the stack (null is absent: %s)',
    (nullIsAbsent) => {
      const nest = (levels: number): JsonValue => JSON.parse(`${'['.repeat(levels)}1${']'.repeat(levels)}`);
      expect(isSameJson(nest(200), nest(200), nullIsAbsent, [])).toBe(true);
      expect(() => isSameJson(nest(5_000), nest(5_000), nullIsAbsent, ['deep'])).toThrow(
        expect.objectContaining({
          code: 'invalid_params',
          message: 'A merge goes 200 levels deep and no further',
          data: expect.objectContaining({ pointer: '/deep', found: 'nesting deeper than 200' }),
        }),
      );
    },
  );
});
