import type { SQLInputValue } from 'node:sqlite';
import type { CompiledQuery } from 'kysely';
import { Failure } from '../../failure/failure.ts';
import type { Column } from '../columns.ts';
import { createKysely } from '../kysely/kysely-over.ts';
import { isTypedValue } from '../kysely/typed-value.ts';
import { resultColumns } from '../kysely/typed-values-plugin.ts';
import type { Row, RowSource } from '../reader.ts';
import type { Schema } from '../table.ts';
import { keySql, prefixSql, scanSql, toRow, toStoredKey } from './read-sql.ts';
import type { ColumnOrigin, SqliteConnection } from './sqlite-connection.ts';
import { createSqliteDialect } from './sqlite-dialect.ts';
import { fromSqliteValue, fromUntypedSqliteValue, toSqliteValue } from './sqlite-value.ts';

/** Where reads go: a connection, at hand at once or after a transaction has begun; and the time of the commit that is to come. */
export interface SqliteTarget {
  connection(): Promise<SqliteConnection>;
  commitInstant(): string;
}

export function createSqliteRows<S extends Schema>(schema: S, target: SqliteTarget): RowSource<S> {
  let kysely: ReturnType<typeof createKysely<S>> | undefined;
  return {
    query: async (build) => {
      kysely ??= createKysely(
        schema,
        createSqliteDialect((query) => runQuery(schema, target, query)),
      );
      return (await kysely.executeQuery(build(kysely))).rows;
    },
    async readKeys(table, columns, keys) {
      const connection = await target.connection();
      const sql = keySql(table, columns);
      // One look-up each, by a prepared statement, is faster than any IN list.
      return snapshot(connection, keys.length, () =>
        keys.flatMap((key) => connection.all(sql, toStoredKey(key)).map((row) => toRow(table, columns, row))),
      );
    },
    async readPrefixes(table, columns, prefixes) {
      const connection = await target.connection();
      const sql = prefixSql(table, columns, prefixes[0]?.length ?? 0);
      return snapshot(connection, prefixes.length, () =>
        prefixes.flatMap((prefix) =>
          connection.all(sql, toStoredKey(prefix)).map((row) => toRow(table, columns, row)),
        ),
      );
    },
    async readRange(table, columns, range) {
      const connection = await target.connection();
      const statements = scanSql(table, columns, range);
      return snapshot(connection, statements.length, () => {
        const rows: Row[] = [];
        for (const { sql, values } of statements) {
          const limit = range.limit === undefined ? [] : [BigInt(range.limit - rows.length)];
          for (const row of connection.all(sql, [...values, ...limit])) rows.push(toRow(table, columns, row));
          if (rows.length === range.limit) break;
        }
        return rows;
      });
    },
  };
}

/** Another process may commit between two statements: several reads that belong together share one snapshot. */
function snapshot<R>(connection: SqliteConnection, reads: number, read: () => R): R {
  if (reads < 2 || connection.isInTransaction()) return read();
  connection.exec('BEGIN');
  try {
    return read();
  } finally {
    connection.exec('COMMIT');
  }
}

async function runQuery(schema: Schema, target: SqliteTarget, query: CompiledQuery): Promise<readonly Row[]> {
  const connection = await target.connection();
  const values = query.parameters.map((parameter) => toParameter(parameter, () => target.commitInstant()));
  const { rows, origins } = connection.select(query.sql, values);
  const known = resultColumns(schema, query.query);
  const columns = origins.map((origin) => known.get(origin.name) ?? originColumn(schema, origin));
  return rows.map((stored) =>
    Object.fromEntries(
      origins.map(({ name }, position) => {
        const column = columns[position];
        const value = stored[position] ?? null;
        return [name, column === undefined ? fromUntypedSqliteValue(value) : fromSqliteValue(column, value)];
      }),
    ),
  );
}

/** Where the query's own tree does not tell a result's type (raw SQL), SQLite still knows which column it comes from. */
function originColumn(schema: Schema, origin: ColumnOrigin): Column | undefined {
  const table = schema.find((candidate) => candidate.name === origin.table);
  const column = origin.column === null ? undefined : table?.columns[origin.column];
  if (column?.kind === 'encrypted') {
    throw new Failure(
      'invalid_params',
      'An encrypted column cannot be queried: read it by get, getMany or scan',
      {
        data: { column: origin.column },
      },
    );
  }
  return column;
}

function toParameter(parameter: unknown, commitInstant: () => string): SQLInputValue {
  if (isTypedValue(parameter)) return toSqliteValue(parameter.plain, commitInstant);
  switch (typeof parameter) {
    case 'string':
    case 'bigint':
      return parameter;
    case 'number':
      return Number.isSafeInteger(parameter) ? BigInt(parameter) : parameter;
    case 'boolean':
      return parameter ? 1n : 0n;
    default:
      if (parameter === null || parameter instanceof Uint8Array) return parameter;
      throw new Failure(
        'invalid_params',
        'A query has a parameter that stands beside no column and is no plain value',
        {
          data: { type: typeof parameter },
        },
      );
  }
}
