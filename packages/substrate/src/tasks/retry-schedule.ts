import type { RetryPolicy } from './task-queue.ts';

/**
 * Pure. Milliseconds to wait after the `failures`-th failed attempt (1 and up). Cloud Tasks' schedule: the minimum doubled
 * `maxDoublings` times, then growing linearly by the last doubled interval, never above the maximum. With min 10 s, max 300 s
 * and 3 doublings, its reference gives 10, 20, 40, 80, 160, 240, 300, 300 s.
 */
export function retryDelayMs(policy: RetryPolicy, failures: number): number {
  const doublings = Math.min(failures - 1, policy.maxDoublings);
  const doubled = policy.minBackoffMs * 2 ** doublings;
  const linearSteps = Math.max(0, failures - 1 - policy.maxDoublings);
  return Math.min(policy.maxBackoffMs, doubled * (1 + linearSteps));
}

/**
 * Pure. Whether a task is not tried again after `attempts` attempts, the first of which began `elapsedMs` ago. As in Cloud Tasks,
 * where both limits are set both must be reached; without a duration the attempts decide alone.
 */
export function isExhausted(policy: RetryPolicy, attempts: number, elapsedMs: number): boolean {
  if (policy.maxAttempts < 0 || attempts < policy.maxAttempts) return false;
  return policy.maxRetryDurationMs === undefined || elapsedMs >= policy.maxRetryDurationMs;
}
