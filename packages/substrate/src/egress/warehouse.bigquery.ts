import type { BigQuery } from '@google-cloud/bigquery';
import type { Clock } from '../clock/clock.ts';
import { Failure, isFailure } from '../failure/failure.ts';
import { retry } from '../http/retry.ts';
import type { Change, IntegrationKey } from './change.ts';
import type { Warehouse, WarehouseEntityType, WarehouseProgress } from './warehouse.ts';
import { insertChanges } from './warehouse-append.bigquery.ts';
import { isConflict, translateBigQueryFailure } from './warehouse-failures.bigquery.ts';
import { readRows, runReadOnly } from './warehouse-query.bigquery.ts';
import { ensureEntityTables, type LandingTable } from './warehouse-tables.bigquery.ts';

export interface BigQueryWarehouseOptions {
  readonly projectId: string;
  /** Terraform makes it, with its location and who may read it; tables and views are made by `ensureTables`. */
  readonly dataset: string;
  /** Of the dataset, such as `europe-west1`: queries run there. */
  readonly location: string;
  readonly clock: Clock;
  /** A query that would read more is refused with `invalid_params`. Default 100 GB. */
  readonly maximumQueryBytes?: number;
  /** Another server that speaks BigQuery's protocol, such as `http://127.0.0.1:9050`: for tests, which get their dataset made. */
  readonly endpoint?: string;
}

/** https://cloud.google.com/bigquery/docs/error-messages, "streaming": that long may a new table or column be unknown to it. */
const settlingMs = 10 * 60_000;

/** Those of quotas of a table's metadata, of which several processes that start at once may meet one. */
const startRetries = { attempts: 5, initialDelayMs: 500, maxDelayMs: 10_000, maxWaitMs: 10_000 };

/**
 * The warehouse in BigQuery, written by `tabledata.insertAll` (docs/decisions/0020). An append goes in requests of at most 500 rows, each of
 * which lands whole or not at all; BigQuery drops what it was sent a moment before, as far as it remembers, and the views the rest. Nothing is
 * sent twice from here: the bus does that.
 */
export async function openBigQueryWarehouse(options: BigQueryWarehouseOptions): Promise<Warehouse> {
  const { projectId, dataset: datasetId, location, clock, maximumQueryBytes = 100e9, endpoint } = options;
  // Off Google's machines the library would ask for a metadata server first, for seconds.
  if (endpoint !== undefined) process.env['METADATA_SERVER_DETECTION'] = 'none';
  const { BigQuery } = await import('@google-cloud/bigquery');
  const bigquery = new BigQuery({
    projectId,
    location,
    retryOptions: { autoRetry: false },
    ...(endpoint === undefined ? {} : { apiEndpoint: endpoint }),
  });
  const dataset = bigquery.dataset(datasetId);
  const defaultDataset = { projectId, datasetId };
  const tables = new Map<string, LandingTable>();

  async function ensureTables(entityTypes: readonly WarehouseEntityType[]): Promise<void> {
    if (endpoint !== undefined) await createDataset(bigquery, datasetId);
    await Promise.all(
      entityTypes.map(async (entityType) => {
        const landing = await retry(
          () => ensureEntityTables(dataset, entityType, { projectId, dataset: datasetId }, clock.now()),
          { limits: startRetries, clock, isWorthRetrying: (failure) => failure.code === 'unavailable' },
        );
        const known = tables.get(entityType.entityType)?.changedAt ?? 0;
        const changedAt = Math.max(known, landing.changedAt);
        tables.set(entityType.entityType, { ...landing, changedAt });
      }),
    );
  }

  async function append(entityType: string, changes: readonly Change[]): Promise<void> {
    const landing = tables.get(entityType);
    if (landing === undefined)
      throw new Failure('not_found', 'The warehouse has no table for this entity type', {
        data: { entityType },
      });
    const stray = changes.find((change) => change.entityType !== entityType);
    if (stray !== undefined) {
      throw new Failure('invalid_params', 'A change of another entity type', {
        data: { entityType, found: stray.entityType, changeId: stray.changeId },
      });
    }
    try {
      await insertChanges(dataset, landing.table, changes, clock.now());
    } catch (thrown) {
      const isUnsettled = clock.now() - landing.changedAt < settlingMs;
      if (isUnsettled && (isFailure(thrown, 'not_found') || isFailure(thrown, 'invalid_params')))
        throw new Failure('unavailable', 'BigQuery may not know the new table or column yet', {
          data: thrown.data,
          cause: thrown,
        });
      throw thrown;
    }
  }

  async function progress({ customerId, integrationId }: IntegrationKey): Promise<WarehouseProgress> {
    if (tables.size === 0) return { highestSequence: 0, changes: 0 };
    const parts = [...tables.values()].map(
      ({ table }) =>
        `SELECT sequence FROM \`${table}\` WHERE customer_id = @customer AND integration_id = @integration`,
    );
    const query = `SELECT COALESCE(MAX(sequence), 0) AS highest, COUNT(DISTINCT sequence) AS changes FROM (${parts.join(' UNION ALL ')})`;
    const params = { customer: customerId, integration: integrationId };
    try {
      const [job] = await bigquery.createQueryJob({ query, params, defaultDataset });
      const { rows } = await readRows(job, 1);
      return { highestSequence: Number(rows[0]?.['highest']), changes: Number(rows[0]?.['changes']) };
    } catch (thrown) {
      throw translateBigQueryFailure(thrown, { dataset: datasetId });
    }
  }

  return {
    ensureTables,
    append,
    progress,
    query: (query, queryOptions) =>
      runReadOnly(
        bigquery,
        { query, defaultDataset, maximumBytesBilled: String(maximumQueryBytes) },
        queryOptions,
        clock,
      ),
    // Every call is a request of its own: nothing stays open.
    close: () => Promise.resolve(),
  };
}

async function createDataset(bigquery: BigQuery, datasetId: string): Promise<void> {
  try {
    await bigquery.createDataset(datasetId);
  } catch (thrown) {
    if (!isConflict(thrown)) throw translateBigQueryFailure(thrown, { dataset: datasetId });
  }
}
