import type { JsonObject } from '../json/json-value.ts';
import { commitTime, commitTimestamp, json, string } from '../orm/columns.ts';
import type { Reader, Transaction } from '../orm/database.ts';
import { defineTable, type RowOf } from '../orm/table.ts';
import { integrations } from './integrations.ts';

/** Ours: the canonical records of an integration as last agreed. */
export const records = defineTable('records', {
  columns: {
    customerId: string(64),
    integrationId: string(64),
    entityType: string(64),
    recordId: string(255),
    value: json<JsonObject>(),
    /** Of the value without its volatile members, so that an unchanged record is recognised without being read. */
    hash: string(64),
    updatedAt: commitTimestamp(),
  },
  primaryKey: ['customerId', 'integrationId', 'entityType', 'recordId'],
  interleaveIn: { parent: integrations, onDelete: 'cascade' },
});
export type StoredRecord = RowOf<typeof records>;

export interface RecordScope {
  readonly customerId: string;
  readonly integrationId: string;
  readonly entityType: string;
}

/** The hash of each of these records that is stored, by record id. */
export async function readHashes(
  reader: Reader,
  scope: RecordScope,
  recordIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (recordIds.length === 0) return new Map();
  const keys = recordIds.map((recordId) => ({ ...scope, recordId }));
  const rows = await reader.getMany(records, keys, { columns: ['recordId', 'hash'] });
  return new Map(rows.map((row) => [row.recordId, row.hash]));
}

export async function readRecords(
  reader: Reader,
  scope: RecordScope,
  recordIds: readonly string[],
): Promise<ReadonlyMap<string, StoredRecord>> {
  if (recordIds.length === 0) return new Map();
  const rows = await reader.getMany(
    records,
    recordIds.map((recordId) => ({ ...scope, recordId })),
  );
  return new Map(rows.map((row) => [row.recordId, row]));
}

/** Ids in order, after `after`. */
export async function scanRecordIds(
  reader: Reader,
  scope: RecordScope,
  after: string | null,
  limit: number,
): Promise<readonly string[]> {
  const rows = await reader.scan(records, {
    prefix: scope,
    limit,
    columns: ['recordId'],
    ...(after === null ? {} : { after: { ...scope, recordId: after } }),
  });
  return rows.map((row) => row.recordId);
}

export function putRecords(transaction: Transaction, rows: readonly Omit<StoredRecord, 'updatedAt'>[]): void {
  transaction.upsert(
    records,
    rows.map((row) => ({ ...row, updatedAt: commitTime })),
  );
}

export function deleteRecords(
  transaction: Transaction,
  scope: RecordScope,
  recordIds: readonly string[],
): void {
  transaction.delete(
    records,
    recordIds.map((recordId) => ({ ...scope, recordId })),
  );
}
