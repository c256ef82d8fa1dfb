import { randomUUID } from 'node:crypto';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { type QueryResult, toQueryResult } from './bigquery-results.ts';
import { translateQuery } from './bigquery-sql.ts';
import { requireMembers, runTranslated } from './bigquery-tables.ts';
import { RestRefusal } from './google-rest.ts';

type Body = Readonly<Record<string, unknown>>;

interface QueryConfiguration {
  readonly query?: string;
  readonly defaultDataset?: { readonly projectId?: string; readonly datasetId: string };
  readonly queryParameters?: readonly {
    readonly name: string;
    readonly parameterType: { readonly type: string };
    readonly parameterValue: { readonly value?: string };
  }[];
  readonly useLegacySql?: boolean;
}

interface Job {
  readonly projectId: string;
  readonly jobId: string;
  readonly connection: DuckDBConnection;
  readonly result: Promise<QueryResult>;
  isDone: boolean;
}

export interface Jobs {
  insert(projectId: string, body: Body): Promise<object>;
  getQueryResults(projectId: string, jobId: string, query: URLSearchParams): Promise<object>;
  cancel(projectId: string, jobId: string): object;
  /** Queries that are begun from now on do not end before it is called with false. */
  stall(isStalled: boolean): void;
}

/** What `getQueryResults` waits by its reference, unless told. */
const waitMs = 10_000;
const keptJobs = 100;

/** Query jobs. One SELECT of the translated kind is run; a dry run names the kind of any statement. */
export function createJobs(instance: DuckDBInstance): Jobs {
  const jobs = new Map<string, Job>();
  let gate = Promise.resolve();
  let open = () => {};

  async function insert(projectId: string, body: Body): Promise<object> {
    requireMembers(body, ['configuration', 'jobReference']);
    const configuration = (body['configuration'] ?? {}) as Body;
    requireMembers(configuration, ['query', 'dryRun', 'jobTimeoutMs']);
    const query = (configuration['query'] ?? {}) as Body & QueryConfiguration;
    requireMembers(query, [
      'query',
      'useLegacySql',
      'defaultDataset',
      'maximumBytesBilled',
      'parameterMode',
      'queryParameters',
    ]);
    if (query.useLegacySql !== false)
      throw new RestRefusal(400, 'invalidQuery', 'The stand-in has no legacy SQL.');
    if (!query.query) throw new RestRefusal(400, 'required', 'Required parameter is missing: query');
    const { jobId = randomUUID(), location = 'US' } = (body['jobReference'] ?? {}) as {
      readonly jobId?: string;
      readonly location?: string;
    };
    const { statementType, duckdb } = translateQuery(query.query);
    const isDryRun = configuration['dryRun'] === true;
    const answer = {
      kind: 'bigquery#job',
      jobReference: { projectId, location, ...(isDryRun ? {} : { jobId }) },
      configuration: { jobType: 'QUERY', ...configuration },
      statistics: { query: { statementType, totalBytesProcessed: '0' } },
      status: { state: isDryRun ? 'DONE' : 'RUNNING' },
    };
    if (isDryRun && duckdb === null) return answer;
    if (duckdb === null) throw new RestRefusal(400, 'invalid', `The stand-in runs no ${statementType}.`);
    if (jobs.has(jobId)) throw new RestRefusal(409, 'duplicate', `Already Exists: Job ${projectId}:${jobId}`);
    const connection = await instance.connect();
    try {
      const { projectId: ofProject = projectId, datasetId = '' } = query.defaultDataset ?? {};
      if (query.defaultDataset !== undefined) await connection.run(`USE memory."${ofProject}.${datasetId}"`);
      // Binds tables and columns, as a dry run does.
      const prepared = await runTranslated(() => connection.prepare(duckdb));
      if (isDryRun) return answer;
      const values = readParameters(query);
      if (Object.keys(values).length > 0) prepared.bind(values);
      start({ projectId, jobId, connection }, async () => toQueryResult(await prepared.runAndReadAll()));
    } finally {
      if (isDryRun || !jobs.has(jobId)) connection.closeSync();
    }
    return answer;
  }

  function start(job: Omit<Job, 'result' | 'isDone'>, run: () => Promise<QueryResult>): void {
    const result = gate.then(() => runTranslated(run));
    const started: Job = { ...job, result, isDone: false };
    jobs.set(job.jobId, started);
    const end = () => {
      started.isDone = true;
      job.connection.closeSync();
    };
    result.then(end, end);
    for (const [jobId, { isDone }] of jobs) {
      if (jobs.size <= keptJobs) break;
      if (isDone) jobs.delete(jobId);
    }
  }

  function find(projectId: string, jobId: string): Job {
    const job = jobs.get(jobId);
    if (job?.projectId !== projectId)
      throw new RestRefusal(404, 'notFound', `Not found: Job ${projectId}:${jobId}`);
    return job;
  }

  async function getQueryResults(projectId: string, jobId: string, query: URLSearchParams): Promise<object> {
    const job = find(projectId, jobId);
    requireMembers(Object.fromEntries(query), [
      'formatOptions.useInt64Timestamp',
      'location',
      'maxResults',
      'pageToken',
      'prettyPrint',
      'timeoutMs',
    ]);
    const timeout = Promise.withResolvers<null>();
    const timer = setTimeout(() => timeout.resolve(null), Number(query.get('timeoutMs') ?? waitMs));
    const result = await Promise.race([job.result, timeout.promise]).finally(() => clearTimeout(timer));
    const answer = { kind: 'bigquery#getQueryResultsResponse', jobReference: { projectId, jobId } };
    if (result === null) return { ...answer, jobComplete: false };
    const from = Number(query.get('pageToken') ?? 0);
    // Google's pages are of at most 10 MB; these are of some rows.
    const count = Math.min(Number(query.get('maxResults') ?? pageRows), pageRows);
    const rows = result.rows(from, count, query.get('formatOptions.useInt64Timestamp') === 'true');
    const next = from + rows.length;
    return {
      ...answer,
      jobComplete: true,
      schema: result.schema,
      totalRows: String(result.count),
      rows,
      ...(next < result.count ? { pageToken: String(next) } : {}),
    };
  }

  return {
    insert,
    getQueryResults,
    cancel(projectId, jobId) {
      const job = find(projectId, jobId);
      if (!job.isDone) job.connection.interrupt();
      return { kind: 'bigquery#jobCancelResponse', job: { jobReference: { projectId, jobId } } };
    },
    stall(isStalled) {
      open();
      if (!isStalled) return;
      const stalled = Promise.withResolvers<void>();
      gate = stalled.promise;
      open = stalled.resolve;
    },
  };
}

const pageRows = 1_000;

function readParameters({
  queryParameters = [],
}: QueryConfiguration): Readonly<Record<string, string | bigint>> {
  return Object.fromEntries(
    queryParameters.map(({ name, parameterType: { type }, parameterValue: { value = '' } }) => {
      if (type !== 'STRING' && type !== 'INT64')
        throw new RestRefusal(400, 'invalidQuery', `The stand-in has no parameters of type ${type}`);
      return [name, type === 'INT64' ? BigInt(value) : value];
    }),
  );
}
