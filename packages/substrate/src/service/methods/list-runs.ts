import { z } from 'zod';
import { Failure } from '../../failure/failure.ts';
import type { Call } from '../../rpc/call.ts';
import { defineMethod } from '../../rpc/define-method.ts';
import { listHeldRuns, type Run, readRun, runStates, listRuns as scanRuns } from '../../store/runs.ts';
import type { Store } from '../../store/schema.ts';
import { type CollectedPage, collectPage } from './collect-page.ts';
import { CustomerId, IntegrationId, Limit, RunId } from './identifiers.ts';
import { RunView, viewRun } from './run-view.ts';
import type { RunReader } from './runs.ts';

export const listRuns = defineMethod({
  name: 'runs.list',
  version: 1,
  summary: "A customer's runs, latest first",
  params: z.strictObject({
    customerId: CustomerId,
    integrationId: IntegrationId.optional(),
    state: z
      .enum(runStates)
      .optional()
      .describe('Only runs in this state; `held`: those that wait for a person'),
    after: RunId.optional().describe('The last run of the page before'),
    limit: Limit,
  }),
  result: z.strictObject({
    runs: z.array(RunView),
    next: z
      .string()
      .nullable()
      .describe('Pass it as `after` for the next page; null on the last. With `state` a page may be short'),
  }),
  roles: ['admin', 'orchestrator', 'scheduler', 'viewer'],
  errors: ['not_found'],
  async run({ context }: Call<RunReader>, { customerId, integrationId, state, after, limit }) {
    const last = after === undefined ? undefined : await readRun(context.store, customerId, after);
    if (last !== undefined && integrationId !== undefined && last.integrationId !== integrationId) {
      throw new Failure('not_found', 'The run to go on after is not of this integration', {
        data: { integrationId, runId: last.runId },
      });
    }
    const scope = { customerId, ...(integrationId === undefined ? {} : { integrationId }) };
    const page =
      state === 'held'
        ? await collectHeld(context.store, scope, last, limit)
        : await collectPage(
            (from, size) =>
              scanRuns(context.store, {
                ...scope,
                limit: size,
                ...(from === undefined ? {} : { after: from }),
              }),
            (run) => state === undefined || run.state === state,
            { after: last, limit },
          );
    return { runs: page.rows.map(viewRun), next: page.next?.runId ?? null };
  },
});

/** More runs of one customer do not wait at once: later ones of the same integration end the earlier ones. */
const mostHeld = 1_000;

/** Held runs have an index of their own, by the time of their stop. Here, too, the latest come first. */
async function collectHeld(
  store: Store,
  { customerId, integrationId }: { readonly customerId: string; readonly integrationId?: string },
  after: Run | undefined,
  limit: number,
): Promise<CollectedPage<Run>> {
  const held = (await listHeldRuns(store, customerId, undefined, mostHeld))
    .filter((run) => integrationId === undefined || run.integrationId === integrationId)
    .toSorted(byLatest)
    .filter((run) => after === undefined || byLatest(run, after) > 0);
  const rows = held.slice(0, limit);
  return { rows, next: held.length > limit ? (rows.at(-1) ?? null) : null };
}

function byLatest(a: Run, b: Run): number {
  return b.requestedAt.localeCompare(a.requestedAt) || (a.runId < b.runId ? -1 : Number(a.runId > b.runId));
}
