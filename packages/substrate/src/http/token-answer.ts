import { Failure } from '../failure/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import { valueAt } from '../json/value-at.ts';
import type { TokenAuth, TokenExchangeAuth } from './auth.ts';
import { readJson } from './read-json.ts';
import type { TransportResponse } from './transport.ts';

export interface AccessToken {
  readonly value: string;
  /** How long it may be used, in ms: less than it lives, because a request is under way for a while. */
  readonly usableMs: number;
}

/** Pure. The token in a successful answer. Throws `vendor_answer_invalid` where there is none; the failure holds no piece of the answer. */
export function readAccessToken(auth: TokenAuth, response: TransportResponse): AccessToken {
  if (auth.kind === 'tokenExchange') {
    const value = exchangedToken(auth, response);
    if (value === undefined) throw noToken(response);
    return { value, usableMs: usableMs(auth.lifetimeSeconds) };
  }
  const answer = readJson(response);
  const held = valueAt(answer, auth.kind === 'refreshToken' ? (auth.answerIn ?? '') : '');
  const value = isJsonObject(held) ? held.access_token : undefined;
  if (!isJsonObject(held) || typeof value !== 'string' || value === '') throw noToken(response);
  if (auth.kind === 'refreshToken') assertNotRotated(held, auth.refreshToken);
  return { value, usableMs: usableMs(held.expires_in) };
}

function exchangedToken(
  { tokenIn = 'body' }: TokenExchangeAuth,
  response: TransportResponse,
): string | undefined {
  const value = tokenIn === 'body' ? wholeText(response) : valueAt(readJson(response), tokenIn);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The bare token; as a JSON text it has quotes around it. RFC 6750 §2.1 says what a token may consist of: a web page does not. */
function wholeText({ body }: TransportResponse): string | undefined {
  const text = new TextDecoder()
    .decode(body)
    .trim()
    .replace(/^"(.*)"$/, '$1');
  return /^[A-Za-z0-9._~+/-]+=*$/.test(text) ? text : undefined;
}

function assertNotRotated({ refresh_token: given }: JsonObject, ours: string): void {
  if (given === undefined || given === null || given === ours) return;
  throw new Failure(
    'vendor_answer_invalid',
    'The vendor replaces the refresh token, and the new one is not kept',
    {
      data: {
        problem: 'refresh_token_rotated',
        remedy: 'Have the vendor issue refresh tokens that stay, or use another way to sign in.',
      },
    },
  );
}

/** `expires_in` is missing in some replies and text in others; without it the token serves until the vendor refuses it. */
function usableMs(seconds: JsonValue | undefined): number {
  const lifetime = Number(seconds) * 1000;
  if (seconds === null || seconds === undefined || !(lifetime > 0)) return Number.POSITIVE_INFINITY;
  return lifetime - Math.min(60_000, lifetime / 10);
}

function noToken({ status }: TransportResponse): Failure {
  return new Failure('vendor_answer_invalid', 'The token endpoint answers without a token', {
    data: { problem: 'no_access_token', status },
  });
}
