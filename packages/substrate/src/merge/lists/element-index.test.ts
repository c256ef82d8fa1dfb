import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../json/json-value.ts';
import type { ListSpec } from '../rules/list-spec.ts';
import { type ElementIndex, indexElements } from './element-index.ts';

function identitiesOf(list: readonly JsonValue[], spec: ListSpec, nullIsAbsent = false): unknown {
  const index = indexElements(list, spec, nullIsAbsent);
  return typeof index === 'string' ? index : [...(index satisfies ElementIndex).keys()];
}

describe('an element is told from others by', () => {
  test.each<[string, JsonValue, string]>([
    ['a text, in quotes', 'm1', '"m1"'],
    ['the empty text', '', '""'],
    ['a text that is a number', '1', '"1"'],
    ['a number', 1, '1'],
    ['a number in its canonical form', 1e21, '1e+21'],
    ['a boolean', true, 'true'],
    ['an object, whatever the order of its members', { b: 1, a: 2 }, '{"a":2,"b":1}'],
    ['a list', ['x'], '["x"]'],
    ['a text that is a text of JSON', '"1"', '"\\"1\\""'],
    ['a name that objects inherit', '__proto__', '"__proto__"'],
  ])('%s', (_name, key, identity) => {
    expect(identitiesOf([{ id: key }], { key: ['id'] })).toEqual([identity]);
    expect(identitiesOf([key], 'set')).toEqual([identity]);
  });

  test('several members of a key together', () => {
    const list = [
      { a: 1, b: 'x' },
      { a: '1', b: 'x' },
    ];
    expect(identitiesOf(list, { key: ['a', 'b'] })).toEqual(['[1,"x"]', '["1","x"]']);
  });

  test('null, in a set', () => {
    expect(identitiesOf([null, 'null', 0, false], 'set', true)).toEqual(['null', '"null"', '0', 'false']);
  });
});

describe('elements cannot be told apart', () => {
  const key: ListSpec = { key: ['id'] };
  test.each<[string, readonly JsonValue[], ListSpec, string]>([
    ['where two have one key', [{ id: 1 }, { id: 1, x: 2 }], key, 'duplicate key'],
    [
      'where two have JSON-equal keys',
      [{ id: { a: 1, b: 2 } }, { id: { b: 2, a: 1 } }],
      key,
      'duplicate key',
    ],
    ['where one has no key', [{ id: 1 }, { x: 2 }], key, 'missing key'],
    ['where one has null for a key, which names nothing', [{ id: null }], key, 'missing key'],
    ['where one lacks a member of the key', [{ a: 1 }], { key: ['a', 'b'] }, 'missing key'],
    ['by a member that objects inherit', [{}], { key: ['constructor'] }, 'missing key'],
    ['where one is no object', [{ id: 1 }, 'm1'], key, 'not a list of objects'],
    ['where one is a list', [['id']], key, 'not a list of objects'],
    [
      'where a set has something twice',
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
      'set',
      'duplicate value',
    ],
  ])('%s', (_name, list, spec, reason) => {
    expect(indexElements(list, spec, false)).toBe(reason);
  });

  test('in a set, by members that are null where null is absent', () => {
    const list = [{ a: 1 }, { a: 1, b: null }];
    expect(indexElements(list, 'set', true)).toBe('duplicate value');
    expect(identitiesOf(list, 'set')).toEqual(['{"a":1}', '{"a":1,"b":null}']);
  });
});
