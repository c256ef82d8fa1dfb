import { Failure, isFailure } from '@flotilla/substrate/failure';
import { findNearest } from '@flotilla/substrate/failure/find-nearest';
import type { Fleet } from '../fleet/connect-fleet.ts';
import { command } from '../output/command-line.ts';
import { IntegrationsAnswer } from '../rpc/answers.ts';
import { listCustomers } from '../rpc/listings.ts';

const customersNamed = 10;
const connectFirst = `Connect one first: ${command('connect', '--help')}`;

/** Whose facts are asked for: this customer's, or everybody's. The names by ids; null where nobody had to be asked for it. */
export async function findCustomers(
  { control }: Pick<Fleet, 'control'>,
  customer: string | undefined,
): Promise<ReadonlyMap<string, string | null>> {
  if (customer !== undefined) return new Map([[customer, null]]);
  const names = new Map<string, string>();
  for await (const { customerId, name } of listCustomers(control)) names.set(customerId, name);
  return names;
}

/** What a service says of this customer, or of all. Where there is none with this id: fails with `not_found`, and names those that there are. */
export async function askOf<R>(
  fleet: Pick<Fleet, 'control'>,
  customer: string | undefined,
  ask: () => Promise<R>,
): Promise<R> {
  try {
    return await ask();
  } catch (thrown) {
    throw await explainMissing(fleet, customer, thrown);
  }
}

/** Whether it says no more than that one of all customers has no integration of the name that is asked for: another one may have it. */
export function isOfOthers(thrown: unknown, { customer, integration }: Scope): boolean {
  return customer === undefined && integration !== undefined && isFailure(thrown, 'not_found');
}

interface Scope {
  readonly customer?: string | undefined;
  readonly integration?: string | undefined;
}

/** What one of the customers has; nothing where the integration that is asked for may be another one's. */
export async function askEach<R>(scope: Scope, ask: () => Promise<readonly R[]>): Promise<readonly R[]> {
  try {
    return await ask();
  } catch (thrown) {
    if (isOfOthers(thrown, scope)) return [];
    throw thrown;
  }
}

/** What was thrown; in place of `not_found` because there is no such customer, a failure that names those that there are. */
export async function explainMissing(
  fleet: Pick<Fleet, 'control'>,
  customer: string | undefined,
  thrown: unknown,
): Promise<unknown> {
  if (customer === undefined || !isFailure(thrown, 'not_found')) return thrown;
  const ids = [...(await findCustomers(fleet, undefined)).keys()];
  return ids.includes(customer) ? thrown : noSuchCustomer(customer, ids);
}

function noSuchCustomer(customerId: string, ids: readonly string[]): Failure {
  const nearest = findNearest(customerId, ids);
  const more = ids.length - customersNamed;
  const named = `${ids.slice(0, customersNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  const advice =
    ids.length === 0
      ? connectFirst
      : `Connected: ${named}.${nearest === undefined ? '' : ` Is ${nearest} meant?`}`;
  return new Failure('not_found', 'No such customer', { data: { customerId, advice } });
}

/** The one integration that is meant. Fails with `invalid_params` where nothing says which of several, and with `not_found`. */
export async function findIntegration(
  fleet: Pick<Fleet, 'control'>,
  { customer, integration }: { readonly customer?: string; readonly integration?: string },
): Promise<{ readonly customerId: string; readonly integrationId: string; readonly vendor: string }> {
  const customerId = onlyOne('--customer', [...(await findCustomers(fleet, customer)).keys()]);
  const answer = await askOf(fleet, customer, () =>
    fleet.control.call('integrations.list.v1', { customerId }, IntegrationsAnswer),
  );
  const ids = answer.integrations.map(({ integrationId }) => integrationId);
  const integrationId = integration ?? onlyOne('--integration', ids);
  const found = answer.integrations.find((one) => one.integrationId === integrationId);
  if (found !== undefined) return { customerId, integrationId, vendor: found.vendor };
  const nearest = findNearest(integrationId, ids);
  const advice =
    ids.length === 0
      ? connectFirst
      : `The customer has ${ids.join(', ')}.${nearest === undefined ? '' : ` Is ${nearest} meant?`}`;
  throw new Failure('not_found', 'The customer has no such integration', {
    data: { customerId, integrationId, advice },
  });
}

function onlyOne(option: '--customer' | '--integration', ids: readonly string[]): string {
  const [only] = ids;
  if (only === undefined) {
    throw new Failure('not_found', 'Nothing is connected yet', {
      data: { advice: connectFirst },
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
