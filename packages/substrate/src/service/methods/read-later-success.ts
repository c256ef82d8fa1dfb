import type { ReportSource } from '../../report/report-source.ts';
import { listRuns } from '../../store/list-runs.ts';
import type { Run } from '../../store/runs.ts';
import type { Store } from '../../store/schema.ts';

/** Looked through, latest first: among them is a whole one, unless somebody has synced single records ever since. */
const mostRuns = 50;

/** The latest run of everything that went well after one that did not: what that one asked for is most likely done. */
export async function readLaterSuccess(store: Store, run: Run): Promise<ReportSource['laterSuccess']> {
  if (run.isDryRun || (run.state !== 'failed' && run.state !== 'partial')) return null;
  const { customerId, integrationId, requestedAt } = run;
  const found = await listRuns(store, {
    customerId,
    integrationId,
    states: ['succeeded', 'unchanged'],
    since: requestedAt,
    limit: mostRuns,
  });
  const whole = found.find(
    ({ isDryRun, reverts, entityTypes, recordIds }) =>
      !isDryRun && reverts === null && entityTypes.length === 0 && recordIds.length === 0,
  );
  return whole === undefined ? null : { runId: whole.runId, at: whole.finishedAt ?? whole.requestedAt };
}
