import { systemClock } from '../clock/clock.system.ts';
import { chunkMutations } from './chunk-mutations.ts';
import type { ColumnCipher } from './column-cipher.ts';
import { timestamp } from './columns.ts';
import type { Database, DatabaseOptions } from './database.ts';
import { inBackticks } from './ddl.ts';
import { expiryInstant } from './expiry.ts';
import { toPlainParameter } from './kysely/typed-value.ts';
import { schemaMigrations } from './migration.ts';
import { createReader, requireTable } from './reader.ts';
import { retryAborted } from './retry-aborted.ts';
import { sealMutations } from './seal-columns.ts';
import { migrateSpanner } from './spanner/migrate-spanner.ts';
import { toParameters } from './spanner/query-parameters.ts';
import { connectSpanner, type SpannerAddress, type SpannerConnection } from './spanner/spanner-client.ts';
import { translated } from './spanner/spanner-failure.ts';
import { createSpannerRows } from './spanner/spanner-rows.ts';
import { createSnapshotTarget } from './spanner/spanner-target.ts';
import { attemptSpannerTransaction, commitAtLeastOnce } from './spanner/spanner-transaction.ts';
import type { Schema } from './table.ts';
import { createTransactionGuard, type TransactionGuard } from './transaction-guard.ts';
import { createTurnstile, type Turnstile } from './turnstile.ts';

export interface SpannerDatabaseOptions<S extends Schema> extends DatabaseOptions<S>, SpannerAddress {}

/** A Spanner database, in Google Cloud or (with `emulatorHost`) on the emulator. */
export async function openSpannerDatabase<S extends Schema>(
  options: SpannerDatabaseOptions<S>,
): Promise<Database<S>> {
  const connection = await connectSpanner(options);
  return createSpannerDatabase({
    options,
    connection,
    turnstile: options.emulatorHost === undefined ? undefined : emulatorTurnstile(options.emulatorHost),
    guard: createTransactionGuard(),
    cipher: undefined,
  });
}

/** One for all databases of this process on one emulator: it runs one read-write transaction at a time, whatever its database. */
function emulatorTurnstile(host: string): Turnstile {
  const turnstile = turnstilesByHost.get(host) ?? createTurnstile();
  turnstilesByHost.set(host, turnstile);
  return turnstile;
}

const turnstilesByHost = new Map<string, Turnstile>();

interface Parts<S extends Schema> {
  readonly options: SpannerDatabaseOptions<S>;
  readonly connection: SpannerConnection;
  readonly turnstile: Turnstile | undefined;
  readonly guard: TransactionGuard;
  readonly cipher: ColumnCipher | undefined;
}

function createSpannerDatabase<S extends Schema>(parts: Parts<S>): Database<S> {
  const { options, connection, turnstile, guard, cipher } = parts;
  const { schema, clock, faults } = options;
  const { database } = connection;
  const context = { schema, database, turnstile, cipher, faults };
  const reader = createReader(
    createSpannerRows(schema, createSnapshotTarget(database, 'strong')),
    schema,
    cipher,
  );

  return {
    ...reader,
    at: (bound) =>
      createReader(createSpannerRows(schema, createSnapshotTarget(database, bound)), schema, cipher),
    async transaction(body) {
      const result = await retryAborted(systemClock, () =>
        guard(() => attemptSpannerTransaction(context, body)),
      );
      await faults?.afterCommit?.();
      return result;
    },
    async write(mutations, { signal } = {}) {
      const total = { commits: 0, rows: 0 };
      for await (const chunk of chunkMutations(mutations)) {
        signal?.throwIfAborted();
        for (const { table } of chunk) requireTable(schema, table);
        const sealed = await sealMutations(chunk, cipher);
        await retryAborted(systemClock, () => guard(() => commitAtLeastOnce(context, sealed)));
        total.commits += 1;
        total.rows += chunk.length;
        await faults?.afterCommit?.();
      }
      return total;
    },
    async deleteExpired(now) {
      let deleted = 0;
      for (const { name, rowDeletion } of schema) {
        if (rowDeletion === undefined) continue;
        // Partitioned DML has no limit of mutations and locks no more than it must; it counts at least what it deleted.
        const sql = `DELETE FROM ${inBackticks(name)} WHERE ${inBackticks(rowDeletion.column)} <= @p1`;
        const request = {
          sql,
          ...toParameters([toPlainParameter(timestamp(), expiryInstant(rowDeletion, now))]),
        };
        const [count] = await translated(() =>
          database.runPartitionedUpdate(request as unknown as { sql: string }),
        );
        deleted += count;
      }
      return deleted;
    },
    withCipher: (other) => createSpannerDatabase({ ...parts, cipher: other }),
    async migrate(migrations) {
      // Its own table belongs to no schema of a caller.
      const own = createSpannerDatabase({
        ...parts,
        options: { ...options, schema: [schemaMigrations], faults: {} },
        cipher: undefined,
      });
      return migrateSpanner(database, own, clock, migrations);
    },
    close: () => translated(() => connection.close()),
  };
}
