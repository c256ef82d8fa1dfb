import type { z } from 'zod';
import { CustomersAnswer, type RunAnswer, RunsAnswer } from './answers.ts';
import type { RpcClient } from './rpc-client.ts';

const pageSize = 200;

/** All customers, in order of their ids. */
export async function* listCustomers(control: RpcClient) {
  let after: string | null = null;
  do {
    const page: z.output<typeof CustomersAnswer> = await control.call(
      'customers.list.v1',
      { limit: pageSize, ...(after === null ? {} : { after }) },
      CustomersAnswer,
    );
    yield* page.customers;
    after = page.next;
  } while (after !== null);
}

export interface RunScope {
  readonly customerId: string;
  readonly integrationId?: string | undefined;
  /** How many of the latest; all if left out. */
  readonly limit?: number;
}

/** Runs, latest first. */
export async function listRuns(control: RpcClient, scope: RunScope): Promise<readonly RunAnswer[]> {
  const { customerId, integrationId, limit = Number.POSITIVE_INFINITY } = scope;
  const runs: RunAnswer[] = [];
  let after: string | null = null;
  do {
    const page: z.output<typeof RunsAnswer> = await control.call(
      'runs.list.v1',
      {
        customerId,
        limit: Math.min(limit - runs.length, pageSize),
        ...(integrationId === undefined ? {} : { integrationId }),
        ...(after === null ? {} : { after }),
      },
      RunsAnswer,
    );
    runs.push(...page.runs);
    after = page.next;
  } while (after !== null && runs.length < limit);
  return runs;
}
