import { string, timestamp } from '../orm/columns.ts';
import type { Reader, Transaction } from '../orm/database.ts';
import { defineTable, type RowOf } from '../orm/table.ts';
import { integrations } from './integrations.ts';

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
