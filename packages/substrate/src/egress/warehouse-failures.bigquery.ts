import { Failure, type FailureData, isFailure } from '../failure/failure.ts';

/** https://cloud.google.com/bigquery/docs/error-messages: those that pass by themselves. */
const passingReasons: ReadonlySet<string> = new Set([
  'backendError',
  'internalError',
  'jobBackendError',
  'jobInternalError',
  'jobRateLimitExceeded',
  'quotaExceeded',
  'rateLimitExceeded',
  'tableUnavailable',
  'timeout',
  'userRateLimitExceeded',
]);

/** What BigQuery said. */
interface BigQueryProblem {
  /** Of HTTP; null where there was no answer at all. */
  readonly status: number | null;
  readonly reasons: readonly string[];
  readonly message: string;
}

/** `data` says what was being done. Quota and what passes is `unavailable`; the rest no repetition mends. */
export function translateBigQueryFailure(thrown: unknown, data: FailureData): Failure {
  if (isFailure(thrown)) return thrown;
  const { status, reasons, message } = readProblem(thrown);
  const options = { data: { ...data, status, reasons }, cause: withoutTraffic(thrown) };
  // A job that fails has reasons and no status; a connection that breaks has neither.
  const isPassing =
    status === null ? reasons.length === 0 : status === 408 || status === 429 || status >= 500;
  if (isPassing || reasons.some(isPassingReason))
    return new Failure('unavailable', 'BigQuery does not take it now', options);
  if (status === 413 || message.includes('payload size exceeds'))
    return new Failure('too_large', 'A request is larger than BigQuery takes', options);
  switch (status) {
    case 401:
    case 403:
      return new Failure('forbidden', 'This service account may not do that in BigQuery', options);
    case 404:
      return new Failure('not_found', 'BigQuery has no such dataset or table', options);
    default:
      return new Failure('invalid_params', 'BigQuery refuses this', options);
  }
}

export function isPassingReason(reason: string): boolean {
  return passingReasons.has(reason);
}

/** What was to be made exists. */
export function isConflict(thrown: unknown): boolean {
  return readProblem(thrown).status === 409;
}

function readProblem(thrown: unknown): BigQueryProblem {
  if (!(thrown instanceof Error)) return { status: null, reasons: [], message: '' };
  const { message, code, errors } = thrown as Error & { readonly code?: unknown; readonly errors?: unknown };
  const reasons = (Array.isArray(errors) ? errors : []).map((error: { readonly reason?: unknown }) =>
    typeof error.reason === 'string' ? error.reason : 'unknown',
  );
  return { status: typeof code === 'number' ? code : null, reasons: [...new Set(reasons)], message };
}

/** The library hangs the whole exchange to its errors: the token in its headers, the pupils in its body. */
function withoutTraffic(thrown: unknown): Error {
  const { name, message, stack } = thrown instanceof Error ? thrown : new Error(String(thrown));
  return Object.assign(new Error(message), { name, stack });
}
