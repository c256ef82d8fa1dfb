import { z } from 'zod';
import { Failure } from '../../failure/failure.ts';
import { noCounts } from '../../report/run-counts.ts';
import type { Call } from '../../rpc/call.ts';
import { defineMethod } from '../../rpc/define-method.ts';
import { requireCustomer } from '../../store/customers.ts';
import { readIntegration } from '../../store/integrations.ts';
import { type RunListing, readRunTotals, listRuns as scanRuns } from '../../store/list-runs.ts';
import { type Run, type RunState, readRun, runStates } from '../../store/runs.ts';
import type { Store } from '../../store/schema.ts';
import { contexts } from '../../vendor/define-vendor.ts';
import { collectPage } from './collect-page.ts';
import { CustomerId, IntegrationId, Limit, RunId } from './identifiers.ts';
import { periodParams, readPeriod } from './period.ts';
import { CountsView, RunView, viewRun } from './run-view.ts';
import type { RunReader } from './runs.ts';

const Params = z.strictObject({
  customerId: CustomerId,
  integrationId: IntegrationId.optional(),
  state: z
    .enum(runStates)
    .optional()
    .describe('Only runs in this state; `held`: those that wait for a person'),
  states: z
    .array(z.enum(runStates))
    .min(1)
    .max(runStates.length)
    .optional()
    .describe('Only runs in one of these states, or in `state`'),
  context: z.enum(contexts).optional().describe('Only runs of this context'),
  method: z
    .string()
    .regex(/^[a-z][a-zA-Z0-9]*(\.[a-zA-Z0-9]+)*$/, 'the name of a method, or what it begins with up to a dot')
    .max(100)
    .optional()
    .describe(
      'Only runs that this method asked for, or one whose name begins so: `rosters`, `grades.sync`, `runs.revert.v1`',
    ),
  ...periodParams,
  after: RunId.optional().describe('The last run of the page before'),
  limit: Limit,
});

export const listRuns = defineMethod({
  name: 'runs.list',
  version: 1,
  summary: "A customer's runs, latest first, each with what came of its records",
  params: Params,
  result: z.strictObject({
    runs: z.array(
      RunView.extend({
        totals: CountsView.describe('All entity types together, as far as the run has come'),
      }),
    ),
    next: z
      .string()
      .nullable()
      .describe(
        'Pass it as `after` for the next page; null on the last. With `context` or `method` a page may be short',
      ),
  }),
  roles: ['admin', 'orchestrator', 'scheduler', 'viewer'],
  errors: ['not_found'],
  async run({ context: { store } }: Call<RunReader>, params) {
    const { customerId, integrationId, after, limit, context, method } = params;
    const { timeZone } = await requireCustomer(store, customerId);
    if (integrationId !== undefined) await readIntegration(store, customerId, integrationId);
    const last = after === undefined ? undefined : await readLast(store, params, after);
    const listing = toListing(params, timeZone);
    const page = await collectPage<Run>(
      (from, size) =>
        scanRuns(store, { ...listing, limit: size, ...(from === undefined ? {} : { after: from }) }),
      (run) => (context === undefined || run.context === context) && isOf(run, method),
      { after: last, limit },
    );
    const runIds = page.rows.map(({ runId }) => runId);
    const totals = await readRunTotals(store, customerId, runIds);
    return {
      runs: page.rows.map((run) => ({ ...viewRun(run), totals: totals.get(run.runId) ?? noCounts })),
      next: page.next?.runId ?? null,
    };
  },
});

type Filter = z.output<typeof Params>;

async function readLast(store: Store, { customerId, integrationId }: Filter, after: string): Promise<Run> {
  const last = await readRun(store, customerId, after);
  if (integrationId === undefined || last.integrationId === integrationId) return last;
  throw new Failure('not_found', 'The run to go on after is not of this integration', {
    data: { integrationId, runId: last.runId },
  });
}

/** What the store's indexes find. */
function toListing(
  { customerId, integrationId, state, states, since, until }: Filter,
  timeZone: string,
): Omit<RunListing, 'limit' | 'after'> {
  const wanted: readonly RunState[] = [...(states ?? []), ...(state === undefined ? [] : [state])];
  return {
    customerId,
    ...(integrationId === undefined ? {} : { integrationId }),
    ...(wanted.length === 0 ? {} : { states: wanted }),
    ...readPeriod({ since, until }, timeZone),
  };
}

function isOf({ method }: Run, wanted: string | undefined): boolean {
  return wanted === undefined || method === wanted || method.startsWith(`${wanted}.`);
}
