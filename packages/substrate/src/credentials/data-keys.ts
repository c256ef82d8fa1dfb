import { bytes, commitTime, commitTimestamp, int64, string } from '../orm/columns.ts';
import type { Database, Reader } from '../orm/database.ts';
import { defineTable, type RowOf } from '../orm/table.ts';

/**
 * The data keys: each seals the secrets of one integration, and is stored only wrapped by a key ring. A version is never used again, not
 * even after it was destroyed: then `wrapped` is null, and what it sealed is unreadable for ever.
 */
export const dataKeys = defineTable('data_keys', {
  columns: {
    customerId: string(64),
    integrationId: string(64),
    version: int64(),
    /** Whose ring wraps it: the vendor. */
    ringId: string(64),
    /** Which version of the ring wraps it, in the ring's own words. */
    ringKeyId: string(512),
    wrapped: bytes(4096).nullable(),
    createdAt: commitTimestamp(),
    destroyedAt: commitTimestamp().nullable(),
  },
  primaryKey: ['customerId', 'integrationId', 'version'],
});

export type DataKey = RowOf<typeof dataKeys>;

/** Whose secrets a data key seals. */
export interface KeyOwner {
  readonly customerId: string;
  readonly integrationId: string;
}

export function readDataKey(reader: Reader, owner: KeyOwner, version: number): Promise<DataKey | undefined> {
  return reader.get(dataKeys, { ...owner, version });
}

/** The newest version, destroyed or not. */
export async function readNewestDataKey(reader: Reader, owner: KeyOwner): Promise<DataKey | undefined> {
  const [newest] = await reader.scan(dataKeys, { prefix: { ...owner }, descending: true, limit: 1 });
  return newest;
}

/** `already_exists` where another process was quicker with this version. */
export async function insertDataKey(
  database: Database,
  key: Omit<DataKey, 'createdAt' | 'destroyedAt'>,
): Promise<void> {
  await database.transaction(async (transaction) => {
    transaction.insert(dataKeys, { ...key, createdAt: commitTime });
  });
}

/** Destroys the keys of a customer, or of one of its integrations; returns how many. The rows stay, so that no version comes again. */
export async function destroyDataKeys(
  database: Database,
  customerId: string,
  integrationId?: string,
): Promise<number> {
  const prefix = integrationId === undefined ? { customerId } : { customerId, integrationId };
  return database.transaction(async (transaction) => {
    const rows = await transaction.scan(dataKeys, { prefix });
    const alive = rows.filter(({ wrapped }) => wrapped !== null);
    for (const { integrationId: id, version } of alive) {
      transaction.update(dataKeys, {
        customerId,
        integrationId: id,
        version,
        wrapped: null,
        destroyedAt: commitTime,
      });
    }
    return alive.length;
  });
}
