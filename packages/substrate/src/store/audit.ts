import type { JsonObject } from '../json/json-value.ts';
import { json, string, timestamp } from '../orm/columns.ts';
import type { Reader, Transaction } from '../orm/database.ts';
import { defineTable, type RowOf } from '../orm/table.ts';
import { customers } from './customers.ts';

/** Who did what: every action of a person or program that changes settings, records or what becomes of a run. */
export const auditEntries = defineTable('audit_entries', {
  columns: {
    customerId: string(64),
    at: timestamp(),
    entryId: string(64),
    /** An account, or the name of a local token. */
    actor: string(320),
    /** The method, by its wire name. */
    action: string(100),
    /** What it was done to: `{integrationId, runId, entityType, recordId, conflictId}`, as far as it applies. */
    target: json<JsonObject>(),
    /** What changed: before and after of settings, the decision and its reason. No secrets. */
    detail: json<JsonObject>(),
  },
  primaryKey: ['customerId', 'at', 'entryId'],
  interleaveIn: { parent: customers, onDelete: 'cascade' },
});
export type AuditEntry = RowOf<typeof auditEntries>;

export function insertAuditEntry(transaction: Transaction, entry: AuditEntry): void {
  transaction.insert(auditEntries, entry);
}

/** Latest first. */
export function listAuditEntries(
  reader: Reader,
  customerId: string,
  after: Pick<AuditEntry, 'at' | 'entryId'> | undefined,
  limit: number,
): Promise<readonly AuditEntry[]> {
  return reader.scan(auditEntries, {
    prefix: { customerId },
    descending: true,
    limit,
    ...(after === undefined ? {} : { after: { customerId, ...after } }),
  });
}
