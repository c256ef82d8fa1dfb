import type {
  Transaction as ClientTransaction,
  MutationSet,
  Database as SpannerDatabase,
} from '@google-cloud/spanner';
import type { CheckedMutation } from '../checked-mutation.ts';
import type { ColumnCipher } from '../column-cipher.ts';
import type { CommitFaults, Transaction } from '../database.ts';
import { createMutationBuffer } from '../mutation-buffer.ts';
import { createReader } from '../reader.ts';
import { sealMutations } from '../seal-columns.ts';
import type { Schema } from '../table.ts';
import type { Turnstile } from '../turnstile.ts';
import { toMutationProtos } from './mutation-proto.ts';
import { translated } from './spanner-failure.ts';
import { createSpannerRows } from './spanner-rows.ts';
import type { SpannerTarget } from './spanner-target.ts';

export interface SpannerTransactionContext<S extends Schema> {
  readonly schema: S;
  readonly database: SpannerDatabase;
  /** The emulator runs one read-write transaction at a time and aborts all others: there they take turns. */
  readonly turnstile: Turnstile | undefined;
  readonly cipher: ColumnCipher | undefined;
  readonly faults: CommitFaults | undefined;
}

/** One attempt at a transaction; `aborted` is for the caller to repeat. */
export async function attemptSpannerTransaction<S extends Schema, R>(
  context: SpannerTransactionContext<S>,
  body: (transaction: Transaction<S>) => Promise<R>,
): Promise<R> {
  const { schema, cipher, database, faults } = context;
  return inTurn(context.turnstile, async () => {
    const [client] = await translated(() => database.getTransaction());
    try {
      const rows = createSpannerRows(schema, createTransactionTarget(client));
      const buffer = createMutationBuffer(schema);
      const transaction = { ...createReader(rows, schema, cipher), ...buffer.methods, execute: rows.query };
      // The rows' own types are the table's, see `createReader`.
      const result = await body(transaction as Transaction<S>);
      const sealed = await sealMutations(buffer.close(), cipher);
      if (sealed.length > 0 || isBegun(client)) await commit(client, sealed, faults);
      return result;
    } catch (thrown) {
      // It may have ended by itself, and a transaction that is left alone ends too: only the first failure matters.
      if (isBegun(client)) await client.rollback().catch(() => {});
      throw thrown;
    } finally {
      client.end();
    }
  });
}

async function commit(
  client: ClientTransaction,
  mutations: readonly CheckedMutation[],
  faults: CommitFaults | undefined,
): Promise<void> {
  await faults?.beforeCommit?.();
  client.setQueuedMutations(
    toMutationProtos(mutations) as Parameters<ClientTransaction['setQueuedMutations']>[0],
  );
  // Without a begun transaction `commit` would use a single-use one, which a retry below us could apply twice; so told, it
  // begins one first.
  if (!isBegun(client)) client.useInRunner();
  await translated(() => client.commit());
}

/**
 * Applies mutations with one request. A retry below us may apply them twice ("at least once"), which is why bulk writes say so too.
 */
export async function commitAtLeastOnce<S extends Schema>(
  context: SpannerTransactionContext<S>,
  mutations: readonly CheckedMutation[],
): Promise<void> {
  const protos = toMutationProtos(mutations);
  await inTurn(context.turnstile, async () => {
    await context.faults?.beforeCommit?.();
    // The client asks a MutationSet for nothing but its protocol form, and has no way to make one of that.
    const set = { proto: () => protos } as unknown as MutationSet;
    await translated(() => context.database.writeAtLeastOnce(set));
  });
}

function createTransactionTarget(client: ClientTransaction): SpannerTarget {
  return { read: (_, body) => translated(() => body(client)) };
}

function isBegun(client: ClientTransaction): boolean {
  return client.id !== undefined && client.id !== null;
}

async function inTurn<R>(turnstile: Turnstile | undefined, run: () => Promise<R>): Promise<R> {
  const leave = await turnstile?.enter();
  try {
    return await run();
  } finally {
    leave?.();
  }
}
