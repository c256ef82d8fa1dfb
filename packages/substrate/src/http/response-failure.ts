import type { FailureCode } from '../failure/codes.ts';
import { Failure } from '../failure/failure.ts';
import type { Redact } from './redact.ts';
import { readWaitMs } from './retry-hints.ts';
import type { TransportResponse } from './transport.ts';

/** Pure. An answer that means failure, as one: with the vendor's own words, bounded and without secrets. */
export function responseToFailure(
  code: FailureCode,
  response: TransportResponse,
  { redact, now }: { readonly redact: Redact; readonly now: number },
): Failure {
  const { status, headers, body } = response;
  const waitMs = readWaitMs(headers, now);
  const isAskedToWait = code === 'rate_limited' || status === 429 || status === 503;
  return new Failure(code, messages[code] ?? 'The vendor answered with an error', {
    data: {
      problem: 'status',
      status,
      contentType: headers['content-type'] ?? 'none',
      // Of a success only its status is told: what a vendor calls an error inside may be data of students.
      ...(status >= 200 && status < 300
        ? {}
        : { excerpt: excerptOf(body, redact, code === 'push_rejected' ? wholeAnswer : undefined) }),
    },
    ...(isAskedToWait && waitMs !== undefined ? { retryAfterMs: waitMs } : {}),
  });
}

/** Why a vendor refuses a write is told in full: it is what a school asks for. Characters. */
const wholeAnswer = 8_000;

/** Pure. The first characters. Redacted before it is cut: a secret across the cut would leave its first half. */
export function excerptOf(body: Uint8Array, redact: Redact, length = 500): string {
  return redact(new TextDecoder().decode(body.subarray(0, 16_384))).slice(0, length);
}

const messages: Partial<Record<FailureCode, string>> = {
  vendor_unavailable: 'The vendor cannot serve the request now',
  gateway_unavailable: 'A gateway answered in place of the vendor',
  credentials_rejected: 'The vendor refuses the credentials',
  rate_limited: 'The vendor asks to slow down',
  not_found: 'The vendor has nothing there',
  push_rejected: 'The vendor refuses the write',
  vendor_answer_invalid: 'The vendor refuses a request that its interface promises to answer',
  too_large: 'The vendor refuses the request as too large',
  cursor_expired: 'The vendor no longer knows how far the list had been read',
};
