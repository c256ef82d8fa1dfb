import { toPlainText } from '@flotilla/substrate/report/plain-text';

/** Whose a row is; the name where many customers are listed. */
export interface OfCustomer {
  readonly customerId: string;
  readonly customerName?: string | undefined;
}

/** Pure. A customer by its name, and by the id that commands take. */
export function callCustomer({ customerId, customerName = customerId }: OfCustomer): string {
  return customerName === customerId ? customerId : `${toPlainText(customerName, 60)} (${customerId})`;
}

/** Pure. The row with its customer's name, where that is known. */
export function withCustomerName<Row extends OfCustomer>(
  row: Row,
  name: string | null | undefined,
): Row & OfCustomer {
  return name == null ? row : { ...row, customerName: name };
}
