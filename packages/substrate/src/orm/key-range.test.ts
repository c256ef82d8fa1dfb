import { describe, expect, test } from 'vitest';
import { int64, string } from './columns.ts';
import { inQuotes } from './ddl.ts';
import { orderSql, sqlStretches, toKeyRange } from './key-range.ts';
import { defineTable } from './table.ts';

const table = defineTable('t', {
  columns: { a: string(10), b: int64(), c: string(10).nullable() },
  primaryKey: ['a', { column: 'b', descending: true }],
  indexes: [{ name: 'by_c', columns: [{ column: 'c', descending: true }] }],
});

describe('a range as SQL', () => {
  test.each([
    ['everything', {}, [''], '"a", "b" DESC'],
    ['turned round', { descending: true }, [''], '"a" DESC, "b"'],
    ['a prefix', { prefix: { a: 'x' } }, ['"a" = ?'], '"a", "b" DESC'],
    ['after a key', { after: { a: 'x', b: 5 } }, ['"a" = ? AND "b" < ?', '"a" > ?'], '"a", "b" DESC'],
    [
      'after a key within a prefix',
      { prefix: { a: 'x' }, after: { a: 'x', b: 5 }, descending: true },
      ['"a" = ? AND "b" > ?'],
      '"a" DESC, "b"',
    ],
    [
      'after the one row of a whole key',
      { prefix: { a: 'x', b: 5 }, after: { a: 'x', b: 5 } },
      [],
      '"a", "b" DESC',
    ],
    [
      'after a value in an index with nulls',
      { index: 'by_c', after: { a: 'x', b: 5, c: 'y' } },
      ['"c" = ? AND "a" = ? AND "b" < ?', '"c" = ? AND "a" > ?', '"c" < ?', '"c" IS NULL'],
      '"c" DESC, "a", "b" DESC',
    ],
    [
      'after a null in an index',
      { index: 'by_c', after: { a: 'x', b: 5, c: null } },
      ['"c" IS NULL AND "a" = ? AND "b" < ?', '"c" IS NULL AND "a" > ?'],
      '"c" DESC, "a", "b" DESC',
    ],
    [
      'the nulls of an index, turned round',
      { index: 'by_c', descending: true, after: { a: 'x', b: 5, c: null } },
      ['"c" IS NULL AND "a" = ? AND "b" > ?', '"c" IS NULL AND "a" < ?', '"c" IS NOT NULL'],
      '"c", "a" DESC, "b"',
    ],
  ])('%s is read in stretches that each enter the index at one place', (_, request, wheres, order) => {
    const range = toKeyRange(table, request);

    expect(sqlStretches(range, inQuotes).map((stretch) => stretch.where)).toEqual(wheres);
    expect(orderSql(range, inQuotes)).toBe(order);
  });
});
