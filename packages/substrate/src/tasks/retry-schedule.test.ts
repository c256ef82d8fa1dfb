import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isExhausted, retryDelayMs } from './retry-schedule.ts';
import type { RetryPolicy } from './task-queue.ts';

const reference: RetryPolicy = {
  maxAttempts: 8,
  minBackoffMs: 10_000,
  maxBackoffMs: 300_000,
  maxDoublings: 3,
};

function delays(policy: RetryPolicy, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => retryDelayMs(policy, index + 1));
}

const policies = fc.record({
  maxAttempts: fc.integer({ min: -1, max: 100 }),
  minBackoffMs: fc.integer({ min: 1, max: 10_000 }),
  maxBackoffMs: fc.integer({ min: 10_000, max: 3_600_000 }),
  maxDoublings: fc.integer({ min: 0, max: 40 }),
});

describe('retryDelayMs', () => {
  test('follows the example of the Cloud Tasks reference', () => {
    const seconds = delays(reference, 9).map((ms) => ms / 1000);

    expect(seconds).toEqual([10, 20, 40, 80, 160, 240, 300, 300, 300]);
  });

  test('grows linearly from the start when doubling is off', () => {
    expect(delays({ ...reference, maxDoublings: 0 }, 4)).toEqual([10_000, 20_000, 30_000, 40_000]);
  });

  test('stays at the minimum when the maximum is the minimum', () => {
    expect(delays({ ...reference, maxBackoffMs: 10_000 }, 3)).toEqual([10_000, 10_000, 10_000]);
  });

  test('never shrinks, never leaves the limits and stays a number however many failures there were', () => {
    fc.assert(
      fc.property(policies, fc.integer({ min: 1, max: 5000 }), (policy, failures) => {
        const delay = retryDelayMs(policy, failures);
        expect(delay).toBeGreaterThanOrEqual(policy.minBackoffMs);
        expect(delay).toBeLessThanOrEqual(policy.maxBackoffMs);
        expect(retryDelayMs(policy, failures + 1)).toBeGreaterThanOrEqual(delay);
      }),
    );
  });
});

describe('isExhausted', () => {
  const both: RetryPolicy = { ...reference, maxAttempts: 3, maxRetryDurationMs: 60_000 };
  const cases: readonly [string, RetryPolicy, number, number, boolean][] = [
    ['fewer attempts than allowed go on', reference, 7, 1e9, false],
    ['the last allowed attempt stops a task without a duration', reference, 8, 0, true],
    [
      'without a limit of attempts a task is tried for ever',
      { ...reference, maxAttempts: -1 },
      1e6,
      1e12,
      false,
    ],
    ['attempts alone do not stop a task that has a duration', both, 9, 59_999, false],
    ['the duration alone does not stop a task that has attempts left', both, 2, 60_000, false],
    ['attempts and duration together stop a task', both, 3, 60_000, true],
  ];

  test.each(cases)('%s', (_name, policy, attempts, elapsedMs, expected) => {
    expect(isExhausted(policy, attempts, elapsedMs)).toBe(expected);
  });
});
