import { int64, json, string, timestamp } from '../orm/columns.ts';
import type { Reader, Transaction } from '../orm/database.ts';
import { defineTable, type RowOf } from '../orm/table.ts';

/** `problems`: as soon as something is amiss, or well again. `digest`: once a day, whatever there was. `off`: nothing, for a while. */
export const recipientModes = ['problems', 'digest', 'off'] as const;

export interface Recipient {
  readonly address: string;
  readonly mode: (typeof recipientModes)[number];
}

/** Who of a customer is told by e-mail. */
export const notifications = defineTable('notifications', {
  columns: {
    customerId: string(64),
    recipients: json<readonly Recipient[]>(),
    /** `HH:MM` on the customer's own clock. */
    digestAt: string(5),
    /** 1 at first, one more with each change of who is told and when: who changes them says which he saw. */
    version: int64(),
    /** What lies before it has been told in a digest, or nobody wanted one: the next is due when `digestAt` comes after it. */
    digestedUntil: timestamp(),
  },
  primaryKey: ['customerId'],
});
export type Notifications = RowOf<typeof notifications>;

export function readNotifications(reader: Reader, customerId: string): Promise<Notifications | undefined> {
  return reader.get(notifications, { customerId });
}

/** Of all customers, in order of their ids. */
export function listNotifications(
  reader: Reader,
  after: string | undefined,
  limit: number,
): Promise<readonly Notifications[]> {
  return reader.scan(notifications, {
    limit,
    ...(after === undefined ? {} : { after: { customerId: after } }),
  });
}

export function putNotifications(transaction: Transaction, row: Notifications): void {
  transaction.upsert(notifications, row);
}
