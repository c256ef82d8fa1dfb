import { Failure } from '../failure/failure.ts';
import type { Paging } from '../http/paging.ts';
import type { VendorClient } from '../http/vendor-client.ts';
import { addCounts, type RunCounts } from '../report/run-counts.ts';
import type { Run, RunEntityType } from '../store/runs.ts';
import type { StoreTransaction } from '../store/schema.ts';
import type { Collection, Entity } from '../vendor/define-entity.ts';
import { commitFenced, type Fence, type NextSequence } from './lease.ts';
import type { RunWorker } from './parts.ts';

/** One task's stretch of work on a run: what all its steps share. */
export interface Slice {
  readonly worker: RunWorker;
  readonly run: Run;
  readonly fence: Fence;
  readonly client: VendorClient;
  readonly collectionOf: (entity: Entity) => Collection;
  readonly paging: Paging;
  /** True when the slice should hand over: its time is up, or the process is told to stop. Asked between commits. */
  readonly isOver: () => boolean;
  readonly signal: AbortSignal;
}

/** Thrown between two commits when `isOver`; everything so far is committed. */
export const sliceOver = new Failure('unavailable', 'The slice is over');

/**
 * Commits under the run's fence. Then everybody else in the process gets a turn: the embedded store answers without ever returning to the
 * event loop, and a run must starve neither calls nor the heartbeat that keeps its own task.
 */
export async function commit<R>(
  { worker, fence }: Slice,
  body: (transaction: StoreTransaction, nextSequence: NextSequence) => Promise<R> | R,
): Promise<R> {
  const result = await commitFenced(worker.store, worker.clock, fence, body);
  await worker.clock.sleep(0);
  return result;
}

export function stopIfOver(slice: Slice): void {
  if (slice.isOver()) throw sliceOver;
}

/** The clock's time as the store keeps it. */
export function isoNow({ worker }: Slice): string {
  return new Date(worker.clock.now()).toISOString();
}

/** The progress with some counts added. */
export function withCounts(progress: RunEntityType, added: Partial<RunCounts>): RunEntityType {
  return { ...progress, counts: addCounts(progress.counts, added) };
}
