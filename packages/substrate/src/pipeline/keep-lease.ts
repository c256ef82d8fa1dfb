import { isFailure } from '../failure/failure.ts';
import { commitFenced, type Fence, leaseMs } from './lease.ts';
import type { RunWorker } from './parts.ts';

/** A lease that is prolonged while its run is worked on. */
export interface KeptLease {
  /** Aborts when somebody else has taken the run over: with `lease_lost`. */
  readonly lost: AbortSignal;
  release(): void;
}

/**
 * Prolongs the lease between commits. A chunk of records that is written to a slow vendor takes longer than a lease lasts, and who is at
 * work must not be overtaken; a process that stands still prolongs nothing.
 */
export function keepLease({ store, clock }: Pick<RunWorker, 'store' | 'clock'>, fence: Fence): KeptLease {
  const lost = new AbortController();
  const released = new AbortController();

  async function keep(): Promise<void> {
    while (!released.signal.aborted) {
      await clock.sleep(leaseMs / 4, released.signal, { isBackground: true });
      try {
        await commitFenced(store, clock, fence, () => undefined);
      } catch (thrown) {
        // What else may go wrong with a commit, the run's next one meets as well.
        if (!isFailure(thrown, 'lease_lost')) continue;
        lost.abort(thrown);
        return;
      }
    }
  }

  // It ends by being released, in its sleep.
  keep().catch(() => undefined);
  return { lost: lost.signal, release: () => released.abort() };
}
