import { type FailureCode, factsOf } from './codes.ts';

/** What a failure carries besides its code: plain JSON, free of secrets, safe to log and to show. */
export type FailureData = Readonly<Record<string, unknown>>;

export interface FailureOptions {
  readonly data?: FailureData;
  readonly cause?: unknown;
  /** Milliseconds to wait before a retry, where the other side said so (`Retry-After`). */
  readonly retryAfterMs?: number;
}

/**
 * Pure. The one error class. `message` is static (it groups in logs); what varies stands in `data`; the foreign error is `cause`
 * and never leaves the process.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: FailureCode;
  readonly data: FailureData;
  readonly retryAfterMs: number | undefined;

  constructor(code: FailureCode, message: string, options: FailureOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.data = options.data ?? {};
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Whatever was thrown, as a Failure: itself if it is one, else `internal` with the thrown thing as its cause. */
export function toFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  return new Failure('internal', 'An unexpected error', { cause: thrown });
}

export function isFailure(thrown: unknown, code?: FailureCode): thrown is Failure {
  return thrown instanceof Failure && (code === undefined || thrown.code === code);
}

/** Whether trying the same thing again, later, can succeed. */
export function isRetryable(failure: Failure): boolean {
  return factsOf(failure.code).retry !== 'never';
}
