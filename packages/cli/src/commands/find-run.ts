import { Failure, isFailure } from '@flotilla/substrate/failure';
import type { Fleet } from '../fleet/connect-fleet.ts';
import { callCustomer, type OfCustomer, withCustomerName } from '../output/call-customer.ts';
import { RunAnswer } from '../rpc/answers.ts';
import { listRuns } from '../rpc/listings.ts';
import { askOf, explainMissing, findCustomers } from './find-customers.ts';
import { commandOn } from './open-fleet.ts';

export interface RunChoice {
  readonly home?: string;
  readonly customer?: string;
}

export const runArgument = [
  '<run>',
  "the run's id, or its beginning as long as no other run begins so",
] as const;

/** The run whose id begins so. Fails with `not_found` where there is none, and with `invalid_params` where there are several. */
export async function findRun(
  fleet: Pick<Fleet, 'control'>,
  beginning: string,
  flags: RunChoice,
  /** Only among runs in this state. */
  state?: string,
): Promise<RunAnswer & OfCustomer> {
  const found: (RunAnswer & OfCustomer)[] = [];
  const customers = await findCustomers(fleet, flags.customer);
  for (const [customerId, name] of customers) {
    const runs = await askOf(fleet, flags.customer, () =>
      listBegun(fleet, customerId, beginning.toLowerCase(), state),
    );
    found.push(...runs.map((run) => withCustomerName(run, name)));
  }
  const [run] = found;
  if (run === undefined) {
    const see = commandOn(flags, ...(state === 'held' ? ['held'] : ['runs']));
    const missing = new Failure(
      'not_found',
      state === undefined ? 'There is no such run' : `No such run is ${state}`,
      {
        data: { run: beginning, advice: `See which there are: ${see}` },
      },
    );
    throw await explainMissing(fleet, flags.customer, missing);
  }
  if (found.length === 1) return run;
  throw new Failure('invalid_params', 'Several runs begin so', {
    data: {
      run: beginning,
      found: found.slice(0, 5).map((each) => `${each.runId} of ${callCustomer(each)}`),
      advice: 'Give more of the id.',
    },
  });
}

/** Pure. The whole id of a run: by that the service finds it, among however many. */
export function isWholeId(id: string): boolean {
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id);
}

async function listBegun(
  { control }: Pick<Fleet, 'control'>,
  customerId: string,
  beginning: string,
  state: string | undefined,
): Promise<readonly RunAnswer[]> {
  if (!isWholeId(beginning)) {
    const runs = await listRuns(control, { customerId, state });
    return runs.filter(({ runId }) => runId.startsWith(beginning));
  }
  try {
    const run = await control.call('runs.get.v1', { customerId, runId: beginning }, RunAnswer);
    return state === undefined || run.state === state ? [run] : [];
  } catch (thrown) {
    if (isFailure(thrown, 'not_found')) return [];
    throw thrown;
  }
}
