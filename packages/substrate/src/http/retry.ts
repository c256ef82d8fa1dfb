import { fullJitterGenerator } from 'cockatiel';
import type { Clock } from '../clock/clock.ts';
import { Failure } from '../failure/failure.ts';
import type { RetryLimits } from './vendor-client.ts';

export const defaultRetryLimits: RetryLimits = {
  attempts: 5,
  initialDelayMs: 500,
  maxDelayMs: 30_000,
  maxWaitMs: 60_000,
};

export interface RetryOptions {
  readonly limits: RetryLimits;
  readonly clock: Clock;
  readonly isWorthRetrying: (failure: Failure) => boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Attempts until one succeeds, waiting as long as the failure says, else with doubling and full jitter. A wait beyond `maxWaitMs`
 * is not slept: it is thrown as `rate_limited` with `retryAfterMs`, so that the run's slice ends and another resumes after it.
 * (cockatiel's own retry policy sleeps by timer, which neither tests nor an abort can cut short; its jitter is used.)
 */
export async function retry<Result>(
  attempt: (number: number) => Promise<Result>,
  { limits, clock, isWorthRetrying, signal }: RetryOptions,
): Promise<Result> {
  for (let number = 1; ; number++) {
    try {
      return await attempt(number);
    } catch (thrown) {
      signal?.throwIfAborted();
      if (!(thrown instanceof Failure) || !isWorthRetrying(thrown)) throw thrown;
      const told = thrown.retryAfterMs;
      if (told !== undefined && told > limits.maxWaitMs) throw toLongWait(thrown, told);
      if (number >= limits.attempts) throw withWait(thrown, limits);
      await clock.sleep(told === undefined || told <= 0 ? jitter(number, limits) : told, signal);
    }
  }
}

function jitter(number: number, { initialDelayMs, maxDelayMs }: RetryLimits): number {
  const options = {
    initialDelay: initialDelayMs,
    maxDelay: maxDelayMs,
    exponent: 2,
    generator: fullJitterGenerator,
  };
  return fullJitterGenerator(number - 1, options)[0];
}

/** `rate_limited` always says when to come back, also where the vendor did not. */
function withWait(failure: Failure, { maxWaitMs }: RetryLimits): Failure {
  if (failure.code !== 'rate_limited' || failure.retryAfterMs !== undefined) return failure;
  const { code, message, data, cause } = failure;
  return new Failure(code, message, { data, cause, retryAfterMs: maxWaitMs });
}

function toLongWait(failure: Failure, retryAfterMs: number): Failure {
  if (failure.code === 'rate_limited') return failure;
  return new Failure('rate_limited', 'The vendor asks to wait for longer than a request may take', {
    data: failure.data,
    cause: failure,
    retryAfterMs,
  });
}
