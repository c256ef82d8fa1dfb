import { describe, expect, test } from 'vitest';
import { createManualClock } from '../clock/clock.manual.ts';
import { Failure, type FailureOptions } from '../failure/failure.ts';
import { defaultRetryLimits, retry } from './retry.ts';

/** Fails every time; tells what was thrown and when each attempt began. */
async function failAlways(thrown: unknown, isWorthRetrying = true) {
  const clock = createManualClock(0);
  const at: number[] = [];
  const attempt = (): Promise<never> => {
    at.push(clock.now());
    return Promise.reject(thrown);
  };
  const retrying = retry(attempt, {
    limits: defaultRetryLimits,
    clock,
    isWorthRetrying: () => isWorthRetrying,
  });
  const outcome = retrying.catch((failure: unknown) => failure);
  await clock.advance(1e7);
  return { outcome: await outcome, at };
}

const failure = (code: 'rate_limited' | 'vendor_unavailable', options?: FailureOptions) =>
  new Failure(code, 'no', options);

describe('retry', () => {
  test('backs off by at most half a second, doubled each time', async () => {
    const longest = [0, 0, 0, 0];
    for (let round = 0; round < 200; round++) {
      const { at } = await failAlways(failure('vendor_unavailable'));
      expect(at).toHaveLength(5);
      for (let index = 0; index < 4; index++) {
        longest[index] = Math.max(longest[index] ?? 0, (at[index + 1] ?? 0) - (at[index] ?? 0));
      }
    }
    for (const [index, cap] of [500, 1000, 2000, 4000].entries()) {
      expect(longest[index]).toBeLessThanOrEqual(cap);
      expect(longest[index]).toBeGreaterThan(cap * 0.8);
    }
  });

  test('waits exactly as told', async () => {
    const { at } = await failAlways(failure('rate_limited', { retryAfterMs: 60_000 }));
    expect(at).toEqual([0, 60_000, 120_000, 180_000, 240_000]);
  });

  test('does not sleep for longer than the cap, and keeps the failure behind it', async () => {
    const down = failure('vendor_unavailable', { retryAfterMs: 60_001, data: { status: 503 } });
    const { outcome, at } = await failAlways(down);
    expect(at).toEqual([0]);
    expect(outcome).toMatchObject({
      code: 'rate_limited',
      retryAfterMs: 60_001,
      data: { status: 503 },
      cause: down,
    });
  });

  test('gives rate_limited a time to come back where the vendor told none', async () => {
    const { outcome } = await failAlways(failure('rate_limited', { data: { status: 429 } }));
    expect(outcome).toMatchObject({ code: 'rate_limited', retryAfterMs: 60_000, data: { status: 429 } });
  });

  test.each([new TypeError('a bug'), failure('vendor_unavailable')])(
    'throws at once what is not worth retrying (%#)',
    async (thrown) => {
      const { outcome, at } = await failAlways(thrown, !(thrown instanceof Failure));
      expect(outcome).toBe(thrown);
      expect(at).toEqual([0]);
    },
  );
});
