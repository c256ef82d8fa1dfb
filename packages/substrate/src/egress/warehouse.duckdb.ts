import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Clock } from '../clock/clock.ts';
import { Failure, isFailure } from '../failure/failure.ts';
import type { Change, IntegrationKey } from './change.ts';
import type { Warehouse, WarehouseEntityType, WarehouseProgress } from './warehouse.ts';
import { appendRows } from './warehouse-append.duckdb.ts';
import { tableNamesOf } from './warehouse-names.ts';
import { runReadOnly } from './warehouse-query.duckdb.ts';
import { ddlOf } from './warehouse-views.duckdb.ts';

export interface DuckDbWarehouseOptions {
  /** One process at a time owns the file; another one's attempt to open it fails with `unavailable`. */
  readonly path: string;
  readonly clock: Clock;
  /** Default 256 MB; beyond it DuckDB spills to disk beside the file. */
  readonly memoryLimitMb?: number;
}

/**
 * The embedded warehouse. Appends are one transaction each, one after the other, and on disk when they resolve. A change that has
 * landed before is left out where that is cheap to know: at once when its sequence is above everything landed of its integration,
 * by a look-up otherwise. The views do not rely on it.
 */
export async function openDuckDbWarehouse(options: DuckDbWarehouseOptions): Promise<Warehouse> {
  const { path, clock, memoryLimitMb = 256 } = options;
  const duckdb = await import('@duckdb/node-api');
  const instance = await open(duckdb.DuckDBInstance, path, memoryLimitMb);
  const connect = () => connectTo(instance);
  const writer = await connect();
  const tables = new Map<string, string>();
  const highestSequences = new Map<string, number>();
  let lastWrite: Promise<unknown> = Promise.resolve();

  /** One writer at a time: DuckDB answers concurrent writes to one table with a conflict. */
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = lastWrite.then(() => transact(writer, work));
    lastWrite = result.catch(() => undefined);
    return result;
  }

  async function ensureTables(entityTypes: readonly WarehouseEntityType[]): Promise<void> {
    const statements = entityTypes.flatMap(ddlOf);
    await inTurn(async () => {
      for (const statement of statements) await writer.run(statement);
    });
    for (const { entityType } of entityTypes) tables.set(entityType, tableNamesOf(entityType).raw);
  }

  async function append(entityType: string, changes: readonly Change[]): Promise<void> {
    const table = tables.get(entityType);
    if (table === undefined)
      throw new Failure('not_found', 'The warehouse has no table for this entity type', {
        data: { entityType },
      });
    const stray = changes.find((change) => change.entityType !== entityType);
    if (stray !== undefined) {
      throw new Failure('invalid_params', 'A change of another entity type', {
        data: { entityType, found: stray.entityType, changeId: stray.changeId },
      });
    }
    if (changes.length === 0) return;
    const landed = await inTurn(() =>
      appendRows(duckdb, writer, table, changes, highestSequences, clock.now()),
    );
    for (const [key, sequence] of landed) highestSequences.set(key, sequence);
  }

  async function progress({ customerId, integrationId }: IntegrationKey): Promise<WarehouseProgress> {
    if (tables.size === 0) return { highestSequence: 0, changes: 0 };
    const parts = [...tables.values()].map(
      (table) =>
        `SELECT sequence FROM "${table}" WHERE customer_id = $customer AND integration_id = $integration`,
    );
    const connection = await connect();
    try {
      // A sequence stands for one change of the integration, and numbers take a fraction of the memory that their ids would.
      const sql = `SELECT coalesce(max(sequence), 0), count(DISTINCT sequence) FROM (${parts.join(' UNION ALL ')})`;
      const reader = await connection.runAndReadAll(sql, {
        customer: customerId,
        integration: integrationId,
      });
      const [highestSequence, count] = reader.getRows()[0] ?? [];
      return { highestSequence: Number(highestSequence), changes: Number(count) };
    } catch (error) {
      throw new Failure('unavailable', 'The warehouse cannot be read', { cause: error });
    } finally {
      connection.closeSync();
    }
  }

  async function close(): Promise<void> {
    await lastWrite;
    writer.closeSync();
    instance.closeSync();
  }

  return {
    ensureTables,
    append,
    progress,
    query: (sql, queryOptions) => runReadOnly(duckdb, connect, sql, queryOptions, clock),
    close,
  };
}

/**
 * The rows of a table that DuckDB compresses together, and unpacks again when a checkpoint finds the last such group half full. By its
 * default of 122,880 that took 200 MB more at 300,000 changes, at the same pace (measured). Only a file that is attached can have
 * another size, hence the catalog.
 */
const rowGroupSize = 16_384;
const catalog = 'warehouse';

async function connectTo(instance: DuckDBInstance): Promise<DuckDBConnection> {
  const connection = await instance.connect();
  await connection.run(`USE ${catalog}`);
  return connection;
}

async function open(
  factory: typeof DuckDBInstance,
  path: string,
  memoryLimitMb: number,
): Promise<DuckDBInstance> {
  try {
    const instance = await factory.create(':memory:', {
      memory_limit: `${memoryLimitMb}MB`,
      threads: '2',
      temp_directory: `${path}.tmp`,
    });
    const connection = await instance.connect();
    await connection.run(
      `ATTACH '${path.replaceAll("'", "''")}' AS ${catalog} (ROW_GROUP_SIZE ${rowGroupSize})`,
    );
    // After these a query can reach neither files nor the network, and cannot turn that back on.
    for (const setting of [
      "SET GLOBAL TimeZone = 'UTC'",
      'SET GLOBAL autoinstall_known_extensions = false',
      'SET GLOBAL autoload_known_extensions = false',
      'SET GLOBAL enable_external_access = false',
      'SET GLOBAL lock_configuration = true',
    ]) {
      await connection.run(setting);
    }
    connection.closeSync();
    return instance;
  } catch (error) {
    throw new Failure('unavailable', 'The warehouse file cannot be opened; another process may own it', {
      data: { path },
      cause: error,
    });
  }
}

async function transact<Result>(connection: DuckDBConnection, work: () => Promise<Result>): Promise<Result> {
  try {
    await connection.run('BEGIN TRANSACTION');
    const result = await work();
    await connection.run('COMMIT');
    return result;
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => undefined);
    throw isFailure(error)
      ? error
      : new Failure('unavailable', 'The warehouse cannot be written', { cause: error });
  }
}
