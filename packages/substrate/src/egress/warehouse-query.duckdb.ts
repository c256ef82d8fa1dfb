import type {
  DuckDBConnection,
  DuckDBResultReader,
  DuckDBType,
  DuckDBValueConverter,
  Json,
} from '@duckdb/node-api';
import type { Clock } from '../clock/clock.ts';
import { Failure, isFailure } from '../failure/failure.ts';
import type { JsonValue } from '../json/json-value.ts';
import type { WarehouseQueryOptions, WarehouseRows } from './warehouse.ts';

type DuckDb = typeof import('@duckdb/node-api');

/** Runs one SELECT on a connection of its own, in a read-only transaction, and reads no further than it must. */
export async function runReadOnly(
  duckdb: DuckDb,
  connect: () => Promise<DuckDBConnection>,
  sql: string,
  { maxRows, timeoutMs = 30_000 }: WarehouseQueryOptions,
  clock: Clock,
): Promise<WarehouseRows> {
  const connection = await connect();
  const timer = new AbortController();
  let isLate = false;
  const lateness = clock.sleep(timeoutMs, timer.signal).then(
    () => {
      isLate = true;
      connection.interrupt();
    },
    () => undefined,
  );
  try {
    const reader = await readSelect(duckdb, connection, sql, maxRows);
    return toRows(duckdb, reader, maxRows);
  } catch (error) {
    if (isLate)
      throw new Failure('invalid_params', 'The query takes too long', { data: { timeoutMs }, cause: error });
    if (isFailure(error)) throw error;
    const reason = error instanceof Error ? error.message.slice(0, 1_000) : 'unknown';
    throw new Failure('invalid_params', 'The query cannot be run', { data: { reason }, cause: error });
  } finally {
    timer.abort();
    await lateness;
    connection.closeSync();
  }
}

/** DuckDB itself says what kind of statement it is: DESCRIBE and SHOW are SELECTs to it; EXPLAIN is not, for EXPLAIN ANALYZE executes. */
async function readSelect(
  duckdb: DuckDb,
  connection: DuckDBConnection,
  sql: string,
  maxRows: number,
): Promise<DuckDBResultReader> {
  if (!/[^\s;]/.test(sql)) throw refuse('nothing');
  const statements = await connection.extractStatements(sql);
  if (statements.count !== 1) throw refuse(`${statements.count} statements`);
  await connection.run('BEGIN TRANSACTION READ ONLY');
  const statement = await statements.prepare(0);
  const { statementType } = statement;
  if (statementType !== duckdb.StatementType.SELECT)
    throw refuse(duckdb.StatementType[statementType] ?? 'another statement');
  if (statement.parameterCount > 0) throw refuse('a statement with parameters');
  return statement.streamAndReadUntil(maxRows + 1);
}

function refuse(found: string): Failure {
  return new Failure('invalid_params', 'Send one SELECT, WITH, DESCRIBE or SHOW statement', {
    data: { found },
  });
}

function toRows(duckdb: DuckDb, reader: DuckDBResultReader, maxRows: number): WarehouseRows {
  const types = reader.columnTypes();
  const columns = reader
    .deduplicatedColumnNames()
    .map((name, index) => ({ name, type: describeType(types[index]) }));
  const rows = reader.convertRows(createConverter(duckdb)).slice(0, maxRows);
  return {
    columns,
    rows: rows.map((row) =>
      Object.fromEntries(columns.map(({ name, type }, index) => [name, readCell(row[index], type)])),
    ),
    truncated: reader.currentRowCount > maxRows,
  };
}

/** DuckDB keeps JSON as text; only the column knows that it is JSON. */
function readCell(cell: Json | undefined, type: string): JsonValue {
  if (cell === undefined) return null;
  // The library's type of JSON differs from ours in being mutable only.
  return (type === 'JSON' && typeof cell === 'string' ? JSON.parse(cell) : cell) as JsonValue;
}

function describeType(type: DuckDBType | undefined): string {
  return type?.alias ?? String(type);
}

/** As the library's JSON converter, but safe integers are numbers, and times RFC 3339 in UTC: its own text is in the machine's zone. */
function createConverter(duckdb: DuckDb): DuckDBValueConverter<Json> {
  const convert: DuckDBValueConverter<Json> = (value, type, converter) => {
    if (value instanceof duckdb.DuckDBTimestampTZValue || value instanceof duckdb.DuckDBTimestampValue) {
      const ms = Number(value.micros / 1000n);
      return Number.isFinite(new Date(ms).getTime()) ? new Date(ms).toISOString() : String(value.micros);
    }
    if (typeof value === 'bigint' && value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER)
      return Number(value);
    return duckdb.JsonDuckDBValueConverter(value, type, converter);
  };
  return convert;
}
