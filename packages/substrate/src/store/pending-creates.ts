import { string } from '../orm/columns.ts';
import type { Reader, Transaction } from '../orm/database.ts';
import { defineTable, type RowOf } from '../orm/table.ts';
import { integrations } from './integrations.ts';
import type { RecordScope } from './records.ts';

/**
 * Records that a run meant to create at a vendor that gives ids of its own, until it is known what came of it: whoever works on the
 * integration next, be it another run, looks for them there before it creates them once more.
 */
export const pendingCreates = defineTable('pending_creates', {
  columns: {
    customerId: string(64),
    integrationId: string(64),
    entityType: string(64),
    recordId: string(255),
    /** Whose push says what was sent. */
    runId: string(64),
  },
  primaryKey: ['customerId', 'integrationId', 'entityType', 'recordId'],
  interleaveIn: { parent: integrations, onDelete: 'cascade' },
});
export type PendingCreate = RowOf<typeof pendingCreates>;

/** Of an integration, in order of entity type and record. */
export function listPendingCreates(
  reader: Reader,
  { customerId, integrationId }: Pick<PendingCreate, 'customerId' | 'integrationId'>,
  after: PendingCreate | undefined,
  limit: number,
): Promise<readonly PendingCreate[]> {
  return reader.scan(pendingCreates, {
    prefix: { customerId, integrationId },
    limit,
    ...(after === undefined ? {} : { after }),
  });
}

/** Those of these records that are pending. */
export async function readPendingIds(
  reader: Reader,
  { customerId, integrationId, entityType }: RecordScope,
  recordIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (recordIds.length === 0) return new Set();
  const rows = await reader.getMany(
    pendingCreates,
    recordIds.map((recordId) => ({ customerId, integrationId, entityType, recordId })),
    { columns: ['recordId'] },
  );
  return new Set(rows.map(({ recordId }) => recordId));
}

export function putPendingCreates(transaction: Transaction, rows: readonly PendingCreate[]): void {
  transaction.upsert(pendingCreates, rows);
}

export function deletePendingCreates(
  transaction: Transaction,
  { customerId, integrationId, entityType }: RecordScope,
  recordIds: readonly string[],
): void {
  transaction.delete(
    pendingCreates,
    recordIds.map((recordId) => ({ customerId, integrationId, entityType, recordId })),
  );
}
