import { type DuckDBConnection, DuckDBTimestampTZValue } from '@duckdb/node-api';
import {
  addedColumns,
  type Column,
  columnTypeOf,
  type RowError,
  readColumns,
  readRow,
} from './bigquery-schema.ts';
import { invalidQuery, translateQuery } from './bigquery-sql.ts';
import { RestRefusal } from './google-rest.ts';

/** A table or view, as `tables.get` answers. */
export interface TableResource {
  readonly kind: 'bigquery#table';
  readonly id: string;
  readonly tableReference: {
    readonly projectId: string;
    readonly datasetId: string;
    readonly tableId: string;
  };
  readonly type: 'TABLE' | 'VIEW';
  readonly creationTime: string;
  readonly schema?: { readonly fields: readonly Column[] };
  readonly timePartitioning?: { readonly type: string; readonly field?: string };
  readonly clustering?: { readonly fields: readonly string[] };
  readonly view?: { readonly query: string; readonly useLegacySql: boolean };
}

export interface InsertErrors {
  readonly index: number;
  readonly errors: readonly RowError[];
}

type Body = Readonly<Record<string, unknown>>;

const stopped: RowError = { reason: 'stopped', location: '', debugInfo: '', message: '' };

export interface DatasetTables {
  find(tableId: string): TableResource;
  insert(body: Body): Promise<TableResource>;
  patch(tableId: string, body: Body): Promise<TableResource>;
  insertAll(tableId: string, body: Body): Promise<readonly InsertErrors[]>;
}

export interface DatasetTablesOptions {
  readonly connection: DuckDBConnection;
  readonly projectId: string;
  readonly datasetId: string;
  /** So long the same insertId is taken for a repetition. */
  readonly rememberedMs: number;
}

/** The tables of one dataset, in a schema of DuckDB named `project.dataset`. One caller at a time. */
export function createDatasetTables({
  connection,
  projectId,
  datasetId,
  rememberedMs,
}: DatasetTablesOptions): DatasetTables {
  const schema = `${projectId}.${datasetId}`;
  const tables = new Map<string, TableResource>();
  const insertedAt = new Map<string, number>();

  function find(tableId: string): TableResource {
    const table = tables.get(tableId);
    if (table === undefined)
      throw new RestRefusal(404, 'notFound', `Not found: Table ${projectId}:${datasetId}.${tableId}`);
    return table;
  }

  async function insert(body: Body): Promise<TableResource> {
    requireMembers(body, ['tableReference', 'schema', 'timePartitioning', 'clustering', 'view']);
    const { tableId = '' } = (body['tableReference'] ?? {}) as { readonly tableId?: string };
    if (!/^\w{1,1024}$/.test(tableId))
      throw new RestRefusal(400, 'invalid', `Invalid table ID "${tableId}".`);
    if (tables.has(tableId))
      throw new RestRefusal(409, 'duplicate', `Already Exists: Table ${projectId}:${datasetId}.${tableId}`);
    const table = {
      kind: 'bigquery#table',
      id: `${projectId}:${datasetId}.${tableId}`,
      tableReference: { projectId, datasetId, tableId },
      creationTime: String(Date.now()),
    } as const;
    const made: TableResource =
      body['view'] === undefined
        ? { ...table, type: 'TABLE', ...(await createTable(tableId, body)) }
        : { ...table, type: 'VIEW', view: await createView(tableId, body['view']) };
    tables.set(tableId, made);
    return made;
  }

  async function createTable(tableId: string, body: Body) {
    const fields = readColumns((body['schema'] as Body | undefined)?.['fields']);
    const timePartitioning = body['timePartitioning'] as TableResource['timePartitioning'];
    const clustering = body['clustering'] as TableResource['clustering'];
    const field = timePartitioning?.field;
    if (field !== undefined && fields.find(({ name }) => name === field)?.type !== 'TIMESTAMP')
      throw new RestRefusal(400, 'invalid', `The field specified for partitioning is no TIMESTAMP: ${field}`);
    const clustered = clustering?.fields ?? [];
    if (clustered.length > 4 || clustered.some((name) => !fields.some((column) => column.name === name)))
      throw new RestRefusal(400, 'invalid', 'At most four fields of the schema may be clustered by');
    const columns = fields.map((column) => `"${column.name}" ${columnTypeOf(column).duckdb}`);
    await connection.run(`CREATE TABLE "${schema}"."${tableId}" (${columns.join(', ')})`);
    return {
      schema: { fields },
      ...(timePartitioning === undefined ? {} : { timePartitioning }),
      ...(clustering === undefined ? {} : { clustering }),
    };
  }

  async function createView(tableId: string, view: unknown) {
    const { query = '', useLegacySql = true } = view as {
      readonly query?: string;
      readonly useLegacySql?: boolean;
    };
    if (useLegacySql) throw new RestRefusal(400, 'invalidQuery', 'The stand-in has no legacy SQL.');
    // Google resolves nothing in a view by a default dataset.
    const bare = /\b(?:FROM|JOIN)\s+(?:\w+|`[^`.]*`)(?![\w`.])/i.exec(query)?.[0];
    if (bare !== undefined) throw invalidQuery(`Table must be qualified with a dataset: ${bare}`);
    const { duckdb } = translateQuery(query);
    if (duckdb === null) throw invalidQuery('A view is one SELECT.');
    await runTranslated(() => connection.run(`CREATE OR REPLACE VIEW "${schema}"."${tableId}" AS ${duckdb}`));
    return { query, useLegacySql };
  }

  async function patch(tableId: string, body: Body): Promise<TableResource> {
    const table = find(tableId);
    requireMembers(body, table.type === 'VIEW' ? ['view'] : ['schema']);
    if (table.type === 'VIEW') {
      const patched = { ...table, view: await createView(tableId, body['view']) };
      tables.set(tableId, patched);
      return patched;
    }
    const fields = readColumns((body['schema'] as Body | undefined)?.['fields']);
    for (const column of addedColumns(table.id, table.schema?.fields ?? [], fields))
      await connection.run(
        `ALTER TABLE "${schema}"."${tableId}" ADD COLUMN "${column.name}" ${columnTypeOf(column).duckdb}`,
      );
    const patched = { ...table, schema: { fields } };
    tables.set(tableId, patched);
    return patched;
  }

  async function insertAll(tableId: string, body: Body): Promise<readonly InsertErrors[]> {
    const table = find(tableId);
    if (table.type === 'VIEW')
      throw new RestRefusal(400, 'invalid', 'Cannot add rows to a table of type VIEW.');
    const rows = readInsertRows(body);
    const columns = table.schema?.fields ?? [];
    const read = rows.map(({ json }) => readRow(json, columns, table.timePartitioning?.field));
    if (read.some((row) => 'error' in row))
      return read.map((row, index) => ({ index, errors: ['error' in row ? row.error : stopped] }));
    const fresh = read.filter((_row, index) => isFresh(tableId, rows[index]?.insertId));
    const appender = await connection.createAppender(tableId, schema);
    for (const row of fresh) {
      if (!('values' in row)) continue;
      for (const [index, value] of row.values.entries()) {
        if (value === null) appender.appendNull();
        else if (columns[index]?.type === 'INTEGER') appender.appendBigInt(value as bigint);
        else if (columns[index]?.type === 'TIMESTAMP')
          appender.appendTimestampTZ(new DuckDBTimestampTZValue(BigInt(value as number) * 1000n));
        else appender.appendVarchar(value as string);
      }
      appender.endRow();
    }
    appender.closeSync();
    return [];
  }

  function isFresh(tableId: string, insertId: string | undefined): boolean {
    if (insertId === undefined) return true;
    const key = `${tableId} ${insertId}`;
    const now = Date.now();
    const before = insertedAt.get(key);
    // The newest stand last, so that the oldest are found first.
    insertedAt.delete(key);
    insertedAt.set(key, now);
    for (const [old, at] of insertedAt) {
      if (now - at < rememberedMs) break;
      insertedAt.delete(old);
    }
    return before === undefined || now - before >= rememberedMs;
  }

  return { find, insert, patch, insertAll };
}

interface InsertRow {
  readonly insertId?: string;
  readonly json: Readonly<Record<string, unknown>>;
}

/** https://cloud.google.com/bigquery/quotas#streaming_inserts */
function readInsertRows(body: Body): readonly InsertRow[] {
  requireMembers(body, ['rows']);
  const rows = (body['rows'] ?? []) as readonly InsertRow[];
  if (rows.length === 0) throw new RestRefusal(400, 'invalid', 'No rows present in the request.');
  if (rows.length > 50_000)
    throw new RestRefusal(
      400,
      'invalid',
      `too many rows present in the request, limit: 50000 row count: ${rows.length}.`,
    );
  if (rows.some(({ insertId = '' }) => Buffer.byteLength(insertId) > 128))
    throw new RestRefusal(400, 'invalid', 'insertId is longer than 128 bytes.');
  return rows;
}

/** Whatever the stand-in would pass over in silence is refused. */
export function requireMembers(body: Body, known: readonly string[]): void {
  const stray = Object.keys(body).find((name) => !known.includes(name));
  if (stray !== undefined)
    throw new RestRefusal(400, 'invalid', `The stand-in does not know the member ${stray} here.`);
}

/** DuckDB's objections in BigQuery's form; their words are DuckDB's. */
export async function runTranslated<Result>(run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    const missing = /Table with name (\S+) does not exist/.exec(message)?.[1];
    if (missing !== undefined)
      throw new RestRefusal(404, 'notFound', `Not found: Table ${missing} was not found`);
    throw invalidQuery(message);
  }
}
