import type { Clock, SleepOptions } from '../../clock/clock.ts';

export interface SkippingClock extends Clock {
  /** Moves time on at once; who sleeps until then wakes. */
  skip(ms: number): void;
}

interface Sleeper {
  readonly wakesAt: number;
  readonly isBackground: boolean;
  readonly wake: () => void;
}

/**
 * A clock on which waiting takes no time: it stands still until somebody sleeps, and then jumps to the moment when the first sleeper
 * wakes. Pacing, back-off and `Retry-After` can so be measured exactly, and a test of an hour's wait ends at once. A sleep longer than
 * `horizonMs` (default a day) is a guard against something that never ends, not a wait: nothing jumps there, nor to the end of a sleep in
 * the background.
 */
export function createSkippingClock(
  startsAt = Date.UTC(2026, 0, 1, 3),
  horizonMs = 24 * 3_600_000,
): SkippingClock {
  let now = startsAt;
  let sleepers: readonly Sleeper[] = [];
  let isJumping = false;

  function sleep(
    ms: number,
    signal?: AbortSignal,
    { isBackground = false }: SleepOptions = {},
  ): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (ms <= 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const sleeper: Sleeper = {
        wakesAt: now + ms,
        isBackground,
        wake() {
          signal?.removeEventListener('abort', abort);
          resolve();
        },
      };
      function abort() {
        drop(sleeper);
        reject(signal?.reason);
      }
      signal?.addEventListener('abort', abort, { once: true });
      sleepers = [...sleepers, sleeper].toSorted((a, b) => a.wakesAt - b.wakesAt);
      if (ms <= horizonMs && !isBackground) jumpSoon();
    });
  }

  function drop(sleeper: Sleeper) {
    sleepers = sleepers.filter((other) => other !== sleeper);
  }

  /** One sleeper a turn of the event loop: what it sets off may sleep for less than the next one. */
  function jumpSoon() {
    if (isJumping) return;
    isJumping = true;
    setImmediate(() => {
      isJumping = false;
      const next = sleepers.find(({ isBackground }) => !isBackground);
      if (next === undefined || next.wakesAt > now + horizonMs) return;
      wakeUntil(Math.max(now, next.wakesAt));
      jumpSoon();
    });
  }

  function wakeUntil(time: number) {
    now = time;
    for (const sleeper of sleepers.filter(({ wakesAt }) => wakesAt <= time)) {
      drop(sleeper);
      sleeper.wake();
    }
  }

  return { now: () => now, sleep, skip: (ms) => wakeUntil(now + ms) };
}
