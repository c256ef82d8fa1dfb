import { isExhausted, retryDelayMs } from './retry-schedule.ts';
import type { RetryPolicy } from './task-queue.ts';

/** What came back from one push. */
export interface PushAnswer {
  /** Null when there was no answer: connection refused or reset, time-out. */
  readonly status: number | null;
  /** The start of the answer's body, or what happened instead. */
  readonly text: string;
  readonly retryAfterMs?: number;
}

export type NextStep =
  | { readonly kind: 'done' }
  | { readonly kind: 'retry'; readonly dueAt: number }
  | { readonly kind: 'dead' };

/**
 * Pure. What follows from the answer to attempt number `attempts`. Only a 2xx is success; `Retry-After` on a 429 or 503 makes
 * the wait longer, never shorter.
 */
export function nextStep(
  policy: RetryPolicy,
  attempts: number,
  firstAttemptAt: number,
  answer: PushAnswer,
  now: number,
): NextStep {
  if (answer.status !== null && answer.status >= 200 && answer.status < 300) return { kind: 'done' };
  if (isExhausted(policy, attempts, now - firstAttemptAt)) return { kind: 'dead' };
  const asked = answer.status === 429 || answer.status === 503 ? (answer.retryAfterMs ?? 0) : 0;
  return { kind: 'retry', dueAt: now + Math.max(asked, retryDelayMs(policy, attempts)) };
}
