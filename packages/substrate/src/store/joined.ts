import type { JsonObject } from '../json/json-value.ts';
import { json, string } from '../orm/columns.ts';
import type { Reader, Transaction } from '../orm/database.ts';
import { defineTable, type RowOf } from '../orm/table.ts';
import { integrations } from './integrations.ts';
import type { RecordScope } from './records.ts';

/**
 * What a vendor's other lists say of an entity type's records (`Entity.joins`), as last read. It is the vendor's, not ours: no merge looks at
 * it, a run that is held or given up has read it all the same.
 */
export const joined = defineTable('joined', {
  columns: {
    customerId: string(64),
    integrationId: string(64),
    entityType: string(64),
    /** The join's name. */
    list: string(64),
    /** By which records find it. */
    key: string(255),
    /** Which of those of the key it is. */
    id: string(255),
    says: json<JsonObject>(),
    /** Of `says`, so that what is unchanged is recognised without being read. */
    hash: string(64),
  },
  primaryKey: ['customerId', 'integrationId', 'entityType', 'list', 'key', 'id'],
  interleaveIn: { parent: integrations, onDelete: 'cascade' },
});
export type Joined = RowOf<typeof joined>;

export interface JoinedScope extends RecordScope {
  readonly list: string;
}

/** Of one list: under which key, and which of these. */
export type JoinedKey = Pick<Joined, 'key' | 'id'>;

/** Those of these that are stored, with their hashes. */
export async function readJoinedHashes(
  reader: Reader,
  scope: JoinedScope,
  keys: readonly JoinedKey[],
): Promise<readonly (JoinedKey & Pick<Joined, 'hash'>)[]> {
  if (keys.length === 0) return [];
  return await reader.getMany(
    joined,
    keys.map(({ key, id }) => ({ ...scope, key, id })),
    { columns: ['key', 'id', 'hash'] },
  );
}

/** All that is said under these keys of these lists. */
export async function readJoined(
  reader: Reader,
  scope: RecordScope,
  wanted: readonly Pick<Joined, 'list' | 'key'>[],
): Promise<readonly Pick<Joined, 'list' | 'key' | 'id' | 'says'>[]> {
  if (wanted.length === 0) return [];
  const prefixes = wanted.map(({ list, key }) => ({ ...scope, list, key }));
  return await reader.scanMany(joined, prefixes, { columns: ['list', 'key', 'id', 'says'] });
}

/** What is said of a list, in order of key and id, after `after`; without what it is. */
export function scanJoined(
  reader: Reader,
  scope: JoinedScope,
  after: JoinedKey | null,
  limit: number,
): Promise<readonly JoinedKey[]> {
  return reader.scan(joined, {
    prefix: scope,
    limit,
    columns: ['key', 'id'],
    ...(after === null ? {} : { after: { ...scope, ...after } }),
  });
}

export function putJoined(transaction: Transaction, rows: readonly Joined[]): void {
  transaction.upsert(joined, rows);
}

export function deleteJoined(transaction: Transaction, scope: JoinedScope, keys: readonly JoinedKey[]): void {
  transaction.delete(
    joined,
    keys.map(({ key, id }) => ({ ...scope, key, id })),
  );
}
