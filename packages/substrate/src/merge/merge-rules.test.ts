import { describe, expect, test } from 'vitest';
import { compileSettings } from './merge-rules.ts';
import type { MergeSettings } from './merge-settings.ts';
import type { FieldRules } from './rules/field-rules.ts';

function rulesAt(settings: MergeSettings, path: readonly string[], id = 'r1'): FieldRules {
  return path.reduce((rules, name) => rules.child(name), compileSettings(settings).forRecord(id).fields);
}

describe('the strategy of a field', () => {
  const settings: MergeSettings = {
    default: 'resolveOurs',
    fields: {
      '/a': 'resolveTheirs',
      '/a/b/c': 'alwaysOurs',
      '/*/b': 'manual',
      '/__proto__': 'alwaysTheirs',
      '/x/*/z': 'alwaysOurs',
      '/*/y/z': 'alwaysTheirs',
      '/x/y/*': 'manual',
    },
    records: { whole: 'alwaysTheirs', part: { fields: { '/a/b': 'alwaysOurs' } }, __proto__: 'manual' },
  };

  test.each<[string, readonly string[], string]>([
    ['the default, of the record as a whole', [], 'resolveOurs (default)'],
    ['the default, of a field that nothing speaks of', ['q'], 'resolveOurs (default)'],
    ['that of its own pointer', ['a'], 'resolveTheirs (field /a)'],
    ['that of what it stands in', ['a', 'q', 'r'], 'resolveTheirs (field /a)'],
    ['that of the longer pointer, with its star', ['a', 'b'], 'manual (field /*/b)'],
    ['that of the longest pointer', ['a', 'b', 'c'], 'alwaysOurs (field /a/b/c)'],
    ['that of the longest pointer, further down', ['a', 'b', 'c', 'd', 'e'], 'alwaysOurs (field /a/b/c)'],
    ['that of a name like __proto__', ['__proto__'], 'alwaysTheirs (field /__proto__)'],
    ['the default, for a name that objects inherit', ['constructor'], 'resolveOurs (default)'],
    ['that of the pointer whose name is further left', ['x', 'y', 'z'], 'manual (field /x/y/*)'],
    ['that of the pointer that speaks of it', ['q', 'y', 'z'], 'alwaysTheirs (field /*/y/z)'],
    ['that of the other one', ['x', 'q', 'z'], 'alwaysOurs (field /x/*/z)'],
  ])('is %s', (_name, path, because) => {
    expect(rulesAt(settings, path).because).toBe(because);
  });

  test.each<[string, readonly string[], string]>([
    ['whole', ['a', 'b', 'c'], 'alwaysTheirs (record)'],
    ['whole', [], 'alwaysTheirs (record)'],
    ['part', ['a', 'b', 'c'], 'alwaysOurs (record, field /a/b)'],
    ['part', ['a'], 'resolveTheirs (field /a)'],
    ['part', [], 'resolveOurs (default)'],
    ['another', ['a', 'b', 'c'], 'alwaysOurs (field /a/b/c)'],
    ['constructor', [], 'resolveOurs (default)'],
  ])('of the record %s at %j is %s', (id, path, because) => {
    expect(rulesAt(settings, path, id).because).toBe(because);
  });

  test('does not depend on the order in which the pointers are given', () => {
    const reversed = {
      ...settings,
      fields: Object.fromEntries(Object.entries(settings.fields ?? {}).reverse()),
    };
    for (const path of [
      ['x', 'y', 'z'],
      ['a', 'b', 'c'],
      ['a', 'b'],
    ])
      expect(rulesAt(reversed, path).because).toBe(rulesAt(settings, path).because);
  });

  test('is manual where the settings say nothing', () => {
    expect(rulesAt({}, ['a', 'b'])).toMatchObject({ strategy: 'manual', because: 'manual (default)' });
  });

  test('is that of an empty pointer before the default', () => {
    expect(rulesAt({ default: 'manual', fields: { '': 'resolveOurs' } }, ['a']).because).toBe(
      'resolveOurs (field "")',
    );
  });
});

describe('rules of a record', () => {
  test('are one object for all records without an override, and made once for one that has it', () => {
    const rules = compileSettings({ records: { r1: 'manual' } });
    expect(rules.forRecord('a')).toBe(rules.shared);
    expect(rules.forRecord('b')).toBe(rules.shared);
    expect(rules.forRecord('r1')).not.toBe(rules.shared);
    expect(rules.forRecord('r1')).toBe(rules.forRecord('r1'));
  });

  test('are the same object for the same field, so that following them makes nothing', () => {
    const { fields } = compileSettings({ fields: { '/a/*/b': 'manual' } }).shared;
    expect(fields.child('a').child('x')).toBe(fields.child('a').child('y'));
    expect(fields.child('q')).toBe(fields.child('q').child('r'));
  });

  test('refuse a pointer that is none', () => {
    expect(() => compileSettings({ fields: { name: 'manual' } })).toThrow(
      expect.objectContaining({ code: 'invalid_params' }),
    );
  });

  test('stay small where many stars could be combined in many ways', () => {
    const size = 40;
    const patterns = Array.from({ length: size }, (_, place) =>
      Array.from({ length: size }, (_, index) => (index === place ? '/a' : '/*')).join(''),
    );
    const fields = Object.fromEntries(patterns.map((pattern) => [pattern, 'alwaysOurs' as const]));
    const path = Array.from({ length: size }, (_, index) => (index % 2 === 0 ? 'a' : 'b'));
    expect(rulesAt({ fields }, path).strategy).toBe('alwaysOurs');
    expect(rulesAt({ fields }, path.fill('b')).strategy).toBe('manual');
  });
});

describe('lists and volatile fields', () => {
  test('are those of just their pointer, and of all below a volatile one', () => {
    const settings: MergeSettings = {
      lists: { '/m': { key: ['id'] }, '/m/*/tags': 'set' },
      volatile: ['/m/*/touched'],
    };
    expect(rulesAt(settings, ['m']).list).toEqual({ key: ['id'] });
    expect(rulesAt(settings, ['m', 'e1']).list).toBeUndefined();
    expect(rulesAt(settings, ['m', 'e1', 'tags']).list).toBe('set');
    expect(rulesAt(settings, ['m', 'e1', 'touched', 'at']).isVolatile).toBe(true);
    expect(rulesAt(settings, ['m', 'e1']).isVolatile).toBe(false);
  });

  test('never make volatile by itself what tells elements apart', () => {
    const settings: MergeSettings = { lists: { '/m': { key: ['id'] } }, volatile: ['/m/*/*', '/m/*/id/x'] };
    expect(rulesAt(settings, ['m', 'e1', 'room']).isVolatile).toBe(true);
    expect(rulesAt(settings, ['m', 'e1', 'id']).isVolatile).toBe(false);
    expect(rulesAt(settings, ['m', 'e1', 'id', 'x']).isVolatile).toBe(false);
  });
});
