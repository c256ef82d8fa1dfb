import type { ReadFailure } from '../http/vendor-answer.ts';
import type { Api } from './define-api.ts';

/** Pure. Where the vendor departs from the default table, however it says so. A table of statuses is about the API: the token endpoint has RFC 6749's. */
export function readFailureOf({ failures }: Pick<Api, 'failures'>): ReadFailure {
  if (typeof failures === 'function') return failures;
  return ({ status, purpose }) => (purpose === 'token' ? undefined : failures?.[status]);
}
