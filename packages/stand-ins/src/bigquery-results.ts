import type { DuckDBResultReader, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { DuckDBTimestampTZValue } from '@duckdb/node-api';
import { invalidQuery } from './bigquery-sql.ts';

/** As `getQueryResults` has it: a cell is a text or null. */
export interface ResultRow {
  readonly f: readonly { readonly v: string | null }[];
}

export interface QueryResult {
  readonly schema: {
    readonly fields: readonly { readonly name: string; readonly type: string; readonly mode: 'NULLABLE' }[];
  };
  rows(from: number, count: number, isInt64Timestamp: boolean): readonly ResultRow[];
  readonly count: number;
}

const resultTypes: Readonly<Record<string, string>> = {
  VARCHAR: 'STRING',
  JSON: 'JSON',
  BIGINT: 'INTEGER',
  INTEGER: 'INTEGER',
  HUGEINT: 'INTEGER',
  DOUBLE: 'FLOAT',
  BOOLEAN: 'BOOLEAN',
  DATE: 'DATE',
  'TIMESTAMP WITH TIME ZONE': 'TIMESTAMP',
};

/** DuckDB's result in BigQuery's encoding. Refuses types that are not translated. */
export function toQueryResult(reader: DuckDBResultReader): QueryResult {
  let anonymous = 0;
  const names = reader.columnNames();
  const fields = reader.columnTypes().map((type, index) => {
    const name = names[index] ?? '';
    return {
      // BigQuery names what has no name by its place among those.
      name: /^\w+$/.test(name) ? name : `f${anonymous++}_`,
      type: typeName(type),
      mode: 'NULLABLE' as const,
    };
  });
  const rows = reader.getRows();
  return {
    schema: { fields },
    count: rows.length,
    rows: (from, count, isInt64Timestamp) =>
      rows
        .slice(from, from + count)
        .map((row) => ({ f: row.map((value) => ({ v: toCell(value, isInt64Timestamp) })) })),
  };
}

function typeName(type: DuckDBType): string {
  const text = type.alias ?? String(type);
  const name = resultTypes[text];
  if (name === undefined) throw invalidQuery(`The stand-in does not translate results of type ${text}`);
  return name;
}

/** Moments are microseconds where that is asked for, else seconds in floating point. */
function toCell(value: DuckDBValue, isInt64Timestamp: boolean): string | null {
  if (value === null) return null;
  if (value instanceof DuckDBTimestampTZValue)
    return isInt64Timestamp ? String(value.micros) : (Number(value.micros) / 1e6).toExponential();
  return String(value);
}
