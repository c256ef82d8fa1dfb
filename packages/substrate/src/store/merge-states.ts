import { string, timestamp } from '../orm/columns.ts';
import type { Reader, Transaction } from '../orm/database.ts';
import { defineTable, type RowOf } from '../orm/table.ts';
import { integrations } from './integrations.ts';
import type { RecordScope } from './records.ts';

/**
 * Under which choices an entity type was last merged as a whole. While they are the same, a record of ours that differs from the vendor's
 * and goes nowhere need not be looked at again.
 */
export const mergeStates = defineTable('merge_states', {
  columns: {
    customerId: string(64),
    integrationId: string(64),
    entityType: string(64),
    choicesDigest: string(64),
    reachedAt: timestamp(),
    runId: string(64),
  },
  primaryKey: ['customerId', 'integrationId', 'entityType'],
  interleaveIn: { parent: integrations, onDelete: 'cascade' },
});
export type MergeState = RowOf<typeof mergeStates>;

/** The digests of an integration's entity types. */
export async function readMergeStates(
  reader: Reader,
  customerId: string,
  integrationId: string,
): Promise<ReadonlyMap<string, string>> {
  const rows = await reader.scan(mergeStates, { prefix: { customerId, integrationId } });
  return new Map(rows.map(({ entityType, choicesDigest }) => [entityType, choicesDigest]));
}

export function putMergeState(transaction: Transaction, state: MergeState): void {
  transaction.upsert(mergeStates, state);
}

/** Stands for the digest of no choices at all. */
const forgotten = 'forgotten';

/**
 * Sees to it that the next run looks at everything of the entity type that differs from the vendor's, since one of our records was edited.
 * A run under way that had looked at it before leaves this standing (`isForgottenSince`).
 */
export function forgetMergeState(
  transaction: Transaction,
  { customerId, integrationId, entityType }: RecordScope,
  runId: string,
  reachedAt: string,
): void {
  putMergeState(transaction, {
    customerId,
    integrationId,
    entityType,
    choicesDigest: forgotten,
    reachedAt,
    runId,
  });
}

/** Whether one of our records of the entity type was edited since then. */
export async function isForgottenSince(
  reader: Reader,
  { customerId, integrationId, entityType }: RecordScope,
  since: string,
): Promise<boolean> {
  const state = await reader.get(mergeStates, { customerId, integrationId, entityType });
  return state !== undefined && state.choicesDigest === forgotten && state.reachedAt >= since;
}
