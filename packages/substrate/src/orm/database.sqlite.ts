import { systemClock } from '../clock/clock.system.ts';
import { Failure } from '../failure/failure.ts';
import { chunkMutations } from './chunk-mutations.ts';
import type { ColumnCipher } from './column-cipher.ts';
import type { Database, DatabaseOptions } from './database.ts';
import { inQuotes } from './ddl.ts';
import { expiryInstant } from './expiry.ts';
import { createReader, requireTable } from './reader.ts';
import { retryAborted } from './retry-aborted.ts';
import { sealMutations } from './seal-columns.ts';
import { prepareCommitClock } from './sqlite/commit-clock.ts';
import { migrateSqlite } from './sqlite/migrate-sqlite.ts';
import { openSqliteConnection, requireFilePath, type SqliteConnection } from './sqlite/sqlite-connection.ts';
import { createSqliteRows } from './sqlite/sqlite-rows.ts';
import { attemptSqliteTransaction, commitMutations } from './sqlite/sqlite-transaction.ts';
import { createWriteSessions, type WriteSessions } from './sqlite/write-session.ts';
import type { Schema } from './table.ts';
import { createTransactionGuard, type TransactionGuard } from './transaction-guard.ts';

export interface SqliteDatabaseOptions<S extends Schema> extends DatabaseOptions<S> {
  /** A plain file; made when it is missing, its folder not. Several processes may open it at once. */
  readonly path: string;
}

/**
 * A database in one SQLite file. A process has one writing connection, which transactions take in turns, and one that only
 * reads, so that a read never waits for a long transaction. Calls block the thread while SQLite works.
 */
export async function openSqliteDatabase<S extends Schema>(
  options: SqliteDatabaseOptions<S>,
): Promise<Database<S>> {
  requireFilePath(options.path);
  // Where two processes make the file at once, the second finds it locked for a moment.
  const writing = await retryAborted(systemClock, async () =>
    openSqliteConnection({ path: options.path, readOnly: false }),
  );
  const sessions = createWriteSessions(writing);
  await retryAborted(systemClock, async () => prepareCommitClock(writing));
  const reading = openSqliteConnection({ path: options.path, readOnly: true });
  return createSqliteDatabase({
    options,
    writing,
    reading,
    sessions,
    guard: createTransactionGuard(),
    cipher: undefined,
  });
}

interface Parts<S extends Schema> {
  readonly options: SqliteDatabaseOptions<S>;
  readonly writing: SqliteConnection;
  readonly reading: SqliteConnection;
  readonly sessions: WriteSessions;
  readonly guard: TransactionGuard;
  readonly cipher: ColumnCipher | undefined;
}

function createSqliteDatabase<S extends Schema>(parts: Parts<S>): Database<S> {
  const { options, writing, reading, sessions, guard, cipher } = parts;
  const { schema, clock, faults } = options;
  const context = { schema, clock, sessions, cipher, faults };
  const rows = createSqliteRows(schema, { connection: async () => reading, commitInstant: refuseCommitTime });
  const reader = createReader(rows, schema, cipher);

  return {
    ...reader,
    at: () => reader,
    async transaction(body) {
      const result = await retryAborted(systemClock, () =>
        guard(() => attemptSqliteTransaction(context, body)),
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
        await retryAborted(systemClock, () => guard(() => commitMutations(context, sealed)));
        total.commits += 1;
        total.rows += chunk.length;
        await faults?.afterCommit?.();
        // Everything above runs without waiting: let timers and sockets have their turn.
        await new Promise((resolve) => setImmediate(resolve));
      }
      return total;
    },
    async deleteExpired(now) {
      const session = await sessions.begin();
      try {
        const deleted = schema.map((table) => {
          if (table.rowDeletion === undefined) return 0;
          const { column } = table.rowDeletion;
          return session.connection.run(
            `DELETE FROM ${inQuotes(table.name)} WHERE ${inQuotes(column)} <= ?`,
            [expiryInstant(table.rowDeletion, now)],
          );
        });
        session.commit();
        return deleted.reduce((sum, count) => sum + count, 0);
      } finally {
        session.end();
      }
    },
    withCipher: (other) => createSqliteDatabase({ ...parts, cipher: other }),
    migrate: (migrations) => migrateSqlite(sessions, clock, migrations),
    async close() {
      reading.close();
      writing.close();
    },
  };
}

function refuseCommitTime(): never {
  throw new Failure('invalid_params', 'The time of a commit cannot be part of a read');
}
