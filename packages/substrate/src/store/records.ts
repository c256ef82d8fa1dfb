import type { JsonObject } from '../json/json-value.ts';
import { keptRecordName, longestRecordName } from '../model/record-name.ts';
import { commitTime, commitTimestamp, int64, json, string, timestamp } from '../orm/columns.ts';
import type { Reader, Transaction } from '../orm/database.ts';
import { defineTable, type RowOf } from '../orm/table.ts';
import { integrations } from './integrations.ts';

/**
 * Ours, and base: what the vendor was last known to have. While both are the same, which is nearly always, the value is kept once. A row
 * stands until a record is absent on both.
 *
 * Names have no index: who searches looks for a word anywhere in them, which takes a scan in any case, and one of ids and names by primary
 * key is cheap; an index would be written at each change.
 */
export const records = defineTable('records', {
  columns: {
    customerId: string(64),
    integrationId: string(64),
    entityType: string(64),
    recordId: string(255),
    /** Ours; null: deleted on our side, which the vendor does not know yet. */
    value: json<JsonObject>().nullable(),
    /** Of the value without its volatile members, so that an unchanged record is recognised without being read. */
    hash: string(64).nullable(),
    /** Base, where its hash differs from ours; else null, and the value stands for it. */
    base: json<JsonObject>().nullable(),
    /** What a person calls the record, of base where ours is deleted: `putRecords` makes it. Null: it has no name, as what only joins others. */
    name: string(longestRecordName).nullable(),
    /** Null: there is no base, the vendor was never known to have the record. */
    baseHash: string(64).nullable(),
    /** 1 at first, one more with each change of ours: who edits says which version he saw. */
    version: int64(),
    /** Since when ours has what base lacks; null where they are the same. */
    editedAt: timestamp().nullable(),
    /** Fields that wait for a person's decision; the record is held meanwhile. */
    openConflicts: int64(),
    updatedAt: commitTimestamp(),
  },
  primaryKey: ['customerId', 'integrationId', 'entityType', 'recordId'],
  interleaveIn: { parent: integrations, onDelete: 'cascade' },
  indexes: [
    {
      name: 'records_edited',
      // The record's id comes before the time: people page through them as they page through all records.
      columns: ['customerId', 'integrationId', 'entityType', 'recordId', 'editedAt'],
      nullFiltered: true,
    },
  ],
});
export type StoredRecord = RowOf<typeof records>;

const endOfTime = '9999-12-31T23:59:59.999Z';

export interface RecordScope {
  readonly customerId: string;
  readonly integrationId: string;
  readonly entityType: string;
}

/** By which a record is recognised as unchanged: null on the side that does not have it; and whether it is held. */
export type RecordHashes = Pick<StoredRecord, 'hash' | 'baseHash' | 'openConflicts'>;

/** The hashes of those of these records that are stored, by record id. */
export async function readHashes(
  reader: Reader,
  scope: RecordScope,
  recordIds: readonly string[],
): Promise<ReadonlyMap<string, RecordHashes>> {
  if (recordIds.length === 0) return new Map();
  const keys = recordIds.map((recordId) => ({ ...scope, recordId }));
  const rows = await reader.getMany(records, keys, {
    columns: ['recordId', 'hash', 'baseHash', 'openConflicts'],
  });
  return new Map(rows.map(({ recordId, ...hashes }) => [recordId, hashes]));
}

export type RecordName = Pick<StoredRecord, 'recordId' | 'name'>;

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

/** Those of these records that are stored, of any entity types. */
export async function readRecordsAt(
  reader: Reader,
  keys: readonly (RecordScope & { readonly recordId: string })[],
): Promise<readonly StoredRecord[]> {
  return keys.length === 0 ? [] : await reader.getMany(records, keys);
}

/** What people call those of these records that are stored, of any entity types; their values are not read. */
export async function readRecordNames(
  reader: Reader,
  keys: readonly (RecordScope & { readonly recordId: string })[],
): Promise<readonly (RecordName & Pick<RecordScope, 'integrationId' | 'entityType'>)[]> {
  if (keys.length === 0) return [];
  return await reader.getMany(records, keys, {
    columns: ['integrationId', 'entityType', 'recordId', 'name'],
  });
}

/** Ids in order, after `after`, with their hashes; the records themselves are not read. */
export function scanRecordHashes(
  reader: Reader,
  scope: RecordScope,
  after: string | null,
  limit: number,
): Promise<readonly (RecordHashes & { readonly recordId: string })[]> {
  return reader.scan(records, {
    prefix: scope,
    limit,
    columns: ['recordId', 'hash', 'baseHash', 'openConflicts'],
    ...(after === null ? {} : { after: { ...scope, recordId: after } }),
  });
}

/** Whole records in order of id, after `after`. */
export function scanRecords(
  reader: Reader,
  scope: RecordScope,
  after: string | null,
  limit: number,
): Promise<readonly StoredRecord[]> {
  return reader.scan(records, {
    prefix: scope,
    limit,
    ...(after === null ? {} : { after: { ...scope, recordId: after } }),
  });
}

/** As `scanRecords`, ids and names only; `isEdited`: only of those whose changes of ours the vendor does not know. */
export function scanRecordNames(
  reader: Reader,
  scope: RecordScope,
  isEdited: boolean,
  after: string | null,
  limit: number,
): Promise<readonly RecordName[]> {
  return reader.scan(records, {
    ...(isEdited ? { index: 'records_edited' as const } : {}),
    prefix: scope,
    limit,
    columns: ['recordId', 'name'],
    ...(after === null ? {} : { after: { ...scope, recordId: after, editedAt: endOfTime } }),
  });
}

/** As `scanRecords`, of those only whose changes of ours the vendor does not know. */
export function scanEditedRecords(
  reader: Reader,
  scope: RecordScope,
  after: string | null,
  limit: number,
): Promise<readonly StoredRecord[]> {
  return reader.scan(records, {
    index: 'records_edited',
    prefix: scope,
    limit,
    // A record is in the index once: after any time of its own.
    ...(after === null ? {} : { after: { ...scope, recordId: after, editedAt: endOfTime } }),
  });
}

/** Whether the entity type has records whose changes of ours the vendor does not know. */
export async function hasEditedRecords(reader: Reader, scope: RecordScope): Promise<boolean> {
  const rows = await reader.scan(records, {
    index: 'records_edited',
    prefix: scope,
    limit: 1,
    columns: ['recordId'],
  });
  return rows.length > 0;
}

/** A row but for what is made as it is written. */
export type RecordToPut = Omit<StoredRecord, 'name' | 'updatedAt'>;

/** The one place that writes records: so no row is without its name. */
export function putRecords(transaction: Transaction, rows: readonly RecordToPut[]): void {
  transaction.upsert(
    records,
    rows.map((row) => ({ ...row, name: keptRecordName(row.value ?? row.base), updatedAt: commitTime })),
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
