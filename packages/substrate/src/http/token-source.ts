import type { Clock } from '../clock/clock.ts';
import type { FailureCode } from '../failure/codes.ts';
import { Failure, toFailure } from '../failure/failure.ts';
import { isJsonObject } from '../json/json-value.ts';
import type { TokenAuth } from './auth.ts';
import { isJsonAnswer, readJson } from './read-json.ts';
import { createRedactor } from './redact.ts';
import { responseToFailure } from './response-failure.ts';
import { retry } from './retry.ts';
import { statusToFailureCode } from './status-failures.ts';
import { readAccessToken } from './token-answer.ts';
import { toTokenRequest } from './token-request.ts';
import type { Transport, TransportResponse } from './transport.ts';
import type { RetryLimits } from './vendor-client.ts';

/** The access token of any of the token styles, fetched when needed and once for all who wait for it. */
export interface TokenSource {
  get(): Promise<string>;
  /** The vendor refused this token: the next `get` brings another. Does nothing if it was replaced already. */
  forget(token: string): void;
}

export interface TokenSourceOptions {
  readonly auth: TokenAuth;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly retryLimits: RetryLimits;
  readonly signal: AbortSignal;
  /** What an answer of the endpoint means where the vendor departs from RFC 6749 and the table of statuses. */
  readonly failures?: ((response: TransportResponse) => FailureCode | undefined) | undefined;
}

export function createTokenSource(options: TokenSourceOptions): TokenSource {
  let current: Token | undefined;
  let pending: Promise<Token> | undefined;

  function get(): Promise<string> {
    if (current !== undefined && options.clock.now() < current.staleAt) return Promise.resolve(current.value);
    pending ??= fetchToken(options)
      .then((token) => {
        current = token;
        return token;
      })
      .finally(() => {
        pending = undefined;
      });
    return pending.then(({ value }) => value);
  }

  return {
    get,
    forget: (token) => {
      if (current?.value === token) current = undefined;
    },
  };
}

interface Token {
  readonly value: string;
  /** When to fetch another: before it expires, because a request is under way for a while. */
  readonly staleAt: number;
}

function fetchToken(options: TokenSourceOptions): Promise<Token> {
  const { clock, retryLimits, signal, auth } = options;
  return retry(() => requestToken(options), {
    limits: retryLimits,
    clock,
    signal,
    isWorthRetrying: ({ code }) =>
      ['vendor_unavailable', 'gateway_unavailable', 'rate_limited'].includes(code),
  }).catch((thrown) => {
    signal.throwIfAborted();
    const { code, message, data, cause, retryAfterMs } = toFailure(thrown);
    const tokenUrl = URL.parse(auth.tokenUrl);
    throw new Failure(code, message, {
      data: { ...data, step: 'token', host: tokenUrl?.host, path: tokenUrl?.pathname },
      cause,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  });
}

async function requestToken({
  auth,
  transport,
  clock,
  signal,
  failures,
}: TokenSourceOptions): Promise<Token> {
  const askedAt = clock.now();
  const { request, secrets } = await toTokenRequest(auth, askedAt);
  const response = await transport.send({ ...request, signal });
  const code = failures?.(response) ?? toTokenFailureCode(response);
  if (code !== undefined)
    throw responseToFailure(code, response, { redact: createRedactor(secrets), now: clock.now() });
  const { value, usableMs } = readAccessToken(auth, response);
  return { value, staleAt: askedAt + usableMs };
}

/** RFC 6749 §5.2: the error's name counts; vendors disagree on the status that goes with it. */
function toTokenFailureCode(response: TransportResponse): FailureCode | undefined {
  const isJson = isJsonAnswer(response);
  const { status } = response;
  if (status >= 400 && status < 500 && isJson && credentialErrors.has(readError(response)))
    return 'credentials_rejected';
  return statusToFailureCode(status, 'list', isJson);
}

const credentialErrors = new Set<unknown>([
  'invalid_client',
  'unauthorized_client',
  'invalid_grant',
  'invalid_scope',
  'access_denied',
]);

function readError(response: TransportResponse): unknown {
  try {
    const answer = readJson(response);
    return isJsonObject(answer) ? answer.error : undefined;
  } catch {
    return undefined;
  }
}
