import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from './clock.ts';

/** Node's timers hold 31 bits of milliseconds (24.8 days); a longer wait would end at once, with a warning. */
const longestWait = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal, { isBackground = false } = {}) => {
    signal?.throwIfAborted();
    let left = Math.max(0, ms);
    do {
      const part = Math.min(left, longestWait);
      await waitOrAbort(part, signal, isBackground);
      left -= part;
    } while (left > 0);
  },
};

/** node:timers rejects with an AbortError of its own; the port promises the signal's reason. */
async function waitOrAbort(
  ms: number,
  signal: AbortSignal | undefined,
  isBackground: boolean,
): Promise<void> {
  try {
    await wait(ms, undefined, { ref: !isBackground, ...(signal === undefined ? {} : { signal }) });
  } catch (thrown) {
    signal?.throwIfAborted();
    throw thrown;
  }
}
