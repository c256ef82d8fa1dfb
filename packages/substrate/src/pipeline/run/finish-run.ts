import { Failure } from '../../failure/failure.ts';
import type { RecordedFailure } from '../../report/recorded-failure.ts';
import { type Run, type RunEntityType, type RunState, updateRun } from '../../store/runs.ts';
import { clearStaged } from '../../store/staged-records.ts';
import { commitAndRelease, type Fence } from '../lease.ts';
import type { RunWorker } from '../parts.ts';
import { recordFailure } from '../record-failure.ts';
import { isoNow, type Slice } from '../slice.ts';
import { expireSuperseded } from './hold-run.ts';
import { noticeDueAt } from './notice-due.ts';

/**
 * Ends a run whose entity types have all come to their end, and gives the lease back in the same commit. Where the vendor offered none of
 * them the run has failed: under a wrong base URL, too, every list is simply not there.
 */
export async function finishRun(slice: Slice, progress: readonly RunEntityType[]): Promise<void> {
  const { worker, run, fence } = slice;
  if (progress.some(isNotOffered) && progress.every((one) => isNotOffered(one) || wasNotAsked(one))) {
    const failure = new Failure(
      'vendor_answer_invalid',
      'The vendor has none of the lists that were asked for',
      {
        data: { entityTypes: progress.map(({ entityType }) => entityType) },
      },
    );
    await failRun(worker, run, fence, failure);
    return;
  }
  const state: RunState = progress.some(isUndone) ? 'partial' : 'succeeded';
  await endRun(worker, run, fence, { state }, progress);
  if (state === 'succeeded') await expireSuperseded(worker.store, run, isoNow(slice));
}

/** Ends a run that found the vendor's feed where it was left: everything is in step. */
export async function finishUnchanged({ worker, run, fence }: Slice): Promise<void> {
  await endRun(worker, run, fence, { state: 'unchanged' });
}

/** Ends a run that cannot go on. What it committed stays, and so does its progress, for people to read. */
export async function failRun(worker: RunWorker, run: Run, fence: Fence, failure: Failure): Promise<void> {
  await endRun(worker, run, fence, { state: 'failed', failure: recordFailure(failure) });
}

async function endRun(
  worker: RunWorker,
  run: Run,
  fence: Fence,
  outcome: { readonly state: RunState; readonly failure?: RecordedFailure },
  progress: readonly RunEntityType[] = [],
): Promise<void> {
  const { customerId, runId } = run;
  await commitAndRelease(worker.store, worker.clock, fence, async (transaction, { lastSequence }) => {
    const now = worker.clock.now();
    const dueAt = await noticeDueAt(transaction, run, outcome.state, now, progress);
    // Nobody reads what was staged and not merged: the next run fetches anew.
    clearStaged(transaction, { customerId, runId });
    const finishedAt = new Date(now).toISOString();
    updateRun(transaction, run, {
      ...outcome,
      openSince: null,
      finishedAt,
      lastSequence,
      noticeDueAt: dueAt,
    });
  });
}

/**
 * Failed, incomplete, skipped for another's failure, or with records that the vendor did not take. A collection that the vendor does not
 * offer is no loss.
 */
function isUndone(progress: RunEntityType): boolean {
  return (progress.failure !== null && !isNotOffered(progress)) || progress.counts.pushFailed > 0;
}

/** Lists that stand in records of which there are none. */
function wasNotAsked({ pages, failure }: RunEntityType): boolean {
  return pages === 0 && failure === null;
}

/** Whether the vendor does not have the collection. */
export function isNotOffered({ stage, failure }: RunEntityType): boolean {
  return stage === 'skipped' && failure?.code === 'not_found';
}
