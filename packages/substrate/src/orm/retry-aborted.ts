import type { Clock } from '../clock/clock.ts';
import { isFailure } from '../failure/failure.ts';

const mostAttempts = 40;
const firstDelayMs = 4;
const longestDelayMs = 1_000;

/**
 * Runs `attempt` again for as long as it fails with `aborted`, with full jitter; after 40 attempts (about half a minute) the
 * last failure is thrown on. Adapters wait by the machine's clock, not by the database's, which a test may have stopped: what is
 * waited for is another program's lock.
 */
export async function retryAborted<R>(waiting: Pick<Clock, 'sleep'>, attempt: () => Promise<R>): Promise<R> {
  for (let failed = 1; ; failed++) {
    try {
      return await attempt();
    } catch (thrown) {
      if (!isFailure(thrown, 'aborted') || failed >= mostAttempts) throw thrown;
      const ceiling = Math.min(longestDelayMs, firstDelayMs * 2 ** (failed - 1));
      await waiting.sleep(thrown.retryAfterMs ?? 1 + Math.random() * ceiling);
    }
  }
}
