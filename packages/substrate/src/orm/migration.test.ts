import { describe, expect, test } from 'vitest';
import { int64, string } from './columns.ts';
import { addColumn, createTable, digestMigration, type Migration, pendingMigrations } from './migration.ts';
import { defineTable } from './table.ts';

const before = defineTable('t', { columns: { a: string(10) }, primaryKey: ['a'] });
const after = defineTable('t', {
  columns: { a: string(10), b: int64().nullable(), c: int64() },
  primaryKey: ['a'],
  indexes: [{ name: 't_by_b', columns: ['b'] }],
});
const first: Migration = { number: 1, name: 'first', up: [createTable(before)] };

describe('migrations', () => {
  test('one that names what came later reads as it did before it came', () => {
    const now: Migration = {
      number: 1,
      name: 'first',
      up: [createTable(after, { columnsAddedLater: ['b', 'c'], indexesAddedLater: ['t_by_b'] })],
    };

    expect(digestMigration(now)).toBe(digestMigration(first));
    expect(digestMigration({ ...first, up: [createTable(after)] })).not.toBe(digestMigration(first));
  });

  test('the digest of a released migration stays the same from version to version', () => {
    // If this fails, the wording of the DDL was changed: every database out there would refuse its own history.
    expect(digestMigration(first)).toBe('j1:pQ_-OkUcpQ7oF_jc3VK8v9RAXz4jfJwiptfxaVJFyoE');
  });

  test('a column that is not nullable cannot be added', () => {
    expect(() => addColumn(after, 'c')).toThrow(expect.objectContaining({ code: 'internal' }));
    expect(addColumn(after, 'b')).toEqual({
      spanner: ['ALTER TABLE `t` ADD COLUMN `b` INT64'],
      sqlite: ['ALTER TABLE "t" ADD COLUMN "b" INTEGER'],
    });
  });

  test('what is pending follows what is applied', () => {
    const second: Migration = { number: 2, name: 'second', up: [addColumn(after, 'b')] };
    const applied = { number: 1, name: 'first', digest: digestMigration(first) };

    expect(pendingMigrations([first, second], [])).toEqual([first, second]);
    expect(pendingMigrations([first, second], [applied])).toEqual([second]);
    expect(() =>
      pendingMigrations([first, second], [{ ...applied, number: 2, digest: digestMigration(second) }]),
    ).toThrow('inserted before');
    expect(() => pendingMigrations([second], [])).toThrow('not numbered');
    expect(() => pendingMigrations([], [applied])).toThrow('newer than this program');
    expect(() => pendingMigrations([{ ...first, name: 'other' }], [applied])).toThrow(
      'changed after it was applied',
    );
  });
});
