import { digestText } from '../json/digest.ts';
import type { JsonObject } from '../json/json-value.ts';
import { int64, json, string, timestamp } from '../orm/columns.ts';
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
    /** Which part of the index by time it is in: one index of all that happens now would be written at one place only. */
    shard: int64(),
  },
  primaryKey: ['customerId', 'at', 'entryId'],
  interleaveIn: { parent: customers, onDelete: 'cascade' },
  indexes: [{ name: 'audit_entries_by_time', columns: ['shard', { column: 'at', descending: true }] }],
});
export type AuditEntry = Omit<RowOf<typeof auditEntries>, 'shard'>;

const shards = Array.from({ length: 8 }, (_, shard) => shard);

export function insertAuditEntry(transaction: Transaction, entry: AuditEntry): void {
  transaction.insert(auditEntries, { ...entry, shard: shardOf(entry.entryId) });
}

export interface AuditListing {
  /** At this moment or later. */
  readonly since?: string;
  /** Before this moment. */
  readonly until?: string;
  readonly after?: Pick<AuditEntry, 'customerId' | 'at' | 'entryId'>;
  readonly limit: number;
}

/** Latest first. Fewer than `limit` are the last. */
export async function listAuditEntries(
  reader: Reader,
  customerId: string,
  { since = '', until, after, limit }: AuditListing,
): Promise<readonly AuditEntry[]> {
  const last = placeToGoOn(until, after, { customerId, entryId: '' });
  const rows = await reader.scan(auditEntries, {
    prefix: { customerId },
    descending: true,
    limit,
    ...(last === undefined ? {} : { after: { ...last, customerId } }),
  });
  return rows.filter(({ at }) => at >= since).map(withoutShard);
}

/** Behind every id. */
const lastId = '~';

/** Those of all customers, latest first; of the same moment in order of customer and id. Fewer than `limit` are the last. */
export async function listAllAuditEntries(
  reader: Reader,
  { since = '', until, after, limit }: AuditListing,
): Promise<readonly AuditEntry[]> {
  const last = placeToGoOn(until, after, { customerId: lastId, entryId: lastId });
  const found = await Promise.all(
    shards.map((shard) =>
      reader.scan(auditEntries, {
        index: 'audit_entries_by_time',
        prefix: { shard },
        limit,
        ...(last === undefined ? {} : { after: { shard, ...last } }),
      }),
    ),
  );
  return found
    .flat()
    .toSorted(byLatest)
    .slice(0, limit)
    .filter(({ at }) => at >= since)
    .map(withoutShard);
}

/** Whence to go on: `until` with these ids, or the entry after which to go on where that one is earlier. */
function placeToGoOn(
  until: string | undefined,
  after: AuditListing['after'],
  ids: Pick<AuditEntry, 'customerId' | 'entryId'>,
): AuditListing['after'] {
  if (until === undefined || (after !== undefined && after.at < until)) return after;
  return { ...ids, at: until };
}

function byLatest(a: AuditEntry, b: AuditEntry): number {
  if (a.at !== b.at) return a.at < b.at ? 1 : -1;
  if (a.customerId !== b.customerId) return a.customerId < b.customerId ? -1 : 1;
  return a.entryId < b.entryId ? -1 : Number(a.entryId > b.entryId);
}

function withoutShard({ shard: _shard, ...entry }: RowOf<typeof auditEntries>): AuditEntry {
  return entry;
}

function shardOf(entryId: string): number {
  return Buffer.from(digestText(entryId), 'base64url').readUInt8(0) % shards.length;
}
