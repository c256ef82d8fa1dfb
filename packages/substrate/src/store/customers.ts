import { Failure } from '../failure/failure.ts';
import { commitTime, commitTimestamp, int64, json, string } from '../orm/columns.ts';
import type { Reader, Transaction } from '../orm/database.ts';
import { defineTable, type RowOf } from '../orm/table.ts';
import type { Schedule } from '../settings/schedule.ts';

/**
 * A district or institution. Its id leads the key of everything that is kept for it, so that no row of another customer can be reached
 * without naming it, and load spreads over customers.
 */
export const customers = defineTable('customers', {
  columns: {
    customerId: string(64),
    name: string(200),
    /** IANA name: the schedule is on the customer's own clock and calendar. */
    timeZone: string(64),
    /** When nightly runs begin; null: when the night is asked for, spread over the fleet's window. */
    schedule: json<Schedule>().nullable(),
    /** 0 at first, one more with each change: who changes it says which he saw. */
    nameVersion: int64(),
    /** As `nameVersion`, of the schedule and its time zone: whoever renames a customer is in nobody's way who changes its schedule. */
    scheduleVersion: int64(),
    createdAt: commitTimestamp(),
  },
  primaryKey: ['customerId'],
});
export type Customer = RowOf<typeof customers>;

export function readCustomer(reader: Reader, customerId: string): Promise<Customer | undefined> {
  return reader.get(customers, { customerId });
}

/** Fails with `not_found`: to list what a mistyped customer has would otherwise look as if it had nothing. */
export async function requireCustomer(reader: Reader, customerId: string): Promise<Customer> {
  const customer = await readCustomer(reader, customerId);
  if (customer !== undefined) return customer;
  throw new Failure('not_found', 'No such customer', {
    data: {
      customerId,
      advice: 'Check the id for a typing error; customers.list shows those that there are.',
    },
  });
}

/** Those of these ids that are there. */
export async function readCustomers(
  reader: Reader,
  customerIds: Iterable<string>,
): Promise<ReadonlyMap<string, Customer>> {
  const keys = Array.from(new Set(customerIds), (customerId) => ({ customerId }));
  const rows = await reader.getMany(customers, keys);
  return new Map(rows.map((row) => [row.customerId, row]));
}

export function listCustomers(
  reader: Reader,
  after: string | undefined,
  limit: number,
): Promise<readonly Customer[]> {
  return reader.scan(customers, { limit, ...(after === undefined ? {} : { after: { customerId: after } }) });
}

type Kept = 'schedule' | 'nameVersion' | 'scheduleVersion';

/** A schedule that is left out stays as it is, and so do the versions, which are the caller's to count. */
export function putCustomer(
  transaction: Transaction,
  customer: Omit<Customer, 'createdAt' | Kept> & Partial<Pick<Customer, Kept>>,
  isNew: boolean,
): void {
  if (isNew)
    transaction.insert(customers, { nameVersion: 0, scheduleVersion: 0, ...customer, createdAt: commitTime });
  else transaction.update(customers, customer);
}
