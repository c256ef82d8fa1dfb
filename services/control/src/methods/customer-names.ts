import { type Customer, readCustomers, type Store } from '@flotilla/substrate/store';
import { z } from 'zod';

/** Beside an id, in what lists things of many customers. */
export const CustomerName = z
  .string()
  .describe("The customer's name; its id again where the name is not known");

/** Puts a customer's name beside its id. */
export type WithName = <Row extends { readonly customerId: string }>(
  row: Row,
) => Row & { customerName: string };

/** The names of whom these rows are of: one read for all. */
export async function readNames(
  store: Store,
  rows: Iterable<{ readonly customerId: string }>,
): Promise<WithName> {
  return withNames(
    await readCustomers(
      store,
      Array.from(rows, ({ customerId }) => customerId),
    ),
  );
}

export function withNames(customers: ReadonlyMap<string, Pick<Customer, 'name'>>): WithName {
  return (row) => ({ ...row, customerName: customers.get(row.customerId)?.name ?? row.customerId });
}
