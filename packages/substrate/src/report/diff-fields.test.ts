import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../json/json-value.ts';
import { diffFields } from './diff-fields.ts';

const hostile = fc.constantFrom('__proto__', 'constructor', '', '10', 'a/b', 'a~b');
const json = fc.dictionary(fc.oneof(hostile, fc.string()), fc.jsonValue()) as fc.Arbitrary<JsonObject>;

describe('the difference of two records', () => {
  const cases: readonly [string, JsonObject | null, JsonObject | null, unknown][] = [
    ['equal records differ in nothing', { a: 1, b: [1] }, { b: [1], a: 1 }, []],
    ['a changed field has both sides', { a: 1 }, { a: 2 }, [{ pointer: '/a', before: 1, after: 2 }]],
    ['an added field has no before', {}, { a: null }, [{ pointer: '/a', after: null }]],
    ['a removed field has no after', { a: null }, {}, [{ pointer: '/a', before: null }]],
    [
      'objects are descended into',
      { a: { b: 1 } },
      { a: { b: 2 } },
      [{ pointer: '/a/b', before: 1, after: 2 }],
    ],
    ['a list is one field', { a: [1, 2] }, { a: [2, 1] }, [{ pointer: '/a', before: [1, 2], after: [2, 1] }]],
    [
      'an object against a text is one field',
      { a: {} },
      { a: 'x' },
      [{ pointer: '/a', before: {}, after: 'x' }],
    ],
    ['names are escaped as RFC 6901 wants', { 'a/b~c': 1 }, {}, [{ pointer: '/a~1b~0c', before: 1 }]],
    ['an absent record has no fields', null, { a: 1 }, [{ pointer: '/a', after: 1 }]],
  ];

  test.each(cases)('%s', (_name, before, after, fields) => {
    expect(diffFields(before, after)).toEqual(fields);
  });

  test('fields come in order of their names', () => {
    expect(diffFields({ b: 1, a: 1, c: 1 }, {}).map(({ pointer }) => pointer)).toEqual(['/a', '/b', '/c']);
  });

  test('a record differs from itself in nothing, whatever its members are called', () => {
    fc.assert(
      fc.property(json, (record) => {
        expect(diffFields(record, structuredClone(record))).toEqual([]);
      }),
    );
  });

  test('turned round, before and after change places', () => {
    fc.assert(
      fc.property(json, json, (one, other) => {
        const turned = diffFields(other, one).map(({ pointer, ...sides }) => ({
          pointer,
          ...('after' in sides ? { before: sides.after } : {}),
          ...('before' in sides ? { after: sides.before } : {}),
        }));
        expect(turned).toEqual(diffFields(one, other));
      }),
    );
  });
});
