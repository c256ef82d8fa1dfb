import type { Clock } from '../clock/clock.ts';
import type { FailureCode } from '../failure/codes.ts';
import { Failure } from '../failure/failure.ts';
import type { JsonValue } from '../json/json-value.ts';
import { inSpan } from '../observability/tracing.ts';
import { secretsInHeader } from './auth.ts';
import type { AuthHeader, Authorizer, Sign } from './authorizer.ts';
import type { RateLimiter } from './rate-limiter.ts';
import { isJsonAnswer, readJson } from './read-json.ts';
import { createRedactor } from './redact.ts';
import { resolveSameOrigin } from './request-url.ts';
import { excerptOf, responseToFailure } from './response-failure.ts';
import { type RequestPurpose, statusToFailureCode } from './status-failures.ts';
import type { Transport, TransportResponse } from './transport.ts';
import { type ReadFailure, toVendorAnswer, type VendorAnswer } from './vendor-answer.ts';
import type { AttemptReport, HttpMethod, RetryLimits, VendorResponse } from './vendor-client.ts';

/** What is sent, the same on every attempt; only the `Authorization` header differs. */
export interface Call {
  readonly method: HttpMethod;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** The body's fields if it is a form: OAuth 1 signs them. */
  readonly form?: Readonly<Record<string, string>>;
  readonly purpose: RequestPurpose;
  readonly tolerate: readonly number[];
  readonly isIdempotent: boolean;
  readonly signal: AbortSignal;
  /** Of a page that a cursor leads to: whether the vendor says that the cursor is too old. */
  readonly isExpired?: ((answer: VendorAnswer) => boolean) | undefined;
}

export interface CallContext {
  readonly base: URL;
  readonly transport: Transport;
  readonly authorizer: Authorizer;
  readonly limiter: RateLimiter;
  readonly retryLimits: RetryLimits;
  readonly clock: Clock;
  readonly secrets: readonly string[];
  readonly failures: ReadFailure | undefined;
  readonly onAttempt: ((report: AttemptReport) => void) | undefined;
}

export type Answer<Result> =
  | { readonly kind: 'read'; readonly result: Result }
  | { readonly kind: 'redirected'; readonly url: URL }
  | FailedAnswer;

export interface FailedAnswer {
  readonly kind: 'failed';
  readonly failure: Failure;
  readonly status: number;
  readonly authorization: AuthHeader | undefined;
}

/** Makes a result of an answer, or throws a Failure. Gets the URL that answered, which a redirect may have changed. */
export type ReadAnswer<Result> = (response: VendorResponse, url: URL) => Result;

/**
 * One request on the wire, and the one place that reports it. A status that means failure is returned, because a fresh token may
 * mend it; everything else that goes wrong is thrown.
 */
export function exchange<Result>(
  number: number,
  call: Call,
  sign: Sign,
  context: CallContext,
  read: ReadAnswer<Result>,
): Promise<Answer<Result>> {
  const { method, purpose } = call;
  // Neither path nor query: they may name students.
  const attributes = { method, purpose, attempt: number };
  return inSpan({ name: 'vendor request', kind: 'client', attributes }, ({ add }) => {
    function onAttempt(report: AttemptReport) {
      const { status, bytes, failure } = report;
      // Its code: the rest may quote the vendor.
      const code = failure?.code;
      add({ status, bytes, failure: typeof code === 'string' ? code : undefined });
      context.onAttempt?.(report);
    }
    return exchangeReported(number, call, sign, { ...context, onAttempt }, read);
  });
}

async function exchangeReported<Result>(
  number: number,
  call: Call,
  sign: Sign,
  context: CallContext,
  read: ReadAnswer<Result>,
): Promise<Answer<Result>> {
  const { clock, limiter, transport } = context;
  const { method, url, body, signal } = call;
  const release = await limiter.acquire(signal);
  const startedAt = clock.now();
  let received: TransportResponse | undefined;
  let failure: Failure | undefined;
  try {
    // Only now: a signature holds the time, and the wait for the turn may have been long.
    const authorization = sign(call);
    const headers =
      authorization === undefined
        ? call.headers
        : { ...call.headers, [authorization.name]: authorization.value };
    received = await transport.send({
      method,
      url,
      headers,
      signal,
      ...(body === undefined ? {} : { body }),
    });
    limiter.noteAnswer(received.headers);
    const redirect = findRedirect(received, call, context.base);
    if (redirect !== undefined) return { kind: 'redirected', url: redirect };
    const response = toVendorResponse(received);
    const secrets =
      authorization === undefined
        ? context.secrets
        : [...context.secrets, ...secretsInHeader(authorization.value)];
    const code = judge(response, call, context);
    if (code === 'not_found' && call.tolerate.includes(404)) {
      // The vendor says so under another status (a 400, say). To whoever asked it is the answer that was foreseen.
      const absent = { ...response, status: 404 };
      return { kind: 'read', result: readAnswer(absent, url, secrets, read) };
    }
    if (code === undefined) return { kind: 'read', result: readAnswer(response, url, secrets, read) };
    failure = describe(
      responseToFailure(code, response, { redact: createRedactor(secrets), now: clock.now() }),
      call,
    );
    const { retryAfterMs } = failure;
    if (retryAfterMs !== undefined && retryAfterMs <= context.retryLimits.maxWaitMs) {
      limiter.pauseUntil(clock.now() + retryAfterMs);
    }
    return { kind: 'failed', failure, status: response.status, authorization };
  } catch (thrown) {
    if (!(thrown instanceof Failure) || signal.aborted) throw thrown;
    failure = describe(thrown, call, received?.status);
    throw failure;
  } finally {
    release();
    const ms = clock.now() - startedAt;
    context.onAttempt?.({ method, path: url.pathname, ms, attempt: number, ...outcomeOf(received, failure) });
  }
}

function outcomeOf(
  received: TransportResponse | undefined,
  failure: Failure | undefined,
): Pick<AttemptReport, 'status' | 'bytes' | 'failure'> {
  return {
    bytes: received?.body.byteLength ?? 0,
    ...(received === undefined ? {} : { status: received.status }),
    ...(failure === undefined
      ? {}
      : { failure: { code: failure.code, problem: String(failure.data.problem) } }),
  };
}

function toVendorResponse({ status, headers, body }: TransportResponse): VendorResponse {
  let parsed: { readonly value: JsonValue } | undefined;
  return {
    status,
    headers,
    body,
    json: () => {
      parsed ??= { value: readJson({ headers, body }) };
      return parsed.value;
    },
  };
}

function judge(response: VendorResponse, call: Call, { failures }: CallContext): FailureCode | undefined {
  if (call.tolerate.includes(response.status)) return undefined;
  const answer = toVendorAnswer(response, call.purpose, response.json);
  if (call.isExpired?.(answer) === true) return 'cursor_expired';
  return failures?.(answer) ?? statusToFailureCode(response.status, call.purpose, isJsonAnswer(response));
}

function readAnswer<Result>(
  response: VendorResponse,
  url: URL,
  secrets: readonly string[],
  read: ReadAnswer<Result>,
): Result {
  try {
    return read(response, url);
  } catch (thrown) {
    if (!(thrown instanceof Failure) || thrown.data.problem !== 'html_instead_of_json') throw thrown;
    const excerpt = excerptOf(response.body, createRedactor(secrets));
    throw extend(thrown, { excerpt });
  }
}

function findRedirect({ status, headers }: TransportResponse, call: Call, base: URL): URL | undefined {
  const { location } = headers;
  if (
    ![301, 302, 303, 307, 308].includes(status) ||
    location === undefined ||
    call.tolerate.includes(status)
  ) {
    return undefined;
  }
  const isRepeatable = call.method === 'GET' || call.method === 'HEAD' || status === 307 || status === 308;
  if (!isRepeatable) {
    throw new Failure('vendor_answer_invalid', 'The vendor redirects a write', {
      data: { problem: 'redirected_write' },
    });
  }
  return resolveSameOrigin(base, call.url, location, 'redirect_off_origin');
}

/**
 * Adds what was asked. Of a write whose fate is unknown, `effect` says so: whoever pushes reads the vendor before trying again.
 * Query and body stay out: they may name students.
 */
export function describe(failure: Failure, { method, url, purpose }: Call, received?: number): Failure {
  const status = failure.data.status ?? received;
  const mayHaveActed =
    typeof status === 'number' ? status >= 500 || status < 300 : failure.data.isSent !== false;
  return extend(failure, {
    ...(status === undefined ? {} : { status }),
    method,
    host: url.host,
    path: url.pathname,
    ...(purpose === 'write' && mayHaveActed ? { effect: 'unknown' } : {}),
  });
}

function extend(
  { code, message, data, cause, retryAfterMs }: Failure,
  more: Readonly<Record<string, unknown>>,
): Failure {
  return new Failure(code, message, {
    data: { ...data, ...more },
    cause,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}
