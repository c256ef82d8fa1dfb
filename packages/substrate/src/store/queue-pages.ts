import { int64, string, timestamp } from '../orm/columns.ts';
import type { Reader, Transaction } from '../orm/database.ts';
import { defineTable, type RowOf } from '../orm/table.ts';
import { integrations } from './integrations.ts';

/**
 * What was read away from the queues of an integration's vendor, in order, whichever run read it: the vendor has forgotten it, and runs over
 * other entity types are still to hear of it. A page's body is kept as that of any other (`page_bodies`).
 */
export const queuePages = defineTable('queue_pages', {
  columns: {
    customerId: string(64),
    integrationId: string(64),
    /** Of the lease under which it was read: it only grows. */
    token: int64(),
    /** Counts the pages that its run has kept. */
    page: int64(),
    /** Of which queue it is: the digest of what was asked for. */
    list: string(64),
    /** Names the body in `page_bodies`. */
    digest: string(64),
    /** As received; null where there was none. */
    contentType: string('max').nullable(),
    expiresAt: timestamp(),
  },
  primaryKey: ['customerId', 'integrationId', 'token', 'page'],
  interleaveIn: { parent: integrations, onDelete: 'cascade' },
  rowDeletion: { column: 'expiresAt', days: 0 },
});
export type QueuePage = RowOf<typeof queuePages>;

/** A place between two pages: before the one with this number. */
export type QueuePlace = Pick<QueuePage, 'token' | 'page'>;

/** The pages from `from` up to `to`, in order. */
export async function readQueuePages(
  reader: Reader,
  { customerId, integrationId }: Pick<QueuePage, 'customerId' | 'integrationId'>,
  from: QueuePlace,
  to: QueuePlace,
): Promise<readonly QueuePage[]> {
  const scope = { customerId, integrationId };
  const after = { ...scope, token: from.token, page: from.page - 1 };
  const rows = await reader.scan(queuePages, { prefix: scope, after });
  return rows.filter((row) => compareQueuePlaces(row, to) < 0);
}

export function compareQueuePlaces(one: QueuePlace, other: QueuePlace): number {
  return one.token - other.token || one.page - other.page;
}

export function putQueuePage(transaction: Transaction, page: QueuePage): void {
  transaction.upsert(queuePages, page);
}
