import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { z } from 'zod';
import { CheckAnswer, IntegrationPutAnswer } from '../rpc/answers.ts';
import { listCustomers } from '../rpc/listings.ts';
import type { Fleet } from './connect-fleet.ts';

export interface NewConnection {
  readonly customerId: string;
  /** For a new customer the id, if left out. */
  readonly name: string | undefined;
  /** For a new customer UTC, if left out. */
  readonly timeZone: string | undefined;
  readonly vendor: string;
  /** The vendor's id, if left out. */
  readonly integrationId: string | undefined;
  readonly connection: JsonObject;
  readonly credential: JsonObject;
}

export interface ConnectedCustomer {
  readonly customer: 'new' | 'changed' | 'unchanged';
  readonly integrationId: string;
  /** Whether the integration is new. */
  readonly created: boolean;
  readonly check: z.output<typeof CheckAnswer>;
}

/** Registers the customer, the integration and its credential, then asks the vendor whether it lets us in. May be done again. */
export async function connectCustomer(fleet: Fleet, wanted: NewConnection): Promise<ConnectedCustomer> {
  const { customerId, vendor, connection, credential } = wanted;
  const { control } = fleet;
  const customer = await registerCustomer(fleet, wanted);
  const named = wanted.integrationId === undefined ? {} : { integrationId: wanted.integrationId };
  const { integrationId, created } = await control.call(
    'integrations.put.v1',
    { customerId, vendor, connection, ...named },
    IntegrationPutAnswer,
  );
  await control.call('credentials.put.v1', { customerId, integrationId, credential }, z.unknown());
  const check = await fleet
    .service(vendor)
    .call('connection.check.v1', { customerId, integrationId }, CheckAnswer);
  return { customer, integrationId, created, check };
}

/** A customer that exists keeps its name and time zone unless others are given. */
async function registerCustomer(
  fleet: Fleet,
  { customerId, name, timeZone }: NewConnection,
): Promise<ConnectedCustomer['customer']> {
  const existing = await findCustomer(fleet, customerId);
  if (existing !== undefined && name === undefined && timeZone === undefined) return 'unchanged';
  // What is not given stays as it is by then, whoever has changed it meanwhile.
  const given = {
    customerId,
    ...(name === undefined ? {} : { name }),
    ...(timeZone === undefined ? {} : { timeZone }),
  };
  const params = existing === undefined ? { name: customerId, ...given } : given;
  await fleet.control.call('customers.put.v1', params, z.unknown());
  return existing === undefined ? 'new' : 'changed';
}

async function findCustomer({ control }: Fleet, customerId: string) {
  for await (const customer of listCustomers(control))
    if (customer.customerId === customerId) return customer;
  return undefined;
}
