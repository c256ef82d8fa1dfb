import type { FailureCode } from '@flotilla/substrate/failure/codes';
import { isJsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import type { VendorAnswer } from '@flotilla/substrate/vendor';

/** How the Directory says with 403 that a quota is used up; Classroom says it with 429. */
const quotaReasons: ReadonlySet<string> = new Set([
  'rateLimitExceeded',
  'userRateLimitExceeded',
  'quotaExceeded',
  'dailyLimitExceeded',
]);

/** Pure. What the status alone does not say. */
export function failureIn({ purpose, status, json }: VendorAnswer): FailureCode | undefined {
  if (purpose === 'token') return undefined;
  if (status === 403) {
    const { name, reasons } = errorIn(json);
    const isQuota = name === 'RESOURCE_EXHAUSTED' || reasons.some((reason) => quotaReasons.has(reason));
    return isQuota ? 'rate_limited' : undefined;
  }
  // Two writes met; ALREADY_EXISTS has the same status and is a refusal.
  return status === 409 && errorIn(json).name === 'ABORTED' ? 'vendor_unavailable' : undefined;
}

/**
 * Pure. Whether a page's token is not known any more: Google says no more than that an argument is wrong, and of all pages' requests
 * only the token differs from the first one's, which it took.
 */
export function isExpired({ status, json }: VendorAnswer): boolean {
  if (status !== 400) return false;
  const { name, reasons } = errorIn(json);
  return name === 'INVALID_ARGUMENT' || reasons.includes('invalid');
}

/** `status` and `errors[].reason`: Classroom has the one, the Directory the others, or both. */
function errorIn(json: JsonValue | undefined) {
  const error = isJsonObject(json) && isJsonObject(json.error) ? json.error : {};
  const { status: name, errors } = error;
  const reasons = Array.isArray(errors)
    ? errors.flatMap((one: JsonValue) =>
        isJsonObject(one) && typeof one.reason === 'string' ? [one.reason] : [],
      )
    : [];
  return { name, reasons };
}
