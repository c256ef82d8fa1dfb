import type { FailureCode } from '../failure/codes.ts';

/** What a request is for, because the same status means different things: a missing list is a wrong address, a missing record is not. */
export type RequestPurpose = 'list' | 'read' | 'write';

/**
 * Pure. The default table: what an HTTP status means, for every vendor that does not say otherwise (`failures` of its client).
 * `isJson`: whether the body is JSON, which tells the vendor's own answer from that of a proxy before it. Undefined: a success.
 */
export function statusToFailureCode(
  status: number,
  purpose: RequestPurpose,
  isJson: boolean,
): FailureCode | undefined {
  if (status >= 200 && status < 300) return undefined;
  const isWrite = purpose === 'write';
  switch (status) {
    case 401:
      return 'credentials_rejected';
    case 403:
      // A refused read means that the credential lacks the right; a refused write often concerns that one record.
      return isWrite ? 'push_rejected' : 'credentials_rejected';
    case 404:
    case 410:
      if (isWrite) return 'push_rejected';
      return purpose === 'read' ? 'not_found' : 'vendor_answer_invalid';
    case 407:
    case 511:
      return 'gateway_unavailable';
    case 408:
    case 425:
      return 'vendor_unavailable';
    case 413:
    case 414:
      return isWrite ? 'push_rejected' : 'too_large';
    case 429:
      return 'rate_limited';
    case 501:
    case 505:
      return isWrite ? 'push_rejected' : 'vendor_answer_invalid';
    case 502:
    case 503:
    case 504:
      return isJson ? 'vendor_unavailable' : 'gateway_unavailable';
    default:
      return rangeToFailureCode(status, isWrite);
  }
}

function rangeToFailureCode(status: number, isWrite: boolean): FailureCode {
  // 520 to 530 are Cloudflare's: it could not talk to the vendor's server.
  if (status >= 520 && status <= 530) return 'gateway_unavailable';
  if (status >= 500) return 'vendor_unavailable';
  if (status >= 400 && isWrite) return 'push_rejected';
  return 'vendor_answer_invalid';
}
