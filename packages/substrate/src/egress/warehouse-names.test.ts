import { describe, expect, test } from 'vitest';
import { columnsOf, tableNamesOf } from './warehouse-names.ts';

const string = (name: string) => ({ name, type: 'string' as const });

describe('warehouse names', () => {
  test.each([
    ['class', 'class_changes'],
    ['lineItem', 'line_item_changes'],
    ['academicSession', 'academic_session_changes'],
    ['user2', 'user2_changes'],
  ])('the entity type %s has the view %s', (entityType, expected) => {
    expect(tableNamesOf(entityType)).toEqual({
      raw: `${expected}_raw`,
      changes: expected,
      current: expected.replace('_changes', '_current'),
    });
  });

  test('fields become snake case; one that has the name of a column of every view stands behind field_', () => {
    const fields = ['givenName', 'URLOfPhoto', 'sourcedId', 'id', 'vendor', 'runId'].map(string);

    expect(columnsOf({ entityType: 'user', fields }).map(({ column }) => column)).toEqual([
      'given_name',
      'url_of_photo',
      'sourced_id',
      'field_id',
      'field_vendor',
      'field_run_id',
    ]);
  });

  test.each(['', 'a b', 'a"b', 'ä', '1a', 'a.b', 'a_b', 'x'.repeat(101)])(
    'the name "%s" is refused',
    (name) => {
      expect(() => tableNamesOf(name)).toThrow(expect.objectContaining({ code: 'config_invalid' }));
      expect(() => columnsOf({ entityType: 'user', fields: [string(name)] })).toThrow(
        expect.objectContaining({ code: 'config_invalid' }),
      );
    },
  );

  test('two fields that would share a column are refused', () => {
    expect(() =>
      columnsOf({ entityType: 'user', fields: [string('aB'), string('AB'), string('aB')] }),
    ).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  });
});
