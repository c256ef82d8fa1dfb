import { DuckDBInstance } from '@duckdb/node-api';
import { createJobs } from './bigquery-jobs.ts';
import { macros } from './bigquery-sql.ts';
import { createDatasetTables, type DatasetTables, requireMembers } from './bigquery-tables.ts';
import { RestRefusal, type RestRequest, serveRest } from './google-rest.ts';

export interface BigQueryStandIn {
  /** For the client's `apiEndpoint`. */
  readonly endpoint: string;
  /** What was asked for, in order: `insertAll user_changes_raw 500` (rows), `jobs.insert`, `tables.patch user_current`, … */
  readonly calls: readonly string[];
  /** The next calls of one kind are refused so, before anything is done, once so many have been let through. */
  refuse(
    call: string,
    refusal: { readonly status: number; readonly reason: string },
    times: number,
    after?: number,
  ): void;
  /** Streaming does not know tables that are younger than so many milliseconds, as Google's does for minutes. 0 at first. */
  hideYoungTables(ms: number): void;
  /** Queries that are begun from now on do not end before it is called with false. */
  stallQueries(isStalled: boolean): void;
  close(): Promise<void>;
}

export interface BigQueryStandInOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** So long the same insertId is taken for a repetition. Google's: by best effort, for a minute; that is the default. */
  readonly rememberedMs?: number;
}

interface Dataset {
  readonly resource: object;
  readonly tables: DatasetTables;
}

/** Of one request (https://cloud.google.com/bigquery/quotas#streaming_inserts). */
const maximumBytes = 10 * 1024 * 1024;

/**
 * BigQuery's REST interface, as far as it is used here, over DuckDB in memory: datasets and tables (insert, get, patch), views,
 * `tabledata.insertAll`, query jobs. It knows no permissions. docs/testing-google-cloud.md says what it proves and what it cannot.
 */
export async function startBigQuery({
  port = 0,
  rememberedMs = 60_000,
}: BigQueryStandInOptions = {}): Promise<BigQueryStandIn> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    // BigQuery's: nulls come first ascending, last descending.
    default_null_order: 'nulls_first_on_asc_last_on_desc',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    enable_external_access: 'false',
  });
  const writer = await instance.connect();
  await writer.run("SET GLOBAL TimeZone = 'UTC'");
  for (const macro of macros) await writer.run(macro);
  const datasets = new Map<string, Dataset>();
  const jobs = createJobs(instance);
  const calls: string[] = [];
  let refusal:
    | { readonly call: string; readonly answer: RestRefusal; after: number; left: number }
    | undefined;
  let youngMs = 0;
  let lastWrite: Promise<unknown> = Promise.resolve();

  function note(call: string, details = ''): void {
    calls.push(`${call} ${details}`.trimEnd());
    if (refusal?.call === call && refusal.after-- <= 0 && refusal.left-- > 0) throw refusal.answer;
  }

  /** One writer at a time: DuckDB answers concurrent changes of its catalog with a conflict. */
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = lastWrite.then(work);
    lastWrite = result.catch(() => undefined);
    return result;
  }

  function findDataset(projectId: string, datasetId: string): Dataset {
    const dataset = datasets.get(`${projectId}.${datasetId}`);
    if (dataset === undefined)
      throw new RestRefusal(404, 'notFound', `Not found: Dataset ${projectId}:${datasetId}`);
    return dataset;
  }

  async function insertDataset(projectId: string, body: RestRequest['body']): Promise<object> {
    requireMembers(body, ['datasetReference', 'location']);
    const { datasetId = '' } = (body['datasetReference'] ?? {}) as { readonly datasetId?: string };
    if (!/^\w{1,1024}$/.test(datasetId))
      throw new RestRefusal(400, 'invalid', `Invalid dataset ID "${datasetId}".`);
    const id = `${projectId}.${datasetId}`;
    if (datasets.has(id))
      throw new RestRefusal(409, 'duplicate', `Already Exists: Dataset ${projectId}:${datasetId}`);
    await writer.run(`CREATE SCHEMA "${id}"`);
    const resource = {
      kind: 'bigquery#dataset',
      id: `${projectId}:${datasetId}`,
      datasetReference: { projectId, datasetId },
      location: body['location'] ?? 'US',
    };
    datasets.set(id, {
      resource,
      tables: createDatasetTables({ connection: writer, projectId, datasetId, rememberedMs }),
    });
    return resource;
  }

  async function insertAll(
    tables: DatasetTables,
    tableId: string,
    body: RestRequest['body'],
  ): Promise<object> {
    const { rows } = body;
    note('insertAll', `${tableId} ${Array.isArray(rows) ? rows.length : 0}`);
    const table = tables.find(tableId);
    if (Date.now() - Number(table.creationTime) < youngMs)
      throw new RestRefusal(404, 'notFound', `Not found: Table ${table.id}`);
    const insertErrors = await inTurn(() => tables.insertAll(tableId, body));
    return {
      kind: 'bigquery#tableDataInsertAllResponse',
      ...(insertErrors.length === 0 ? {} : { insertErrors }),
    };
  }

  async function answerDataset(
    request: RestRequest,
    projectId: string,
    rest: readonly string[],
  ): Promise<object> {
    const [datasetId = '', ...below] = rest;
    const route = [request.method, ...below.map((part, index) => (index === 1 ? '*' : part))].join(' ');
    if (datasetId === '') {
      if (request.method !== 'POST') throw notThere();
      note('datasets.insert');
      return inTurn(() => insertDataset(projectId, request.body));
    }
    const [, tableId = ''] = below;
    const { resource, tables } = findDataset(projectId, datasetId);
    switch (route) {
      case 'GET':
        note('datasets.get', datasetId);
        return resource;
      case 'POST tables':
        note('tables.insert');
        return inTurn(() => tables.insert(request.body));
      case 'GET tables *':
        note('tables.get', tableId);
        return tables.find(tableId);
      case 'PATCH tables *':
        note('tables.patch', tableId);
        return inTurn(() => tables.patch(tableId, request.body));
      case 'POST tables * insertAll':
        return insertAll(tables, tableId, request.body);
      default:
        throw notThere();
    }
  }

  async function answer(request: RestRequest): Promise<object> {
    const [projects, projectId = '', collection, ...rest] = request.path;
    const [id = ''] = rest;
    if (projects !== 'projects') throw notThere();
    if (collection === 'datasets') return answerDataset(request, projectId, rest);
    switch (
      [request.method, collection, ...rest.map((part, index) => (index === 0 ? '*' : part))].join(' ')
    ) {
      case 'POST jobs':
        note('jobs.insert');
        return jobs.insert(projectId, request.body);
      case 'GET queries *':
        note('jobs.getQueryResults');
        return jobs.getQueryResults(projectId, id, request.query);
      case 'POST jobs * cancel':
        note('jobs.cancel');
        return jobs.cancel(projectId, id);
      default:
        throw notThere();
    }
  }

  const server = await serveRest({ root: '/bigquery/v2/', port, maximumBytes, answer });
  return {
    endpoint: `http://127.0.0.1:${server.port}`,
    calls,
    refuse: (call, { status, reason }, times, after = 0) => {
      refusal = { call, answer: new RestRefusal(status, reason, 'Refused by a test'), after, left: times };
    },
    hideYoungTables: (ms) => {
      youngMs = ms;
    },
    stallQueries: (isStalled) => jobs.stall(isStalled),
    async close() {
      jobs.stall(false);
      await server.close();
      await lastWrite;
      writer.closeSync();
      instance.closeSync();
    },
  };
}

function notThere(): RestRefusal {
  return new RestRefusal(404, 'notFound', 'Method not found.');
}
