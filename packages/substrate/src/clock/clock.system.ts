import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from './clock.ts';

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    signal?.throwIfAborted();
    await wait(Math.max(0, ms), undefined, signal === undefined ? {} : { signal });
  },
};
