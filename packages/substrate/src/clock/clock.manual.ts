import type { Clock } from './clock.ts';

interface Sleeper {
  readonly wakesAt: number;
  readonly wake: () => void;
}

export interface ManualClock extends Clock {
  /** Moves time on; sleepers wake in order of their time, each after what the one before set off has settled. */
  advance(ms: number): Promise<void>;
  readonly sleeping: number;
}

/** A clock that stands still until told: for tests of waits, limits, leases and back-off. */
export function createManualClock(startsAt = Date.UTC(2026, 0, 1)): ManualClock {
  let now = startsAt;
  let sleepers: Sleeper[] = [];

  function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (ms <= 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const sleeper: Sleeper = {
        wakesAt: now + ms,
        wake() {
          signal?.removeEventListener('abort', abort);
          resolve();
        },
      };
      function abort() {
        sleepers = sleepers.filter((other) => other !== sleeper);
        reject(signal?.reason);
      }
      sleepers.push(sleeper);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  async function advance(ms: number): Promise<void> {
    const until = now + ms;
    for (;;) {
      await settle();
      const next = sleepers.toSorted((a, b) => a.wakesAt - b.wakesAt)[0];
      if (next === undefined || next.wakesAt > until) break;
      now = next.wakesAt;
      sleepers = sleepers.filter((other) => other !== next);
      next.wake();
    }
    now = until;
  }

  return {
    now: () => now,
    sleep,
    advance,
    get sleeping() {
      return sleepers.length;
    },
  };
}

/** Lets everything that is ready to run, run: a macrotask round empties the microtask queue. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
