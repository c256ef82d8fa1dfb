import { Failure } from '../../failure/failure.ts';
import { type Run, type RunDecision, readRun, readRunEntityTypes, updateRun } from '../../store/runs.ts';
import type { StoreTransaction } from '../../store/schema.ts';
import type { RunStarter } from '../parts.ts';
import { endHeld, unapprovedLimits } from './hold-run.ts';
import { enqueueSlice } from './start-run.ts';

export interface RunVerdict {
  readonly customerId: string;
  readonly runId: string;
  readonly decision: 'approved' | 'rejected';
  readonly by: string;
  readonly reason?: string;
}

/**
 * Lets a held run go on, or ends it. Approved is what the preview showed: should more be over a limit when the run goes on, it is held again.
 * `also` is buffered into the same commit. Fails with `stale_version` for a run that is not held any more.
 */
export async function decideRun(
  starter: RunStarter,
  { customerId, runId, decision, by, reason }: RunVerdict,
  also: (transaction: StoreTransaction, run: Run) => void = () => undefined,
): Promise<Run> {
  const now = new Date(starter.clock.now()).toISOString();
  const decided = await starter.store.transaction(async (transaction) => {
    const run = await readRun(transaction, customerId, runId);
    if (run.state !== 'held') {
      throw new Failure('stale_version', 'The run is not held', { data: { runId, state: run.state } });
    }
    also(transaction, run);
    const progress = await readRunEntityTypes(transaction, customerId, runId);
    const exceeded = unapprovedLimits(run, progress.values());
    const verdict: RunDecision = { decision, by, at: now, reason: reason ?? null, exceeded };
    if (decision === 'rejected') {
      endHeld(transaction, run, 'rejected', now);
      updateRun(transaction, run, { decision: verdict });
      return { ...run, state: 'rejected', decision: verdict };
    }
    const next = {
      state: 'queued',
      decision: verdict,
      heldSince: null,
      noticeDueAt: null,
      openSince: now,
      dueAt: null,
      slice: run.slice + 1,
    };
    updateRun(transaction, run, next);
    return { ...run, ...next };
  });
  if (decision === 'approved') await enqueueSlice(starter, decided);
  return decided;
}
