import type { JsonObject } from '../json/json-value.ts';
import { json, string } from '../orm/columns.ts';
import type { Reader, Transaction } from '../orm/database.ts';
import { defineTable, type RowOf } from '../orm/table.ts';
import { runs } from './runs.ts';

/**
 * What a run must look at: theirs, where it differs from base or ours from it, and the absence of what the vendor no longer has. Records that
 * are the same everywhere are not staged.
 */
export const stagedRecords = defineTable('staged_records', {
  columns: {
    customerId: string(64),
    runId: string(64),
    entityType: string(64),
    recordId: string(255),
    hash: string(64),
    /** Null: the vendor does not have it. */
    value: json<JsonObject>().nullable(),
  },
  primaryKey: ['customerId', 'runId', 'entityType', 'recordId'],
  interleaveIn: { parent: runs, onDelete: 'cascade' },
});
export type StagedRecord = RowOf<typeof stagedRecords>;

export interface StagedScope {
  readonly customerId: string;
  readonly runId: string;
  readonly entityType: string;
}

export function scanStaged(
  reader: Reader,
  scope: StagedScope,
  after: string | null,
  limit: number,
): Promise<readonly StagedRecord[]> {
  return reader.scan(stagedRecords, {
    prefix: scope,
    limit,
    ...(after === null ? {} : { after: { ...scope, recordId: after } }),
  });
}

/** The hash of each of these records that is staged, by record id. */
export async function readStagedHashes(
  reader: Reader,
  scope: StagedScope,
  recordIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (recordIds.length === 0) return new Map();
  const keys = recordIds.map((recordId) => ({ ...scope, recordId }));
  const rows = await reader.getMany(stagedRecords, keys, { columns: ['recordId', 'hash'] });
  return new Map(rows.map((row) => [row.recordId, row.hash]));
}

/** Those of these records that are staged, by record id. */
export async function readStaged(
  reader: Reader,
  scope: StagedScope,
  recordIds: readonly string[],
): Promise<ReadonlyMap<string, StagedRecord>> {
  if (recordIds.length === 0) return new Map();
  const rows = await reader.getMany(
    stagedRecords,
    recordIds.map((recordId) => ({ ...scope, recordId })),
  );
  return new Map(rows.map((row) => [row.recordId, row]));
}

export function insertStaged(transaction: Transaction, staged: readonly StagedRecord[]): void {
  transaction.upsert(stagedRecords, staged);
}

export function deleteStaged(
  transaction: Transaction,
  scope: StagedScope,
  recordIds: readonly string[],
): void {
  transaction.delete(
    stagedRecords,
    recordIds.map((recordId) => ({ ...scope, recordId })),
  );
}

/** Of one entity type, or of the whole run. */
export function clearStaged(
  transaction: Transaction,
  scope: Pick<StagedScope, 'customerId' | 'runId'> & Partial<StagedScope>,
): void {
  transaction.deleteRange(stagedRecords, scope);
}
