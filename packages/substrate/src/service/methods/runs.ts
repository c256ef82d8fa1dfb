import { z } from 'zod';
import type { Call } from '../../rpc/call.ts';
import { defineMethod } from '../../rpc/define-method.ts';
import { readRun, readRunEntityTypes } from '../../store/runs.ts';
import type { Store } from '../../store/schema.ts';
import { CustomerId, RunId } from './identifiers.ts';
import { inOrder, readReport } from './read-report-source.ts';
import { RunReportView } from './report-view.ts';
import { RunDetailView, viewEntityType, viewRun } from './run-view.ts';

/** What these methods need of their service. */
export interface RunReader {
  readonly store: Store;
  /** Where the dashboard is, for links in reports. */
  readonly fleet?: { readonly dashboardUrl: string | undefined };
}

export const getRun = defineMethod({
  name: 'runs.get',
  version: 1,
  summary: 'How far a run has come',
  params: z.strictObject({ customerId: CustomerId, runId: RunId }),
  result: RunDetailView,
  roles: ['admin', 'orchestrator', 'scheduler', 'viewer'],
  errors: ['not_found'],
  async run({ context }: Call<RunReader>, { customerId, runId }) {
    const run = await readRun(context.store, customerId, runId);
    const progress = await readRunEntityTypes(context.store, customerId, runId);
    return { ...viewRun(run), entityTypes: inOrder(progress).map(viewEntityType) };
  },
});

export const reportRun = defineMethod({
  name: 'runs.report',
  version: 1,
  summary: "A run's merge report: verdict, steps, problems, changes field by field",
  params: z.strictObject({
    customerId: CustomerId,
    runId: RunId,
    changes: z.int().min(0).max(1000).default(100).describe('How many changes to show'),
    problems: z.int().min(0).max(1000).default(100).describe('How many quarantined records to name'),
  }),
  result: RunReportView,
  roles: ['admin', 'orchestrator', 'scheduler', 'viewer'],
  errors: ['not_found'],
  async run({ context }: Call<RunReader>, { customerId, runId, changes, problems }) {
    const { store, fleet } = context;
    const run = await readRun(store, customerId, runId);
    return await readReport(store, run, { changes, problems, dashboardUrl: fleet?.dashboardUrl });
  },
});
