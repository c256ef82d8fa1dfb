import { Failure, isFailure, isRetryable, toFailure } from '../../failure/failure.ts';
import { type Run, readRun } from '../../store/runs.ts';
import type { Context, Vendor } from '../../vendor/define-vendor.ts';
import { acquireLease, type Fence } from '../lease.ts';
import type { RunWorker } from '../parts.ts';
import { isWait, sliceOver } from '../slice.ts';
import { failRun } from './finish-run.ts';
import { enqueueNextSlice, enqueueSlice } from './start-run.ts';
import { workOnRun } from './work-on-run.ts';

/** The body of a slice's task. */
export interface SliceTask {
  readonly customerId: string;
  readonly runId: string;
  readonly slice: number;
}

export interface SliceDelivery {
  /** How often this task was tried before. */
  readonly retryCount: number;
  /** Aborts when the process is told to stop. */
  readonly signal: AbortSignal;
}

export type SliceOutcome = 'finished' | 'continued' | 'waiting' | 'stale';

/** How long a run waits for another one of its integration before it looks again. */
const leaseWaitMs = 30_000;
const longestWaitMs = 6 * 60 * 60_000;
const longestRunMs = 24 * 60 * 60_000;

/**
 * Works on a run until it is finished or the slice's time is over; then the next slice is queued. A task that arrives twice, late or beside
 * another worker's does nothing twice. Throws what the queue should retry; all else ends the run and is in its report.
 */
export async function runSlice(
  worker: RunWorker,
  vendor: Vendor,
  task: SliceTask,
  delivery: SliceDelivery,
): Promise<SliceOutcome> {
  const run = await readRun(worker.store, task.customerId, task.runId);
  if (run.vendor !== vendor.id) {
    throw new Failure('forbidden', "The run is another vendor's", {
      data: { runId: run.runId, vendor: run.vendor },
    });
  }
  if (run.openSince === null || run.state === 'held') return 'stale';
  if (task.slice < run.slice) {
    // Whoever moved the run on may have died before it queued the next slice. A no-op where it did queue it.
    await enqueueSlice(worker, run);
    return 'stale';
  }
  const fence = await takeLease(worker, run);
  if (typeof fence === 'string') return fence;
  try {
    // Until the lease was taken records could still be added to it.
    const begun = await readRun(worker.store, task.customerId, task.runId);
    await workOnRun(worker, vendor, begun, fence, delivery.signal);
    return 'finished';
  } catch (thrown) {
    const failure = toFailure(thrown);
    if (failure.code === 'lease_lost') return 'stale';
    if (thrown === sliceOver || delivery.signal.aborted) return await handOver(worker, run, undefined);
    if ((failure.code === 'rate_limited' || isWait(thrown)) && !isOverdue(worker, run)) {
      return await handOver(worker, run, worker.clock.now() + boundWait(failure.retryAfterMs));
    }
    const { maxAttempts } = vendor.queues[run.context as Context].retry;
    const isLastAttempt =
      isOverdue(worker, run) || (maxAttempts !== -1 && delivery.retryCount + 1 >= maxAttempts);
    if (isRetryable(failure) && !isLastAttempt) throw failure;
    worker.log.error('A run failed', { error: thrown, runId: run.runId });
    await failRun(worker, run, fence, failure);
    return 'finished';
  }
}

/** `waiting`: another run of the integration is under way, and this one will look again. `stale`: it has ended or moved on. */
async function takeLease(worker: RunWorker, run: Run): Promise<Fence | 'waiting' | 'stale'> {
  try {
    return await acquireLease(worker.store, worker.clock, run);
  } catch (thrown) {
    if (isFailure(thrown, 'lease_lost')) return 'stale';
    if (!isFailure(thrown, 'lease_held')) throw thrown;
    const waitMs = Math.min(thrown.retryAfterMs ?? leaseWaitMs, leaseWaitMs);
    await handOver(worker, run, worker.clock.now() + waitMs);
    return 'waiting';
  }
}

/** A vendor may ask for any wait; a run looks again in time. */
function boundWait(askedMs: number | undefined): number {
  return Math.min(Math.max(askedMs ?? leaseWaitMs, 1_000), longestWaitMs);
}

/** A run that has been open for so long ends at the next failure, whatever it is: waiting for ever says nothing to anybody. */
function isOverdue({ clock }: RunWorker, { openSince }: Run): boolean {
  return openSince !== null && clock.now() - Date.parse(openSince) > longestRunMs;
}

async function handOver(worker: RunWorker, run: Run, scheduleAt: number | undefined): Promise<SliceOutcome> {
  if (!(await enqueueNextSlice(worker, run, scheduleAt))) return 'stale';
  return scheduleAt === undefined ? 'continued' : 'waiting';
}
