import { describe, expect, test } from 'vitest';
import { toFailure } from '../failure/failure.ts';
import { digestJson } from '../json/digest.ts';
import type { JsonObject, JsonValue } from '../json/json-value.ts';
import type { Decision } from './decision.ts';
import { mergeRecord, type RecordSides } from './merge-record.ts';
import { compileSettings } from './merge-rules.ts';
import type { MergeSettings } from './merge-settings.ts';

// What merges come out as stands in cases/*.json, and what holds for all of them in laws/. Here is what a table cannot say.

function merge(sides: RecordSides, settings: MergeSettings = {}, decisions?: readonly Decision[]) {
  return mergeRecord(sides, compileSettings(settings).forRecord('r1'), decisions);
}

function nest(levels: number, core: JsonValue = 1): JsonObject {
  return JSON.parse(`${'{"a":'.repeat(levels)}${JSON.stringify(core)}${'}'.repeat(levels)}`);
}

describe('the result', () => {
  const base = { a: { x: 1 }, b: { y: 1 }, l: [{ id: 1 }, { id: 2 }] };

  test('is ours itself where nothing comes from them', () => {
    const ours = structuredClone(base);
    expect(merge({ base, ours, theirs: structuredClone(base) }).result).toBe(ours);
    const ourChange = { ...structuredClone(base), a: { x: 2 } };
    expect(merge({ base, ours: ourChange, theirs: structuredClone(base) }).result).toBe(ourChange);
  });

  test('shares with ours what did not change', () => {
    const ours = structuredClone(base);
    const theirs = { ...structuredClone(base), a: { x: 2 } };
    const { result } = merge({ base, ours, theirs }, { lists: { '/l': { key: ['id'] } } });
    expect(result).toEqual(theirs);
    expect(result?.b).toBe(ours.b);
    expect(result?.l).toBe(ours.l);
  });

  test('has members named __proto__ as its own, and no other prototype', () => {
    const theirs = JSON.parse('{"__proto__":{"polluted":true},"a":1}');
    const { result } = merge({ base: {}, ours: {}, theirs });
    expect(JSON.stringify(result)).toBe('{"__proto__":{"polluted":true},"a":1}');
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});

describe('the lines and conflicts of a merge', () => {
  test('ascend by pointer, whatever the order of the members', () => {
    const base = { b: 1, a: 1, B: 1, é: 1 };
    const ours = { é: 2, b: 2, a: 2, B: 2 };
    const theirs = { a: 3, B: 3, é: 3, b: 3 };
    const pointers = (lines: readonly { readonly pointer: string }[]) => lines.map(({ pointer }) => pointer);
    expect(pointers(merge({ base, ours, theirs }).conflicts)).toEqual(['/B', '/a', '/b', '/é']);
    const { toOurs } = merge({ base, ours, theirs }, { default: 'resolveTheirs' });
    expect(pointers(toOurs)).toEqual(['/B', '/a', '/b', '/é']);
  });

  test('have the digest of the three values as inputs, absent ones left out', () => {
    const { conflicts } = merge({ base: { a: 1 }, ours: { a: 2 }, theirs: {} });
    expect(conflicts.map(({ inputs }) => inputs)).toEqual([digestJson({ base: 1, ours: 2 })]);
  });

  test('have inputs that volatile fields and absent nulls leave alone, so that a decision lasts', () => {
    const settings: MergeSettings = { volatile: ['/t'], nullIsAbsent: true };
    const conflictOf = (t: number, extra: JsonObject) =>
      merge({ base: { a: 1, t: 1 }, theirs: { a: 2, t, ...extra } }, settings).conflicts[0];
    expect(conflictOf(2, {})?.inputs).toBe(conflictOf(3, { n: null })?.inputs);
    expect(conflictOf(2, {})?.inputs).not.toBe(conflictOf(2, { n: 1 })?.inputs);
    expect(conflictOf(2, {})?.theirs).toEqual({ a: 2, t: 2 });
  });
});

describe('a decision', () => {
  const sides = { base: { a: 1 }, ours: { a: 2 }, theirs: { a: 3 } };
  const inputs = digestJson({ base: 1, ours: 2, theirs: 3 });

  test('on other inputs is not applied, and is named as stale', () => {
    const stale: Decision = {
      pointer: '/a',
      inputs: digestJson({ base: 1, ours: 2, theirs: 4 }),
      choice: 'ours',
    };
    const merged = merge(sides, {}, [stale]);
    expect(merged).toMatchObject({ isHeld: true, stale: ['/a'] });
  });

  test('on these inputs is applied beside a stale one for the same field', () => {
    const old: Decision = { pointer: '/a', inputs: 'of old', choice: 'theirs' };
    const merged = merge(sides, {}, [{ pointer: '/a', inputs, choice: 'ours' }, old]);
    expect(merged).toMatchObject({ isHeld: false, result: { a: 2 }, stale: [] });
  });

  test('goes before a strategy that would resolve the conflict', () => {
    const merged = merge(sides, { default: 'resolveTheirs' }, [{ pointer: '/a', inputs, choice: 'ours' }]);
    expect(merged.toTheirs).toEqual([
      { action: 'update', pointer: '/a', before: 3, after: 2, rule: 'decision' },
    ]);
  });

  test('does not go before a field that is always taken from a side', () => {
    const merged = merge(sides, { default: 'alwaysTheirs' }, [{ pointer: '/a', inputs, choice: 'ours' }]);
    expect(merged).toMatchObject({ result: { a: 3 }, stale: ['/a'] });
  });

  test('once written on both sides, is stale and changes nothing any more', () => {
    const decided: Decision = { pointer: '/a', inputs, choice: { value: 4 } };
    const { result } = merge(sides, {}, [decided]);
    expect(result).toEqual({ a: 4 });
    expect(merge({ base: result, ours: result, theirs: result }, {}, [decided])).toMatchObject({
      isAgreed: false,
      result: { a: 4 },
      toOurs: [],
      toTheirs: [],
      stale: ['/a'],
    });
  });

  test('for a whole record must be an object', () => {
    const deleted = { base: { a: 1 }, theirs: { a: 2 } };
    const whole = { pointer: '', inputs: digestJson({ base: { a: 1 }, theirs: { a: 2 } }) };
    for (const [value, found] of [
      [null, 'null'],
      ['x', 'a string'],
      [[1], 'a list'],
    ] as const) {
      expect(() => merge(deleted, {}, [{ ...whole, choice: { value } }])).toThrow(
        expect.objectContaining({ code: 'invalid_params', data: { pointer: '', found } }),
      );
    }
  });

  test('for an element must keep its key', () => {
    const settings: MergeSettings = { lists: { '/l': { key: ['id'] } } };
    const element = { base: { id: 'e', v: 1 }, theirs: { id: 'e', v: 2 } };
    const held = { base: { l: [element.base] }, ours: { l: [] }, theirs: { l: [element.theirs] } };
    const decide = (value: JsonValue) =>
      merge(held, settings, [{ pointer: '/l/e', inputs: digestJson(element), choice: { value } }]);
    expect(decide({ id: 'e', v: 3 }).result).toEqual({ l: [{ id: 'e', v: 3 }] });
    for (const value of [{ id: 'f', v: 3 }, { v: 3 }, 'e']) {
      expect(() => decide(value)).toThrow(
        expect.objectContaining({ code: 'invalid_params', data: { pointer: '/l/e', key: ['id'] } }),
      );
    }
  });

  test('must be something that JSON can say', () => {
    expect(() => merge(sides, {}, [{ pointer: '/a', inputs, choice: { value: Number.NaN } }])).toThrow(
      expect.objectContaining({ code: 'invalid_params' }),
    );
  });
});

describe('what cannot be merged', () => {
  test.each([
    ['null', 'null'],
    ['[]', 'a list'],
    ['"x"', 'a string'],
  ])('%s in the place of a record is refused', (text, found) => {
    expect(() => merge({ ours: JSON.parse(text) })).toThrow(
      expect.objectContaining({ code: 'invalid_params', data: { side: 'ours', found } }),
    );
  });

  test('a value that JSON cannot say is refused where it conflicts', () => {
    expect(() => merge({ base: { a: 1 }, ours: { a: Number.NaN }, theirs: { a: 2 } })).toThrow(
      expect.objectContaining({ code: 'invalid_params' }),
    );
  });

  const everyWay: readonly [string, MergeSettings][] = [
    ['plain', {}],
    ['with null for absent', { nullIsAbsent: true }],
    ['with something volatile below', { volatile: [`${'/a'.repeat(300)}/t`] }],
    ['with a star', { volatile: ['/*/t'], fields: { '/*/*/*': 'alwaysOurs', '/a/a': 'manual' } }],
    ['with a list', { lists: { [`${'/a'.repeat(300)}`]: { key: ['id'] } } }],
  ];

  test.each(everyWay)('nesting beyond 200 levels is refused, %s', (_name, settings) => {
    const sides = { base: nest(5_000, 1), ours: nest(5_000, 2), theirs: nest(5_000, 3) };
    expect(() => merge(sides, settings)).toThrow(
      expect.objectContaining({
        code: 'invalid_params',
        data: expect.objectContaining({ found: 'nesting deeper than 200' }),
      }),
    );
  });

  test.each(everyWay)(
    'nesting beyond 200 levels against a deletion ends well or is refused, %s',
    (_name, settings) => {
      for (const sides of [
        { base: nest(5_000, 1), ours: nest(5_000, 2) },
        { base: { b: nest(5_000, 1) }, ours: { b: nest(5_000, 2) }, theirs: {} },
      ]) {
        expect(['merged', 'invalid_params']).toContain(endOf(() => merge(sides, settings)));
      }
    },
  );

  test('200 levels merge, down to the last', () => {
    const { result } = merge({ base: nest(200, 1), ours: nest(200, 1), theirs: nest(200, 2) });
    expect(result).toEqual(nest(200, 2));
  });

  test('a long list of elements, and a record of many members, take their time and no more', () => {
    const list = Array.from({ length: 20_000 }, (_, index) => ({ id: index, v: 0 }));
    const record = Object.fromEntries(list.map(({ id }) => [`m${id}`, 0]));
    const theirs = { list: list.map(({ id }) => ({ id, v: id % 2 })), record: { ...record, more: 1 } };
    const sides = { base: { list, record }, ours: structuredClone({ list, record }), theirs };
    const merged = merge(sides, { lists: { '/list': { key: ['id'] } } });
    expect(merged.toOurs).toHaveLength(10_001);
    expect(merged.result).toEqual(theirs);
  });
});

function endOf(act: () => unknown): string {
  try {
    act();
    return 'merged';
  } catch (thrown) {
    return toFailure(thrown).code;
  }
}
