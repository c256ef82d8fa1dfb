import { describe, expect, test } from 'vitest';
import { createManualClock } from '../clock/clock.manual.ts';
import { createRateLimiter } from './rate-limiter.ts';
import type { RequestLimits } from './vendor-client.ts';

/** Sends `count` requests that take `takesMs` each, all at once; tells when each began and how many ran together at most. */
async function run(
  limits: RequestLimits,
  count: number,
  takesMs: number,
  pauseAt?: { after: number; ms: number },
) {
  const clock = createManualClock(0);
  const limiter = createRateLimiter(limits, clock);
  const startedAt: number[] = [];
  const order: number[] = [];
  let running = 0;
  let mostRunning = 0;
  async function send(number: number): Promise<void> {
    const release = await limiter.acquire();
    startedAt.push(clock.now());
    order.push(number);
    mostRunning = Math.max(mostRunning, ++running);
    if (startedAt.length === pauseAt?.after) limiter.pauseUntil(clock.now() + pauseAt.ms);
    await clock.sleep(takesMs);
    running--;
    release();
  }
  const all = Promise.all(Array.from({ length: count }, (_, number) => send(number)));
  while (order.length < count || running > 0)
    await clock.advance(takesMs + (limits.perSeconds * 1000) / limits.requests);
  await all;
  return { startedAt, order, mostRunning };
}

function mostInAnyWindow(times: readonly number[], windowMs: number): number {
  return Math.max(
    ...times.map((from) => times.filter((time) => time >= from && time < from + windowMs).length),
  );
}

const cases: (RequestLimits & { count: number; takesMs: number })[] = [
  { requests: 1, perSeconds: 1, concurrent: 1, count: 5, takesMs: 10 },
  { requests: 10, perSeconds: 1, concurrent: 4, count: 60, takesMs: 5 },
  { requests: 10, perSeconds: 1, concurrent: 4, count: 40, takesMs: 900 },
  { requests: 7, perSeconds: 3, concurrent: 20, count: 40, takesMs: 1 },
  { requests: 100, perSeconds: 60, concurrent: 8, count: 250, takesMs: 30 },
  { requests: 1200, perSeconds: 60, concurrent: 50, count: 1500, takesMs: 100 },
];

describe('createRateLimiter', () => {
  test.each(cases)(
    'keeps to $requests per $perSeconds s and $concurrent together, first come first served',
    async ({ count, takesMs, ...limits }) => {
      const { startedAt, order, mostRunning } = await run(limits, count, takesMs);
      expect(mostInAnyWindow(startedAt, limits.perSeconds * 1000)).toBeLessThanOrEqual(limits.requests);
      expect(mostRunning).toBeLessThanOrEqual(limits.concurrent);
      expect(order).toEqual(order.toSorted((a, b) => a - b));
    },
  );

  test('uses what it may: quick requests come at the declared rate', async () => {
    const { startedAt } = await run({ requests: 10, perSeconds: 1, concurrent: 4 }, 101, 1);
    expect(startedAt.at(-1)).toBe(10_000);
  });

  test('lets nobody pass during a pause, those who wait already included, and keeps to the rate after it', async () => {
    const { startedAt } = await run({ requests: 10, perSeconds: 1, concurrent: 4 }, 40, 1, {
      after: 5,
      ms: 7000,
    });
    const pausedAt = startedAt[4] ?? 0;
    expect(startedAt.filter((time) => time > pausedAt && time < pausedAt + 7000)).toEqual([]);
    expect(startedAt[5]).toBe(pausedAt + 7000);
    expect(mostInAnyWindow(startedAt, 1000)).toBeLessThanOrEqual(10);
  });

  test('an abort leaves the queue at once and its place to the next', async () => {
    const clock = createManualClock(0);
    const limiter = createRateLimiter({ requests: 1000, perSeconds: 1, concurrent: 1 }, clock);
    const first = await limiter.acquire();
    const abort = new AbortController();
    const second = limiter.acquire(abort.signal);
    const third = limiter.acquire();
    abort.abort(new Error('stop'));
    await expect(second).rejects.toThrow('stop');
    first();
    await clock.advance(10);
    await expect(third).resolves.toBeTypeOf('function');
  });

  test('giving a turn back twice frees one place only', async () => {
    const clock = createManualClock(0);
    const limiter = createRateLimiter({ requests: 1000, perSeconds: 1, concurrent: 1 }, clock);
    const release = await limiter.acquire();
    release();
    release();
    let entered = 0;
    for (let index = 0; index < 3; index++) void limiter.acquire().then(() => entered++);
    await clock.advance(100);
    expect(entered).toBe(1);
  });
});
