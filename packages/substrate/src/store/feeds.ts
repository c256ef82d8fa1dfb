import { arrayOf, string, timestamp } from '../orm/columns.ts';
import type { Reader, Transaction } from '../orm/database.ts';
import { defineTable, type RowOf } from '../orm/table.ts';
import { customers } from './customers.ts';

/**
 * Up to where an integration has followed its vendor's event feed for some entity types: a run that brought everything in step moves it. Of a
 * queue the cursor is a place among `queue_pages`.
 */
export const feeds = defineTable('feeds', {
  columns: {
    customerId: string(64),
    integrationId: string(64),
    /** Digest of the entity types that it was followed for; of a queue that is read away, one of them. */
    scope: string(64),
    cursor: string('max'),
    /** The cursors before it, latest first: a window may begin further back. */
    earlier: arrayOf(string('max')),
    /** Of the choices under which it was reached: under others an unchanged feed says nothing. */
    choicesDigest: string(64),
    reachedAt: timestamp(),
    runId: string(64),
    /** When the last run began that fetched everything whole. */
    wholeAt: timestamp(),
    /** A run that began since, and has not brought everything in step: the next one fetches everything whole. Else null. */
    openRunId: string(64).nullable(),
  },
  primaryKey: ['customerId', 'integrationId', 'scope'],
  interleaveIn: { parent: customers, onDelete: 'cascade' },
});
export type Feed = RowOf<typeof feeds>;

export function readFeed(
  reader: Reader,
  scope: Pick<Feed, 'customerId' | 'integrationId' | 'scope'>,
): Promise<Feed | undefined> {
  return reader.get(feeds, scope);
}

export function putFeed(transaction: Transaction, feed: Feed): void {
  transaction.upsert(feeds, feed);
}
