import { Failure } from '@flotilla/substrate/failure';
import { findNearest } from '@flotilla/substrate/failure/find-nearest';
import type { Fleet } from '../fleet/connect-fleet.ts';
import { command } from '../output/command-line.ts';
import { IntegrationsAnswer } from '../rpc/answers.ts';
import { listCustomers } from '../rpc/listings.ts';

const customersNamed = 10;

/** Whose facts are asked for: this customer's, or everybody's. */
export async function findCustomerIds(
  { control }: Pick<Fleet, 'control'>,
  customer: string | undefined,
): Promise<readonly string[]> {
  if (customer !== undefined) return [customer];
  const ids: string[] = [];
  for await (const { customerId } of listCustomers(control)) ids.push(customerId);
  return ids;
}

/** Fails with `not_found`, naming customers that there are: to list what one has who is not there is no error to the service. */
export async function requireCustomer(fleet: Pick<Fleet, 'control'>, customerId: string): Promise<void> {
  const ids = await findCustomerIds(fleet, undefined);
  if (!ids.includes(customerId)) throw noSuchCustomer(customerId, ids);
}

function noSuchCustomer(customerId: string, ids: readonly string[]): Failure {
  const nearest = findNearest(customerId, ids);
  const more = ids.length - customersNamed;
  const named = `${ids.slice(0, customersNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  const advice =
    ids.length === 0
      ? `Connect one first: ${command('connect', '--help')}`
      : `Connected: ${named}.${nearest === undefined ? '' : ` Is ${nearest} meant?`}`;
  return new Failure('not_found', 'No such customer', { data: { customerId, advice } });
}

/** The one integration that is meant. Fails with `invalid_params` where nothing says which of several, and with `not_found`. */
export async function findIntegration(
  fleet: Pick<Fleet, 'control'>,
  { customer, integration }: { readonly customer?: string; readonly integration?: string },
): Promise<{ readonly customerId: string; readonly integrationId: string }> {
  if (customer !== undefined) await requireCustomer(fleet, customer);
  const customerId = onlyOne('--customer', await findCustomerIds(fleet, customer));
  const answer = await fleet.control.call('integrations.list.v1', { customerId }, IntegrationsAnswer);
  const ids = answer.integrations.map(({ integrationId }) => integrationId);
  if (integration === undefined) return { customerId, integrationId: onlyOne('--integration', ids) };
  if (ids.includes(integration)) return { customerId, integrationId: integration };
  const nearest = findNearest(integration, ids);
  throw new Failure('not_found', 'The customer has no such integration', {
    data: {
      customerId,
      integrationId: integration,
      advice: `The customer has ${ids.join(', ') || 'none yet'}.${nearest === undefined ? '' : ` Is ${nearest} meant?`}`,
    },
  });
}

function onlyOne(option: '--customer' | '--integration', ids: readonly string[]): string {
  const [only] = ids;
  if (only === undefined) {
    throw new Failure('not_found', 'Nothing is connected yet', {
      data: { advice: `Connect it first: ${command('connect', '--help')}` },
    });
  }
  if (ids.length === 1) return only;
  throw new Failure('invalid_params', 'Nothing says which one is meant', {
    data: {
      option,
      found: ids.slice(0, customersNamed),
      advice: `Say which: ${option} ${only}, for example.`,
    },
  });
}
