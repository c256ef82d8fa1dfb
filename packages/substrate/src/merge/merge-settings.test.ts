import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { jsonPointer } from '../json/canonical-json.ts';
import { composeSettings, MergeSettings } from './merge-settings.ts';

const words = 'The strategies are manual, resolveOurs, resolveTheirs, alwaysOurs, alwaysTheirs.';
const keyAdvice = 'Name the members that tell its elements apart: {"key": ["id"]}';

function complaintsOf(settings: unknown): string[] {
  const { error } = MergeSettings.safeParse(settings);
  return (error?.issues ?? []).map(({ path, message }) => `${jsonPointer(path)} ${message}`);
}

describe('merge settings', () => {
  test('may leave out everything', () => {
    expect(MergeSettings.parse({})).toEqual({});
  });

  test('come out as they went in, with every member used', () => {
    const settings = {
      default: 'resolveTheirs',
      fields: { '/name': 'manual', '/meetings/*/room': 'alwaysOurs', '': 'resolveOurs' },
      records: { r1: 'manual', r2: { default: 'alwaysOurs', fields: { '/x': 'manual' } }, r3: {} },
      lists: { '/meetings': { key: ['id', 'day'] }, '/meetings/*/tags': 'set', '/x': { key: [''] } },
      nullIsAbsent: true,
      volatile: ['/dateLastModified', '/meetings/*/touched'],
    };
    expect(MergeSettings.parse(settings)).toEqual(settings);
  });

  test('keep an override of a record whose id is __proto__', () => {
    const settings = MergeSettings.parse(JSON.parse('{"records":{"__proto__":"alwaysOurs"}}'));
    expect(Object.entries(settings.records ?? {})).toEqual([['__proto__', 'alwaysOurs']]);
  });

  test.each<[string, unknown, string[]]>([
    [
      'a strategy that is misspelt',
      { default: 'resolveTheir' },
      [`/default "resolveTheir" is no strategy; did you mean "resolveTheirs"? ${words}`],
    ],
    ['a strategy that is nothing like one', { default: 7 }, [`/default 7 is no strategy. ${words}`]],
    [
      'a strategy of a field',
      { fields: { '/name': 'alwaysOur' } },
      [`/fields/~1name "/name": "alwaysOur" is no strategy; did you mean "alwaysOurs"? ${words}`],
    ],
    [
      'a pointer without its slash',
      { fields: { name: 'manual' } },
      ['/fields/name "name": a pointer begins with "/": write "/name"'],
    ],
    [
      'a field named __proto__ without its slash',
      JSON.parse('{"fields":{"__proto__":"manual"}}'),
      ['/fields/__proto__ "__proto__": a pointer begins with "/": write "/__proto__"'],
    ],
    [
      'a member that is misspelt',
      { volatiles: [] },
      [
        ' There is no "volatiles" here; did you mean "volatile"? ' +
          'There may be default, fields, records, lists, nullIsAbsent, volatile.',
      ],
    ],
    [
      'a member that is nothing like one',
      { strategy: 'manual' },
      [' There is no "strategy" here. There may be default, fields, records, lists, nullIsAbsent, volatile.'],
    ],
    [
      'a strategy of a record',
      { records: { r1: 'ours' } },
      [`/records/r1 "r1": "ours" is no strategy. ${words}`],
    ],
    [
      'a member of an override',
      { records: { r1: { field: {} } } },
      ['/records/r1 "r1": There is no "field" here; did you mean "fields"? There may be default, fields.'],
    ],
    [
      'a field of an override',
      { records: { r1: { fields: { '/x': 'manul' } } } },
      [`/records/r1/fields/~1x "r1": "/x": "manul" is no strategy; did you mean "manual"? ${words}`],
    ],
    [
      'a kind of list that is misspelt',
      { lists: { '/tags': 'sett' } },
      [
        '/lists/~1tags "/tags": "sett" is no kind of list; did you mean "set"? Say "set", or {"key": ["id"]}.',
      ],
    ],
    [
      'a key that is no list',
      { lists: { '/tags': { key: 'id' } } },
      [`/lists/~1tags/key "/tags": ${keyAdvice}`],
    ],
    ['a key of nothing', { lists: { '/tags': { key: [] } } }, [`/lists/~1tags/key "/tags": ${keyAdvice}`]],
    [
      'a key with a member twice',
      { lists: { '/tags': { key: ['id', 'id'] } } },
      ['/lists/~1tags/key "/tags": A key has each member once'],
    ],
    [
      'the record as a list',
      { lists: { '': 'set' } },
      ['/lists/ "": the empty pointer is that of the whole record, which is no field'],
    ],
    [
      'volatile pointers',
      { volatile: ['touched', '', 3] },
      [
        '/volatile/0 "touched": a pointer begins with "/": write "/touched"',
        '/volatile/1 "": the empty pointer is that of the whole record, which is no field',
        '/volatile/2 Give a pointer here, such as "/name"',
      ],
    ],
    [
      'one pointer in place of a list of them',
      { volatile: '/touched' },
      ['/volatile Give a list of pointers here, such as ["/dateLastModified"]'],
    ],
    ['a word for yes', { nullIsAbsent: 'yes' }, ['/nullIsAbsent Say true or false']],
    ['a list of fields', { fields: ['/name'] }, ['/fields Give an object here']],
    ['no object at all', 'manual', [' Give an object here']],
  ])('complain of %s, naming the place and the nearest word that would do', (_name, settings, complaints) => {
    expect(complaintsOf(settings)).toEqual(complaints);
  });

  test('can be described as JSON Schema, both what goes in and what comes out', () => {
    for (const io of ['input', 'output'] as const) {
      const schema = z.toJSONSchema(MergeSettings, { target: 'draft-7', io });
      expect(schema).toMatchObject({
        additionalProperties: false,
        properties: {
          default: { enum: ['manual', 'resolveOurs', 'resolveTheirs', 'alwaysOurs', 'alwaysTheirs'] },
          fields: { type: 'object', additionalProperties: { type: 'string' } },
          lists: { additionalProperties: { anyOf: [{ const: 'set' }, { required: ['key'] }] } },
          records: { additionalProperties: { anyOf: [{ type: 'string' }, { additionalProperties: false }] } },
        },
      });
    }
  });
});

describe('settings that are composed', () => {
  test('of nothing are empty', () => {
    expect(composeSettings()).toEqual({});
    expect(composeSettings({}, {})).toEqual({});
  });

  test('have the innermost default, and that of an outer one where the inner say nothing', () => {
    expect(composeSettings({ default: 'manual' }, { default: 'alwaysOurs' }, {})).toEqual({
      default: 'alwaysOurs',
    });
    expect(composeSettings({ nullIsAbsent: true }, { nullIsAbsent: false })).toEqual({ nullIsAbsent: false });
  });

  test('join fields, records and lists by name, where the inner one wins', () => {
    const outer: MergeSettings = {
      fields: { '/a': 'manual', '/b': 'manual' },
      records: { r1: 'manual', r2: { default: 'manual', fields: { '/x': 'manual' } } },
      lists: { '/l': 'set', '/m': 'set' },
    };
    const inner: MergeSettings = {
      fields: { '/b': 'alwaysOurs', '/c': 'resolveOurs' },
      records: { r2: 'alwaysTheirs' },
      lists: { '/m': { key: ['id'] } },
    };
    expect(composeSettings(outer, inner)).toEqual({
      fields: { '/a': 'manual', '/b': 'alwaysOurs', '/c': 'resolveOurs' },
      records: { r1: 'manual', r2: 'alwaysTheirs' },
      lists: { '/l': 'set', '/m': { key: ['id'] } },
    });
  });

  test('hold volatile what any of them does', () => {
    expect(composeSettings({ volatile: ['/a', '/b'] }, { volatile: ['/b', '/c'] }, {})).toEqual({
      volatile: ['/a', '/b', '/c'],
    });
  });

  test('keep a record named __proto__', () => {
    const override = JSON.parse('{"records":{"__proto__":"alwaysOurs"}}');
    const composed = composeSettings({ records: { r1: 'manual' } }, override);
    expect(Object.keys(composed.records ?? {})).toEqual(['r1', '__proto__']);
  });
});
