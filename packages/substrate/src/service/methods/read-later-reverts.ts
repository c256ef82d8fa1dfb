import type { LaterRevert } from '../../report/find-taken-back.ts';
import { noCounts, type RunCounts } from '../../report/run-counts.ts';
import { listRuns, readRunTotals } from '../../store/list-runs.ts';
import type { Run } from '../../store/runs.ts';
import type { Store } from '../../store/schema.ts';

const scanSize = 200;
/** Runs looked through, latest first: the nights of five years. A revert that is older than these is told by its own report only. */
const mostRuns = 2_000;

/** The runs that were asked for after this one to take back it, or another of its integration: by the index of an integration's latest runs. */
export async function readLaterReverts(store: Store, run: Run): Promise<readonly LaterRevert[]> {
  if (run.isDryRun || !changing.has(run.state)) return [];
  const { customerId, integrationId, requestedAt } = run;
  const found: Run[] = [];
  let after: Run | undefined;
  for (let examined = 0; examined < mostRuns; examined += scanSize) {
    const page = await listRuns(store, {
      customerId,
      integrationId,
      since: requestedAt,
      limit: scanSize,
      ...(after === undefined ? {} : { after }),
    });
    found.push(...page.filter(({ reverts }) => reverts !== null));
    after = page.at(-1);
    if (page.length < scanSize) break;
  }
  if (found.length === 0) return [];
  const totals = await readRunTotals(
    store,
    customerId,
    found.map(({ runId }) => runId),
  );
  return found.map(({ runId, reverts, state, requestedAt: at, requestedBy, reason, finishedAt }) => ({
    runId,
    reverts: reverts ?? '',
    state,
    requestedAt: at,
    requestedBy,
    reason,
    finishedAt,
    hasChanged: hasChanged(totals.get(runId) ?? noCounts),
  }));
}

/** Others have changed nothing that could be taken back (`runs.revert.v1`). */
const changing: ReadonlySet<string> = new Set(['succeeded', 'partial', 'failed']);

function hasChanged({
  created,
  updated,
  deleted,
  pushCreated,
  pushUpdated,
  pushDeleted,
}: RunCounts): boolean {
  return created + updated + deleted + pushCreated + pushUpdated + pushDeleted > 0;
}
