/** Two clocks that run in turns; what is on neither, such as making the data, is not counted. */
export interface Watch {
  time<T>(clock: 'parse' | 'merge', work: () => T): T;
  /** Does the work off the clock that runs. */
  pause<T>(work: () => T): T;
  seconds(): { readonly parseSeconds: number; readonly mergeSeconds: number };
}

export function createWatch(): Watch {
  const ms = { parse: 0, merge: 0 };
  let pausedMs = 0;
  return {
    time(clock, work) {
      const paused = pausedMs;
      const startedAt = performance.now();
      const result = work();
      ms[clock] += performance.now() - startedAt - (pausedMs - paused);
      return result;
    },
    pause(work) {
      const before = pausedMs;
      const startedAt = performance.now();
      const result = work();
      // Pauses within this one are part of it.
      pausedMs = before + performance.now() - startedAt;
      return result;
    },
    seconds: () => ({ parseSeconds: ms.parse / 1000, mergeSeconds: ms.merge / 1000 }),
  };
}
