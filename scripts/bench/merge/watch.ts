/**
 * Two clocks that run in turns; what is on neither, such as making the data, is not counted. They count processor time of the thread that
 * works: on a quiet machine that is the time that passes, and on a busy one it leaves out how long others had the processor.
 */
export interface Watch {
  time<T>(clock: 'parse' | 'merge', work: () => T): T;
  /** Does the work off the clock that runs. */
  pause<T>(work: () => T): T;
  seconds(): { readonly parseSeconds: number; readonly mergeSeconds: number };
}

export function createWatch(): Watch {
  const seconds = { parse: 0, merge: 0 };
  let paused = 0;
  return {
    time(clock, work) {
      clearNewSpace();
      const pausedBefore = paused;
      const startedAt = processorSeconds();
      const result = work();
      seconds[clock] += processorSeconds() - startedAt - (paused - pausedBefore);
      return result;
    },
    pause(work) {
      const before = paused;
      const startedAt = processorSeconds();
      const result = work();
      clearNewSpace();
      // Pauses within this one are part of it.
      paused = before + processorSeconds() - startedAt;
      return result;
    },
    seconds: () => ({ parseSeconds: seconds.parse, mergeSeconds: seconds.merge }),
  };
}

function processorSeconds(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e6;
}

/** What making the data left behind is off the clock, too: without this, the next to allocate would clear it away. Needs --expose-gc. */
function clearNewSpace(): void {
  globalThis.gc?.({ type: 'minor' });
}
