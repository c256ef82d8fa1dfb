import { string, timestamp } from '../orm/columns.ts';
import type { Reader, Transaction } from '../orm/database.ts';
import { defineTable, type RowOf } from '../orm/table.ts';
import { customers } from './customers.ts';

/** Up to where an integration has followed its vendor's event feed: a run that brought everything in step moves it. */
export const feeds = defineTable('feeds', {
  columns: {
    customerId: string(64),
    integrationId: string(64),
    cursor: string('max'),
    /** Of the choices under which it was reached: under others an unchanged feed says nothing. */
    choicesDigest: string(64),
    reachedAt: timestamp(),
    runId: string(64),
  },
  primaryKey: ['customerId', 'integrationId'],
  interleaveIn: { parent: customers, onDelete: 'cascade' },
});
export type Feed = RowOf<typeof feeds>;

export function readFeed(
  reader: Reader,
  customerId: string,
  integrationId: string,
): Promise<Feed | undefined> {
  return reader.get(feeds, { customerId, integrationId });
}

export function putFeed(transaction: Transaction, feed: Feed): void {
  transaction.upsert(feeds, feed);
}
