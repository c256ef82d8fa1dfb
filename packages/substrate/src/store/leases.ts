import { int64, string, timestamp } from '../orm/columns.ts';
import type { Reader, Transaction } from '../orm/database.ts';
import { defineTable, type RowOf } from '../orm/table.ts';
import { customers } from './customers.ts';

/**
 * Who may write an integration's records. One row an integration, kept for ever: `token` only grows, and every commit of a run checks it
 * in the same transaction, so a worker that was thought dead and wakes late cannot write. It also numbers the changes.
 */
export const leases = defineTable('leases', {
  columns: {
    customerId: string(64),
    integrationId: string(64),
    /** The run that holds it; null when free. */
    runId: string(64).nullable(),
    token: int64(),
    expiresAt: timestamp(),
    /** The sequence of the integration's last committed change. */
    lastSequence: int64(),
  },
  primaryKey: ['customerId', 'integrationId'],
  interleaveIn: { parent: customers, onDelete: 'cascade' },
});
export type Lease = RowOf<typeof leases>;

export function readLease(
  reader: Reader,
  customerId: string,
  integrationId: string,
): Promise<Lease | undefined> {
  return reader.get(leases, { customerId, integrationId });
}

export function putLease(transaction: Transaction, lease: Lease): void {
  transaction.upsert(leases, lease);
}
