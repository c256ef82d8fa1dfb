import type { Clock } from '../../clock/clock.ts';
import { Failure } from '../../failure/failure.ts';
import type { CheckedMutation } from '../checked-mutation.ts';
import type { ColumnCipher } from '../column-cipher.ts';
import type { CommitFaults, Transaction } from '../database.ts';
import { createMutationBuffer } from '../mutation-buffer.ts';
import { createReader } from '../reader.ts';
import { sealMutations } from '../seal-columns.ts';
import type { Schema } from '../table.ts';
import { createCommitInstant } from './commit-clock.ts';
import { applyMutation } from './mutation-sql.ts';
import { createSqliteRows } from './sqlite-rows.ts';
import type { WriteSession, WriteSessions } from './write-session.ts';

export interface SqliteTransactionContext<S extends Schema> {
  readonly schema: S;
  readonly clock: Clock;
  readonly sessions: WriteSessions;
  readonly cipher: ColumnCipher | undefined;
  readonly faults: CommitFaults | undefined;
}

/** One attempt at a transaction. The write lock is taken at the first read, or, where the body only buffers, at the commit. */
export async function attemptSqliteTransaction<S extends Schema, R>(
  context: SqliteTransactionContext<S>,
  body: (transaction: Transaction<S>) => Promise<R>,
): Promise<R> {
  const { schema, cipher } = context;
  const lazy = createLazySession(context);
  const rows = createSqliteRows(schema, {
    connection: async () => (await lazy.open()).connection,
    commitInstant: lazy.commitInstant,
  });
  const buffer = createMutationBuffer(schema);
  const transaction = { ...createReader(rows, schema, cipher), ...buffer.methods, execute: rows.query };
  try {
    // The rows' own types are the table's, see `createReader`.
    const result = await body(transaction as Transaction<S>);
    const sealed = await sealMutations(buffer.close(), cipher);
    if (sealed.length > 0 || lazy.isOpen()) {
      await commit(await lazy.open(), sealed, lazy.commitInstant, context.faults);
    }
    return result;
  } finally {
    await lazy.close();
  }
}

/** Applies mutations in a transaction of their own. */
export async function commitMutations<S extends Schema>(
  context: SqliteTransactionContext<S>,
  mutations: readonly CheckedMutation[],
): Promise<void> {
  const session = await context.sessions.begin();
  try {
    await commit(session, mutations, createCommitInstant(session.connection, context.clock), context.faults);
  } finally {
    session.end();
  }
}

async function commit(
  session: WriteSession,
  mutations: readonly CheckedMutation[],
  commitInstant: () => string,
  faults: CommitFaults | undefined,
): Promise<void> {
  for (const mutation of mutations) applyMutation(session.connection, mutation, commitInstant);
  await faults?.beforeCommit?.();
  session.commit();
}

interface LazySession {
  open(): Promise<WriteSession>;
  isOpen(): boolean;
  commitInstant(): string;
  close(): Promise<void>;
}

function createLazySession<S extends Schema>({ sessions, clock }: SqliteTransactionContext<S>): LazySession {
  let opening: Promise<WriteSession> | undefined;
  let instant: (() => string) | undefined;
  let isClosed = false;
  return {
    open() {
      if (isClosed) throw new Failure('internal', 'A transaction was used after its body had ended');
      opening ??= sessions.begin().then((session) => {
        instant = createCommitInstant(session.connection, clock);
        return session;
      });
      return opening;
    },
    isOpen: () => opening !== undefined,
    commitInstant() {
      if (instant === undefined) {
        throw new Failure('internal', 'The time of the commit was asked for outside a transaction');
      }
      return instant();
    },
    async close() {
      isClosed = true;
      // A `begin` that failed has ended by itself, and its failure is on its way to the caller.
      const session: WriteSession | undefined = await opening?.catch(() => undefined);
      session?.end();
    },
  };
}
