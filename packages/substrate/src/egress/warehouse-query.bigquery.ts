import type { BigQuery, Job, Query, QueryRowsResponse } from '@google-cloud/bigquery';
import type { Clock } from '../clock/clock.ts';
import { Failure } from '../failure/failure.ts';
import type { JsonObject, JsonValue } from '../json/json-value.ts';
import type { WarehouseQueryOptions, WarehouseRows } from './warehouse.ts';
import { translateBigQueryFailure } from './warehouse-failures.bigquery.ts';

/** Runs one SELECT, after BigQuery itself has said, without running it, that it is one. */
export async function runReadOnly(
  bigquery: BigQuery,
  query: Query & { readonly query: string },
  { maxRows, timeoutMs = 30_000 }: WarehouseQueryOptions,
  clock: Clock,
): Promise<WarehouseRows> {
  const timer = new AbortController();
  let job: Job | undefined;
  async function run(): Promise<WarehouseRows> {
    await requireSelect(bigquery, query);
    [job] = await bigquery.createQueryJob({ ...query, jobTimeoutMs: timeoutMs });
    return readRows(job, maxRows);
  }
  const lateness = clock.sleep(timeoutMs, timer.signal).then(() => {
    job?.cancel().catch(() => undefined);
    throw new Failure('invalid_params', 'The query takes too long', { data: { timeoutMs } });
  });
  try {
    return await Promise.race([run(), lateness]);
  } catch (thrown) {
    throw translateRefusedQuery(thrown);
  } finally {
    timer.abort();
    lateness.catch(() => undefined);
  }
}

/** https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobStatistics2: several statements are a SCRIPT. */
async function requireSelect(bigquery: BigQuery, query: Query & { readonly query: string }): Promise<void> {
  if (!/[^\s;]/.test(query.query)) throw refuse('nothing');
  const [{ metadata }] = await bigquery.createQueryJob({ ...query, dryRun: true });
  const { statistics } = metadata as { statistics?: { query?: { statementType?: string } } };
  const statementType = statistics?.query?.statementType;
  if (statementType !== 'SELECT') throw refuse(statementType ?? 'another statement');
}

function refuse(found: string): Failure {
  return new Failure('invalid_params', 'Only one SELECT may be run', { data: { reason: `found ${found}` } });
}

/** Reads one row more than is wanted, to know whether there are more. */
export async function readRows(job: Job, maxRows: number): Promise<WarehouseRows> {
  const rows: JsonObject[] = [];
  let page: QueryRowsResponse;
  let pageToken: string | undefined;
  do {
    page = await job.getQueryResults({
      // A number keeps the library from fetching all pages.
      maxResults: maxRows + 1 - rows.length,
      wrapIntegers: { integerTypeCastFunction: readInteger },
      parseJSON: true,
      ...(pageToken === undefined ? {} : { pageToken }),
    });
    rows.push(...page[0].map((row) => toJson(row) as JsonObject));
    pageToken = page[1]?.pageToken;
    // Without a token the query is still running.
  } while (page[1] !== null && rows.length <= maxRows);
  const columns = (page[2]?.schema?.fields ?? []).map(({ name = '', type = '', mode }) => ({
    name,
    type: mode === 'REPEATED' ? `ARRAY<${type}>` : type,
  }));
  return { columns, rows: rows.slice(0, maxRows), truncated: rows.length > maxRows };
}

function readInteger(text: string): number | string {
  const integer = Number(text);
  return Number.isSafeInteger(integer) ? integer : text;
}

/** Of the library's values: dates and times have a text, decimals know how to write themselves. */
function toJson(value: unknown): JsonValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(toJson);
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (typeof value !== 'object') return null;
  if (Object.getPrototypeOf(value) === Object.prototype)
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toJson(member)]));
  if ('toFixed' in value && typeof value.toFixed === 'function') return String(value.toFixed());
  return 'value' in value ? toJson(value.value) : null;
}

/** Whoever asks learns what BigQuery says about the query: it is theirs. */
function translateRefusedQuery(thrown: unknown): Failure {
  const failure = translateBigQueryFailure(thrown, {});
  const isRefused = failure.code === 'not_found' || failure.code === 'invalid_params';
  if (!isRefused || failure === thrown) return failure;
  const reason = thrown instanceof Error ? thrown.message.slice(0, 1_000) : 'unknown';
  return new Failure('invalid_params', 'The query cannot be run', { data: { reason }, cause: failure.cause });
}
