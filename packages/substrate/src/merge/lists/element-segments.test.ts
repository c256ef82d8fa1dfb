import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../json/canonical-json.ts';
import type { JsonValue } from '../../json/json-value.ts';
import { segmentsOf } from './element-segments.ts';

function show(...keys: readonly JsonValue[]): readonly string[] {
  const identities = keys.map((key) => canonicalJson(key));
  return identities.map(segmentsOf(new Set(identities)));
}

describe('in pointers an element goes by', () => {
  test.each<[string, readonly JsonValue[], readonly string[]]>([
    ['its text', ['m1', 'a/b', '', '[draft]', '__proto__'], ['m1', 'a/b', '', '[draft]', '__proto__']],
    ['its text, although that reads like a number', ['10', '2'], ['10', '2']],
    ['its JSON, where it is no text', [10, true, ['x', 1]], ['10', 'true', '["x",1]']],
    ['its text in quotes, beside the number', ['10', 10, '11'], ['"10"', '10', '11']],
    ['its text in quotes, beside the list', ['["x"]', ['x']], ['"[\\"x\\"]"', '["x"]']],
    ['its text, although that is in quotes', ['"10"', 10], ['"10"', '10']],
    ['two pairs of quotes, beside a text that got one', ['"10"', 10, '10'], ['"\\"10\\""', '10', '"10"']],
    ['its text, beside a number that is spelt otherwise', ['1.0', 1], ['1.0', '1']],
  ])('%s', (_name, keys, segments) => {
    expect(show(...keys)).toEqual(segments);
  });

  test('a segment that no other element of its list goes by', () => {
    const quote = (text: string, times: number): string =>
      times === 0 ? text : JSON.stringify(quote(text, times - 1));
    const key = fc.oneof(
      fc.constantFrom<JsonValue>(1, 10, true, ['x'], { a: 1 }),
      fc
        .tuple(fc.constantFrom('1', '10', 'true', '["x"]', '{"a":1}', 'm1'), fc.nat(3))
        .map(([text, times]): JsonValue => quote(text, times)),
    );
    fc.assert(
      fc.property(fc.uniqueArray(key, { selector: canonicalJson }), (keys) => {
        expect(new Set(show(...keys)).size).toBe(keys.length);
      }),
      { numRuns: 2_000 },
    );
  });
});
