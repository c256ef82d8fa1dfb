import { RestRefusal } from './google-rest.ts';

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly mode?: string;
}

export interface RowError {
  readonly reason: string;
  readonly location: string;
  readonly debugInfo: string;
  readonly message: string;
}

interface ColumnType {
  readonly duckdb: string;
  /** The value for DuckDB, or undefined where it does not fit. */
  read(value: unknown): unknown;
}

/** Of the names of legacy SQL, which the REST interface answers with, and of GoogleSQL, which it takes as well. */
const columnTypes: Readonly<Record<string, ColumnType>> = {
  STRING: { duckdb: 'VARCHAR', read: (value) => (typeof value === 'string' ? value : undefined) },
  INTEGER: { duckdb: 'BIGINT', read: readInteger },
  TIMESTAMP: { duckdb: 'TIMESTAMPTZ', read: readTimestamp },
  JSON: { duckdb: 'JSON', read: readJson },
};

export function columnTypeOf({ name, type }: Column): ColumnType {
  const known = columnTypes[type === 'INT64' ? 'INTEGER' : type];
  if (known === undefined)
    throw new RestRefusal(400, 'invalid', `The stand-in has no columns of type ${type} (field: ${name})`);
  return known;
}

/** Columns as `tables.insert` takes them. */
export function readColumns(fields: unknown): readonly Column[] {
  if (!Array.isArray(fields)) throw new RestRefusal(400, 'invalid', 'Schema has no fields.');
  return (fields as readonly Column[]).map((field) => {
    columnTypeOf(field);
    if (!/^[A-Za-z_]\w{0,299}$/.test(field.name))
      throw new RestRefusal(400, 'invalid', `Invalid field name "${field.name}".`);
    const mode = field.mode ?? 'NULLABLE';
    if (mode !== 'NULLABLE' && mode !== 'REQUIRED')
      throw new RestRefusal(
        400,
        'invalid',
        `The stand-in has no columns of mode ${mode} (field: ${field.name})`,
      );
    return { ...field, mode };
  });
}

/**
 * What a patch of a schema adds. Only additions that may be null, and relaxations, are allowed
 * (https://cloud.google.com/bigquery/docs/managing-table-schemas).
 */
export function addedColumns(
  table: string,
  before: readonly Column[],
  after: readonly Column[],
): readonly Column[] {
  const refuse = (why: string) =>
    new RestRefusal(400, 'invalid', `Provided Schema does not match Table ${table}. ${why}`);
  const wanted = new Map(after.map((column) => [column.name, column]));
  for (const { name, type, mode } of before) {
    const column = wanted.get(name);
    if (column === undefined) throw refuse(`Field ${name} is missing in new schema`);
    if (column.type !== type) throw refuse(`Field ${name} has changed type from ${type} to ${column.type}`);
    if (mode === 'NULLABLE' && column.mode === 'REQUIRED')
      throw refuse(`Field ${name} has changed mode from NULLABLE to REQUIRED`);
    wanted.delete(name);
  }
  const added = [...wanted.values()];
  const required = added.find(({ mode }) => mode === 'REQUIRED');
  if (required !== undefined)
    throw refuse(`Cannot add required fields to an existing schema. (field: ${required.name})`);
  return added;
}

const yearMs = 365 * 24 * 3_600_000;

/** A row's values in the order of the columns, or what is wrong with it, as `insertErrors` has it. */
export function readRow(
  row: Readonly<Record<string, unknown>>,
  columns: readonly Column[],
  partitionedBy: string | undefined,
): { readonly values: readonly unknown[] } | { readonly error: RowError } {
  const refuse = (location: string, message: string) => ({
    error: { reason: 'invalid', location, debugInfo: '', message },
  });
  const values: unknown[] = [];
  for (const column of columns) {
    const { name, mode } = column;
    const given = row[name] ?? null;
    if (given === null && mode === 'REQUIRED') return refuse('', `Missing required field: ${name}.`);
    const value = given === null ? null : columnTypeOf(column).read(given);
    if (value === undefined) return refuse(name, describeMisfit(column, given));
    if (name === partitionedBy && typeof value === 'number' && !isWithinPartitions(value))
      return refuse('', `The value of field ${name} is outside the allowed bounds of partitions`);
    values.push(value);
  }
  const known = new Set(columns.map(({ name }) => name));
  const stray = Object.keys(row).find((name) => !known.has(name));
  return stray === undefined ? { values } : refuse(stray, `no such field: ${stray}.`);
}

function describeMisfit({ name, type }: Column, value: unknown): string {
  return typeof value === 'object'
    ? `This field: ${name} is not a record.`
    : `Cannot convert value to ${type.toLowerCase()} (bad value): ${JSON.stringify(value)}`;
}

/** "between 10 years in the past and 1 year in the future" (https://cloud.google.com/bigquery/docs/streaming-data-into-bigquery). */
function isWithinPartitions(ms: number): boolean {
  return ms > Date.now() - 10 * yearMs && ms < Date.now() + yearMs;
}

function readInteger(value: unknown): bigint | undefined {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  return /^-?\d{1,18}$/.test(text) ? BigInt(text) : undefined;
}

/** Milliseconds. Of the forms that BigQuery takes, RFC 3339 in UTC. */
function readTimestamp(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/.test(value))
    return undefined;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? undefined : ms;
}

/** JSON is streamed as text. Half a surrogate pair is no JSON to Google; JavaScript writes halves alone as escapes. */
function readJson(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    const mayHaveHalves = /\\ud[89a-f]/i.test(value);
    return mayHaveHalves && /(?<!\\)(?:\\\\)*\\ud[89a-f]/i.test(JSON.stringify(parsed)) ? undefined : value;
  } catch {
    return undefined;
  }
}
