import type { Clock } from '../clock/clock.ts';
import type { FailureCode } from '../failure/codes.ts';
import { Failure, toFailure } from '../failure/failure.ts';
import { isJsonObject, type JsonObject } from '../json/json-value.ts';
import type { ClientCredentialsAuth } from './auth.ts';
import { isJsonAnswer, readJson } from './read-json.ts';
import { createRedactor } from './redact.ts';
import { encodeQuery } from './request-url.ts';
import { responseToFailure } from './response-failure.ts';
import { retry } from './retry.ts';
import { statusToFailureCode } from './status-failures.ts';
import type { Transport, TransportResponse } from './transport.ts';
import type { RetryLimits } from './vendor-client.ts';

/** The access token of a client credentials grant, fetched when needed and once for all who wait for it. */
export interface TokenSource {
  get(): Promise<string>;
  /** The vendor refused this token: the next `get` brings another. Does nothing if it was replaced already. */
  forget(token: string): void;
}

export interface TokenSourceOptions {
  readonly auth: ClientCredentialsAuth;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly retryLimits: RetryLimits;
  readonly signal: AbortSignal;
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

async function requestToken({ auth, transport, clock, signal }: TokenSourceOptions): Promise<Token> {
  const askedAt = clock.now();
  const response = await transport.send({ method: 'POST', ...toTokenRequest(auth), signal });
  const code = toTokenFailureCode(response);
  if (code !== undefined) {
    const redact = createRedactor([auth.clientSecret, toBasic(auth)]);
    throw responseToFailure(code, response, { redact, now: clock.now() });
  }
  const answer = readJson(response);
  const value = isJsonObject(answer) ? answer.access_token : undefined;
  if (!isJsonObject(answer) || typeof value !== 'string' || value === '') {
    throw new Failure('vendor_answer_invalid', 'The token endpoint answers without a token', {
      data: { problem: 'no_access_token', status: response.status },
    });
  }
  return { value, staleAt: askedAt + usableMs(answer) };
}

function toTokenRequest(auth: ClientCredentialsAuth): {
  url: URL;
  headers: Record<string, string>;
  body: string;
} {
  const url = URL.parse(auth.tokenUrl);
  if (url === null) {
    throw new Failure('invalid_params', 'The token URL is not an absolute URL', {
      data: { parameter: 'tokenUrl' },
    });
  }
  const form = {
    grant_type: 'client_credentials',
    ...(auth.scopes.length === 0 ? {} : { scope: auth.scopes.join(' ') }),
    ...(auth.clientAuth === 'form' ? { client_id: auth.clientId, client_secret: auth.clientSecret } : {}),
    ...auth.extra,
  };
  return {
    url,
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      ...(auth.clientAuth === 'basic' ? { authorization: `Basic ${toBasic(auth)}` } : {}),
    },
    body: encodeQuery(form),
  };
}

/** RFC 6749 §2.3.1: id and secret are form-encoded before they are joined, so that a colon in the id is safe. */
function toBasic({ clientId, clientSecret }: ClientCredentialsAuth): string {
  return Buffer.from(`${formEncode(clientId)}:${formEncode(clientSecret)}`).toString('base64');
}

function formEncode(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
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

/** `expires_in` is missing in some replies and text in others; without it the token serves until the vendor refuses it. */
function usableMs({ expires_in: seconds }: JsonObject): number {
  const lifetime = Number(seconds) * 1000;
  if (seconds === null || seconds === undefined || !(lifetime > 0)) return Number.POSITIVE_INFINITY;
  return lifetime - Math.min(60_000, lifetime / 10);
}
