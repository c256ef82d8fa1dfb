import type { Clock } from '@flotilla/substrate/clock/clock';
import { Failure } from '@flotilla/substrate/failure';

/** What the work comes to; fails with `unavailable` where it has not after `ms`. Then it goes on, and nobody waits for it. */
export async function withinTime<R>(clock: Clock, ms: number, work: Promise<R>): Promise<R> {
  const done = new AbortController();
  const timeUp = clock.sleep(ms, done.signal, { isBackground: true }).then(
    () => Promise.reject(new Failure('unavailable', 'No answer in time', { data: { ms } })),
    // The work was first.
    () => work,
  );
  try {
    return await Promise.race([work, timeUp]);
  } finally {
    done.abort();
  }
}
