import type { Dataset, TableMetadata } from '@google-cloud/bigquery';
import { Failure, isFailure } from '../failure/failure.ts';
import type { WarehouseEntityType } from './warehouse.ts';
import { isConflict, translateBigQueryFailure } from './warehouse-failures.bigquery.ts';
import { tableNamesOf } from './warehouse-names.ts';
import { type BigQueryDataset, bigQueryViewsOf } from './warehouse-views.bigquery.ts';
import { type RawColumnType, rawColumns } from './warehouse-views.ts';

export interface LandingTable {
  readonly table: string;
  /** When the table, or the newest of its columns, was made: streaming learns of either minutes later. */
  readonly changedAt: number;
}

interface Column {
  readonly name?: string;
  readonly type?: string;
  readonly mode?: string;
}

const columnTypes: Readonly<Record<RawColumnType, string>> = {
  string: 'STRING',
  integer: 'INTEGER',
  timestamp: 'TIMESTAMP',
  json: 'JSON',
};

/**
 * Makes an entity type's table and views, or brings them up to date. Several processes may do so at once. Fails with `config_invalid` where the dataset does
 * not exist or a column is of another type than ours.
 */
export async function ensureEntityTables(
  dataset: Dataset,
  entityType: WarehouseEntityType,
  place: BigQueryDataset,
  now: number,
): Promise<LandingTable> {
  const names = tableNamesOf(entityType.entityType);
  const views = bigQueryViewsOf(entityType, place);
  try {
    const changedAt = await ensureLandingTable(dataset, names.raw, now);
    await ensureView(dataset, names.changes, views.changes);
    await ensureView(dataset, names.current, views.current);
    return { table: names.raw, changedAt };
  } catch (thrown) {
    const failure = translateBigQueryFailure(thrown, {
      dataset: place.dataset,
      entityType: entityType.entityType,
    });
    if (failure.code !== 'not_found' && failure.code !== 'invalid_params') throw failure;
    const { data, cause } = failure;
    throw new Failure(
      'config_invalid',
      'The dataset in BigQuery is missing, or its tables are not as expected',
      {
        data,
        cause,
      },
    );
  }
}

async function ensureLandingTable(dataset: Dataset, name: string, now: number): Promise<number> {
  const found =
    (await readMetadata(dataset, name)) ??
    (await create(dataset, name, {
      schema: { fields: wantedColumns() },
      // A day of arrival is never outside of what streaming accepts, whatever the clock said when a change was made.
      timePartitioning: { type: 'DAY', field: 'received_at' },
      clustering: { fields: ['customer_id', 'integration_id', 'id'] },
    }));
  const columns = evolveColumns(
    name,
    (found.schema as { fields?: readonly Column[] } | undefined)?.fields ?? [],
  );
  if (columns === null) return Number(found.creationTime);
  await dataset.table(name).setMetadata({ schema: { fields: [...columns] } });
  return now;
}

function wantedColumns(): Column[] {
  return rawColumns.map(([name, type]) => ({
    name,
    type: columnTypes[type],
    mode: type === 'json' ? 'NULLABLE' : 'REQUIRED',
  }));
}

/**
 * What is there and what is missing, or null where nothing is to be done. Columns that are not ours stay: BigQuery lets columns be added that may be null, and
 * others become so, and nothing else.
 */
function evolveColumns(table: string, found: readonly Column[]): readonly Column[] | null {
  const missing = new Map(wantedColumns().map((column) => [column.name, column]));
  const kept = found.map((column) => {
    const ours = missing.get(column.name);
    missing.delete(column.name);
    if (ours !== undefined && ours.type !== column.type) {
      throw new Failure('config_invalid', 'A column of the warehouse is of another type than ours', {
        data: { table, column: column.name, found: column.type, expected: ours.type },
      });
    }
    const isTooStrict = ours?.mode === 'NULLABLE' && column.mode === 'REQUIRED';
    return isTooStrict ? { ...column, mode: 'NULLABLE' } : column;
  });
  const isAsWanted = missing.size === 0 && kept.every((column, index) => column === found[index]);
  return isAsWanted
    ? null
    : [...kept, ...[...missing.values()].map((column) => ({ ...column, mode: 'NULLABLE' }))];
}

async function ensureView(dataset: Dataset, name: string, query: string): Promise<void> {
  const view = { query, useLegacySql: false };
  const found = (await readMetadata(dataset, name)) ?? (await create(dataset, name, { view }));
  if ((found.view as { query?: string } | undefined)?.query === query) return;
  await dataset.table(name).setMetadata({ view });
}

async function readMetadata(dataset: Dataset, name: string): Promise<TableMetadata | null> {
  try {
    const [metadata] = (await dataset.table(name).getMetadata()) as [TableMetadata, unknown];
    return metadata;
  } catch (thrown) {
    if (isFailure(translateBigQueryFailure(thrown, {}), 'not_found')) return null;
    throw thrown;
  }
}

/** 409: another process made it a moment ago. */
async function create(dataset: Dataset, name: string, metadata: TableMetadata): Promise<TableMetadata> {
  try {
    const [, created] = await dataset.createTable(name, metadata);
    return created as TableMetadata;
  } catch (thrown) {
    const found = isConflict(thrown) ? await readMetadata(dataset, name) : null;
    if (found === null) throw thrown;
    return found;
  }
}
