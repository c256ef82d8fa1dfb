import type { SQLInputValue } from 'node:sqlite';
import { Failure } from '../../failure/failure.ts';
import { inQuotes, notNull } from '../ddl.ts';
import { type KeyRange, orderSql, sqlStretches } from '../key-range.ts';
import type { PlainValue } from '../plain-value.ts';
import type { Table } from '../table.ts';
import type { SqliteRow } from './sqlite-connection.ts';
import { fromSqliteValue, toSqliteValue } from './sqlite-value.ts';

export interface SqliteStatement {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** Pure. Reads one row by its whole key. */
export function keySql(table: Table, columns: readonly string[]): string {
  return prefixSql(table, columns, table.primaryKey.length);
}

/** Pure. Reads the rows that have these values in the first `length` parts of the key. */
export function prefixSql(table: Table, columns: readonly string[], length: number): string {
  const parts = table.primaryKey.slice(0, length);
  const key = parts.map((part) => `${inQuotes(part.column)} = ?`).join(' AND ');
  return `SELECT ${columns.map(inQuotes).join(', ')} FROM ${inQuotes(table.name)} WHERE ${key}`;
}

/**
 * Pure. Reads a range of a table in order, stretch after stretch; each statement's last value is how many rows are still wanted,
 * if that is limited.
 */
export function scanSql(
  table: Table,
  columns: readonly string[],
  range: KeyRange,
): readonly SqliteStatement[] {
  const isFiltered = range.index?.nullFiltered === true;
  const filter = isFiltered && range.index !== undefined ? notNull(table, range.index, inQuotes) : '';
  // Without the hint SQLite may sort the whole table instead of walking along the index.
  const hint = range.index === undefined ? '' : ` INDEXED BY ${inQuotes(range.index.name)}`;
  const from = `SELECT ${columns.map(inQuotes).join(', ')} FROM ${inQuotes(table.name)}${hint}`;
  const end = `ORDER BY ${orderSql(range, inQuotes)}${range.limit === undefined ? '' : ' LIMIT ?'}`;
  return sqlStretches(range, inQuotes).map(({ where, values }) => {
    const conditions = [where, filter].filter((condition) => condition !== '').join(' AND ');
    return {
      sql: `${from} ${conditions === '' ? '' : `WHERE ${conditions} `}${end}`,
      values: toStoredKey(values),
    };
  });
}

/** Pure. Key values as SQLite stores them: none of them can be the time of a commit that is still to come. */
export function toStoredKey(values: readonly PlainValue[]): readonly SQLInputValue[] {
  return values.map((value) => toSqliteValue(value, refuseCommitTime));
}

/** Pure. A row in the order of `columns` as an object. */
export function toRow(table: Table, columns: readonly string[], stored: SqliteRow): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const [position, name] of columns.entries()) {
    const column = table.columns[name];
    const value = stored[position];
    if (column !== undefined && value !== undefined) row[name] = fromSqliteValue(column, value);
  }
  return row;
}

function refuseCommitTime(): never {
  throw new Failure('invalid_params', 'A key to read by cannot be the time of a commit');
}
