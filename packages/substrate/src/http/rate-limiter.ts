import type { Clock } from '../clock/clock.ts';
import type { RequestLimits } from './vendor-client.ts';

/** Paces the requests of one client, first come first served. */
export interface RateLimiter {
  /** Waits for a turn; the caller gives it back by calling what it got, once. Rejects with the signal's reason. */
  acquire(signal?: AbortSignal): Promise<() => void>;
  /** Nobody's turn comes before this time (ms since 1970): the vendor asked for it. */
  pauseUntil(time: number): void;
  /** What an answer's headers (names in lower case) say about the budget that is left. */
  noteAnswer(headers: Readonly<Record<string, string>>): void;
}

/**
 * A token bucket, kept as the time at which the next token falls due (GCRA). A full bucket and the refill of one period together
 * make up `requests`, so no window of `perSeconds` ever sees more, wherever the vendor starts its windows. The bucket is small
 * (a tenth): a new process starts with a full one and must not double what its predecessor just spent.
 */
export function createRateLimiter(
  { requests, perSeconds, concurrent, budget }: RequestLimits,
  clock: Clock,
): RateLimiter {
  const burst = Math.max(1, Math.min(concurrent, Math.floor(requests / 10)));
  const intervalMs = (perSeconds * 1000) / (requests - burst + 1);
  let due = Number.NEGATIVE_INFINITY;
  let pausedUntil = Number.NEGATIVE_INFINITY;
  /** While the budget is low, requests are that far apart. */
  let gapMs = 0;
  let lastAt = Number.NEGATIVE_INFINITY;
  let free = concurrent;
  let lastTaken = Promise.resolve();
  const waiting: (() => void)[] = [];

  async function acquire(signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    await takePlace(signal);
    try {
      await takeToken(signal);
    } catch (error) {
      leavePlace();
      throw error;
    }
    let isHeld = true;
    return () => {
      if (isHeld) leavePlace();
      isHeld = false;
    };
  }

  function takePlace(signal?: AbortSignal): Promise<void> {
    if (free > 0) {
      free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      function enter(): void {
        signal?.removeEventListener('abort', leave);
        resolve();
      }
      function leave(): void {
        waiting.splice(waiting.indexOf(enter), 1);
        reject(signal?.reason);
      }
      waiting.push(enter);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  /** The place goes to the next in the queue directly, so that nobody overtakes. */
  function leavePlace(): void {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  }

  function takeToken(signal?: AbortSignal): Promise<void> {
    const taken = lastTaken.then(() => awaitToken(signal));
    lastTaken = taken.catch(() => undefined);
    return taken;
  }

  /** Only the head of the queue is in here, so a pause that comes while it sleeps moves everybody behind it too. */
  async function awaitToken(signal?: AbortSignal): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      const now = clock.now();
      const turn = Math.max(due - (burst - 1) * intervalMs, pausedUntil, lastAt + gapMs);
      if (turn <= now) {
        due = Math.max(due, now) + intervalMs;
        lastAt = now;
        return;
      }
      await clock.sleep(Math.ceil(turn - now), signal);
    }
  }

  return {
    acquire,
    pauseUntil: (time) => {
      pausedUntil = Math.max(pausedUntil, time);
    },
    noteAnswer: (headers) => {
      if (budget === undefined) return;
      const left = Number.parseFloat(headers[budget.remainingHeader.toLowerCase()] ?? '');
      if (!Number.isNaN(left)) gapMs = left < budget.slowBelow ? budget.pauseMs : 0;
    },
  };
}
