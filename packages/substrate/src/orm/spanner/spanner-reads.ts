import type { Snapshot } from '@google-cloud/spanner';
import { checkKey, keyText } from '../checked-mutation.ts';
import { inBackticks, notNull } from '../ddl.ts';
import { type KeyRange, orderSql, sqlStretches } from '../key-range.ts';
import { toPlainParameter } from '../kysely/typed-value.ts';
import type { PlainValue } from '../plain-value.ts';
import type { Row } from '../reader.ts';
import type { Index, Table } from '../table.ts';
import { type ClientRow, type ReadRequest, readRows, runSql } from './client-calls.ts';
import { toParameters } from './query-parameters.ts';
import type { SpannerTarget } from './spanner-target.ts';
import { fromSpannerValue, type SpannerValue, toSpannerValue } from './spanner-value.ts';

/** Keys of one request: it may have 10 MB, and a key 8 KiB (cloud.google.com/spanner/quotas). */
const mostKeys = 1_000;

type Key = readonly PlainValue[];
interface ListValue {
  readonly values: readonly SpannerValue[];
}

/** Rows by key through the read API: on the emulator SQL would scan the table, in production it costs a query plan. */
export async function readKeys(
  target: SpannerTarget,
  table: Table,
  columns: readonly string[],
  keys: readonly Key[],
): Promise<readonly Row[]> {
  return target.read(keys.length > mostKeys ? 'several' : 'one', (snapshot) =>
    readKeysOf(snapshot, table, columns, keys),
  );
}

function readKeysOf(
  snapshot: Snapshot,
  table: Table,
  columns: readonly string[],
  keys: readonly Key[],
): Promise<readonly Row[]> {
  return readInParts(snapshot, table, columns, keys, (some) => ({ keys: some.map(toListValue) }));
}

/** Rows of many ranges, each of which is all that begins with some values. */
export async function readPrefixes(
  target: SpannerTarget,
  table: Table,
  columns: readonly string[],
  prefixes: readonly Key[],
): Promise<readonly Row[]> {
  return target.read(prefixes.length > mostKeys ? 'several' : 'one', (snapshot) =>
    readInParts(snapshot, table, columns, prefixes, (some) => ({
      ranges: some.map((prefix) => ({ startClosed: toListValue(prefix), endClosed: toListValue(prefix) })),
    })),
  );
}

async function readInParts(
  snapshot: Snapshot,
  table: Table,
  columns: readonly string[],
  keys: readonly Key[],
  toKeySet: (some: readonly Key[]) => object,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (let start = 0; start < keys.length; start += mostKeys) {
    const keySet = toKeySet(keys.slice(start, start + mostKeys));
    // Not `push(...)`: a spread of very many rows overflows the stack.
    for (const row of await read(snapshot, table, { columns, keySet })) rows.push(row);
  }
  return rows;
}

/**
 * Rows of a range in order. The read API follows a key or an index forwards only, and a key of an index has the index's own
 * columns only, so it cannot begin between rows with equal ones: both take SQL.
 */
export async function readRange(
  target: SpannerTarget,
  table: Table,
  columns: readonly string[],
  range: KeyRange,
): Promise<readonly Row[]> {
  if (range.descending || (range.index !== undefined && range.after !== undefined)) {
    return target.read('several', (snapshot) => readBySql(snapshot, table, columns, range));
  }
  const request = {
    keySet: rangeKeySet(range),
    ...(range.limit === undefined ? {} : { limit: range.limit }),
  };
  const { index } = range;
  if (index === undefined) {
    return target.read('one', (snapshot) => read(snapshot, table, { ...request, columns }));
  }
  if (columns.every((name) => isInIndex(table, index, name))) {
    return target.read('one', (snapshot) =>
      read(snapshot, table, { ...request, columns, index: index.name }),
    );
  }
  return target.read('several', async (snapshot) => {
    const keyColumns = table.primaryKey.map((part) => part.column);
    const entries = await read(snapshot, table, { ...request, columns: keyColumns, index: index.name });
    const keys = entries.map((entry) => checkKey(table, entry).values);
    const rows = await readKeysOf(snapshot, table, [...new Set([...keyColumns, ...columns])], keys);
    return inOrderOf(table, keys, rows).map((row) => pick(row, columns));
  });
}

async function read(snapshot: Snapshot, table: Table, request: ReadRequest): Promise<readonly Row[]> {
  const rows = await readRows(snapshot, table.name, request);
  return rows.map((row) => toRow(table, row));
}

async function readBySql(
  snapshot: Snapshot,
  table: Table,
  columns: readonly string[],
  range: KeyRange,
): Promise<readonly Row[]> {
  const { index, limit } = range;
  const hint = index === undefined ? '' : indexHint(index);
  const filter = index?.nullFiltered === true ? notNull(table, index, inBackticks) : '';
  const rows: Row[] = [];
  for (const { where, names, values } of sqlStretches(range, inBackticks)) {
    const parameters = values.map((value, position) => toParameter(table, names[position] ?? '', value));
    const conditions = [...numbered(where), filter].filter((condition) => condition !== '');
    const sql = [
      `SELECT ${columns.map(inBackticks).join(', ')} FROM ${inBackticks(table.name)}${hint}`,
      conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`,
      `ORDER BY ${orderSql(range, inBackticks)}`,
      limit === undefined ? '' : `LIMIT ${limit - rows.length}`,
    ].join(' ');
    for (const row of await runSql(snapshot, sql, toParameters(parameters))) rows.push(toRow(table, row));
    if (rows.length === limit) break;
  }
  return rows;
}

/** The emulator cannot tell that our conditions leave no nulls wanted; production passes over hints for the emulator. */
function indexHint(index: Index): string {
  const trust = index.nullFiltered ? ', spanner_emulator.disable_query_null_filtered_index_check=true' : '';
  return `@{FORCE_INDEX=${inBackticks(index.name)}${trust}}`;
}

function toParameter(table: Table, name: string, value: PlainValue): unknown {
  const column = table.columns[name];
  return column === undefined ? value : toPlainParameter(column, value);
}

/** `?` as @p1, @p2, ... */
function numbered(where: string): readonly string[] {
  let count = 0;
  return [where.replaceAll('?', () => `@p${++count}`)];
}

function rangeKeySet({ prefix, after }: KeyRange): object {
  if (prefix.length === 0 && after === undefined) return { all: true };
  const end = { endClosed: toListValue(prefix) };
  return {
    ranges: [
      after === undefined
        ? { startClosed: toListValue(prefix), ...end }
        : { startOpen: toListValue(after), ...end },
    ],
  };
}

function toListValue(values: readonly PlainValue[]): ListValue {
  return { values: values.map(toSpannerValue) };
}

function isInIndex(table: Table, index: Index, name: string): boolean {
  return (
    [...index.columns, ...table.primaryKey].some((part) => part.column === name) ||
    index.storing.includes(name)
  );
}

function inOrderOf(table: Table, keys: readonly Key[], rows: readonly Row[]): readonly Row[] {
  const rowsByKey = new Map(rows.map((row) => [keyText(checkKey(table, row).values), row]));
  return keys.flatMap((key) => {
    const row = rowsByKey.get(keyText(key));
    return row === undefined ? [] : [row];
  });
}

function pick(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(columns.map((name) => [name, row[name]]));
}

function toRow(table: Table, stored: ClientRow): Row {
  const row: Row = {};
  for (const { name, value } of stored) {
    const column = table.columns[name];
    if (column !== undefined) row[name] = fromSpannerValue(value, column);
  }
  return row;
}
