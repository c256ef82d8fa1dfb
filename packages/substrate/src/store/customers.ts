import { commitTime, commitTimestamp, string } from '../orm/columns.ts';
import type { Reader, Transaction } from '../orm/database.ts';
import { defineTable, type RowOf } from '../orm/table.ts';

/**
 * A district or institution. Its id leads the key of everything that is kept for it, so that no row of another customer can be reached
 * without naming it, and load spreads over customers.
 */
export const customers = defineTable('customers', {
  columns: {
    customerId: string(64),
    name: string(200),
    /** IANA name: the nightly window is in the customer's own time. */
    timeZone: string(64),
    createdAt: commitTimestamp(),
  },
  primaryKey: ['customerId'],
});
export type Customer = RowOf<typeof customers>;

export function readCustomer(reader: Reader, customerId: string): Promise<Customer | undefined> {
  return reader.get(customers, { customerId });
}

export function listCustomers(
  reader: Reader,
  after: string | undefined,
  limit: number,
): Promise<readonly Customer[]> {
  return reader.scan(customers, { limit, ...(after === undefined ? {} : { after: { customerId: after } }) });
}

export function putCustomer(
  transaction: Transaction,
  customer: Omit<Customer, 'createdAt'>,
  isNew: boolean,
): void {
  if (isNew) transaction.insert(customers, { ...customer, createdAt: commitTime });
  else transaction.update(customers, customer);
}
