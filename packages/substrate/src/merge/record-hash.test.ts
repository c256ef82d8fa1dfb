import { describe, expect, test } from 'vitest';
import { digestJson } from '../json/digest.ts';
import type { JsonObject, JsonValue } from '../json/json-value.ts';
import { compileSettings } from './merge-rules.ts';
import type { MergeSettings } from './merge-settings.ts';
import { createRecordHasher } from './record-hash.ts';

function hash(settings: MergeSettings, record: JsonObject): string {
  return createRecordHasher(compileSettings(settings))(record);
}

describe('the hash of a record', () => {
  test('is the digest of the whole record where nothing is volatile', () => {
    const record = { b: [1, { x: null }], a: 'x' };
    expect(hash({}, record)).toBe(digestJson(record));
  });

  test.each<[string, MergeSettings, JsonObject, JsonObject]>([
    ['a member', { volatile: ['/t'] }, { a: 1, t: 2, z: 3 }, { a: 1, z: 3 }],
    ['a member that is an object', { volatile: ['/t'] }, { a: 1, t: { b: 1 } }, { a: 1 }],
    ['a member further down', { volatile: ['/m/t'] }, { m: { t: 1, a: 1 } }, { m: { a: 1 } }],
    ['all that an object has', { volatile: ['/m/t'] }, { m: { t: 1 } }, { m: {} }],
    ['members by star', { volatile: ['/*/t'] }, { a: { t: 1 }, b: { t: 2, c: 3 } }, { a: {}, b: { c: 3 } }],
    ['members of elements', { volatile: ['/l/*/t'] }, { l: [{ t: 1, a: 1 }, 7] }, { l: [{ a: 1 }, 7] }],
    ['an element by its place', { volatile: ['/l/1'] }, { l: ['a', 'b', 'c'] }, { l: ['a', 'c'] }],
    [
      'a member of an element by its key',
      { lists: { '/l': { key: ['id'] } }, volatile: ['/l/x/t'] },
      {
        l: [
          { id: 'x', t: 1 },
          { id: 'y', t: 1 },
        ],
      },
      { l: [{ id: 'x' }, { id: 'y', t: 1 }] },
    ],
    [
      'what is not the key, of the members of elements',
      { lists: { '/l': { key: ['id'] } }, volatile: ['/l/*/*'] },
      { l: [{ id: 'x', t: 1 }] },
      { l: [{ id: 'x' }] },
    ],
    ['a member named __proto__', { volatile: ['/__proto__'] }, JSON.parse('{"__proto__":1,"a":1}'), { a: 1 }],
    [
      'another member than one named __proto__',
      { volatile: ['/t'] },
      JSON.parse('{"t":1,"__proto__":{"a":1}}'),
      JSON.parse('{"__proto__":{"a":1}}'),
    ],
    [
      'members that are null, where null is absent, at any depth',
      { nullIsAbsent: true },
      { a: null, b: { c: null, d: 1 }, l: [null, { e: null }] },
      { b: { d: 1 }, l: [null, {}] },
    ],
    [
      'members that are null in sets',
      { nullIsAbsent: true, lists: { '/s': 'set' } },
      { s: [{ a: null }, null] },
      { s: [null, {}] },
    ],
  ])('leaves out %s', (_name, settings, record, counted) => {
    const before = JSON.stringify(record);
    expect(hash(settings, record)).toBe(digestJson(counted));
    expect(JSON.stringify(record)).toBe(before);
  });

  test('has the order of lists, keyed ones too, since a merge carries it over; of sets it has not', () => {
    const [a, b] = [{ id: 'a' }, { id: 'b' }];
    const isSame = (settings: MergeSettings, list: JsonValue, other: JsonValue) =>
      hash(settings, { l: list }) === hash(settings, { l: other });
    expect(isSame({}, [a, b], [b, a])).toBe(false);
    expect(isSame({ lists: { '/l': { key: ['id'] } } }, [a, b], [b, a])).toBe(false);
    expect(isSame({ lists: { '/l': 'set' } }, [a, b], [b, a])).toBe(true);
    expect(isSame({ lists: { '/l/*/tags': 'set' } }, [{ tags: [1, 2] }], [{ tags: [2, 1] }])).toBe(true);
    expect(isSame({ lists: { '/l': 'set' }, nullIsAbsent: true }, [1, { a: null }], [{}, 1])).toBe(true);
  });

  test('has the order of a set in which something comes twice, since that is none', () => {
    const settings: MergeSettings = { lists: { '/l': 'set' } };
    expect(hash(settings, { l: [1, 1, 2] })).not.toBe(hash(settings, { l: [1, 2, 1] }));
    expect(hash(settings, { l: [1, 1, 2] })).not.toBe(hash(settings, { l: [1, 2] }));
  });

  test.each<[string, unknown, object]>([
    ['undefined', { a: undefined }, { pointer: '/a', found: 'undefined' }],
    ['not a number', { a: [Number.NaN] }, { pointer: '/a/0', found: 'a number that is not finite' }],
    ['a lone surrogate', { a: '\ud800' }, { pointer: '/a', found: 'a lone surrogate' }],
  ])('refuses %s', (_name, record, data) => {
    expect(() => hash({ volatile: ['/t'] }, record as JsonObject)).toThrow(
      expect.objectContaining({ code: 'invalid_params', data }),
    );
  });

  test.each<[string, MergeSettings]>([
    ['nothing is volatile', {}],
    ['null is absent', { nullIsAbsent: true }],
    ['something below is volatile', { volatile: [`${'/a'.repeat(400)}/t`] }],
  ])('refuses nesting beyond 200 levels where %s', (_name, settings) => {
    const nest = (levels: number): JsonObject =>
      JSON.parse('{"a":'.repeat(levels) + '1' + '}'.repeat(levels));
    expect(hash(settings, nest(200))).toBe(digestJson(nest(200)));
    expect(() => hash(settings, nest(50_000 / 10))).toThrow(
      expect.objectContaining({
        code: 'invalid_params',
        data: expect.objectContaining({ found: 'nesting deeper than 200' }),
      }),
    );
  });
});
