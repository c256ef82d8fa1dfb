import { randomBytes } from 'node:crypto';
import type { Clock } from '../../clock/clock.ts';
import type { SimulatedRequest, VendorProblem } from './exchange.ts';

export interface BearerToken {
  readonly scopes: ReadonlySet<string>;
  /** Milliseconds since 1970; infinite for one that never expires. */
  readonly expiresAt: number;
  /** Whom it speaks for, where the vendor's tokens have one: an impersonated user, a district. */
  readonly subject: string | undefined;
}

export interface IssueOptions {
  readonly scopes?: readonly string[];
  readonly lifetimeSeconds?: number;
  readonly subject?: string | undefined;
  /** Default: a random text. */
  readonly token?: string;
}

export interface BearerTokens {
  /** Seconds that a token lives unless it is issued with another lifetime. */
  readonly lifetimeSeconds: number;
  issue(options?: IssueOptions): string;
  /** The refusal of a request whose token is missing, unknown, expired (401), or without any of the scopes (403). */
  check(request: SimulatedRequest, scopes?: readonly string[]): VendorProblem | undefined;
  /** What the request's token says; undefined where `check` refuses it. */
  find(request: SimulatedRequest): BearerToken | undefined;
  /** Makes the token that this request carries invalid: for `expireToken`. */
  expire(request: SimulatedRequest): void;
}

/** The tokens that a vendor has issued (RFC 6750). `challenge` is the `WWW-Authenticate` of a 401; default `Bearer`. */
export function createBearerTokens(
  clock: Clock,
  lifetimeSeconds = Number.POSITIVE_INFINITY,
  challenge = 'Bearer',
): BearerTokens {
  const tokens = new Map<string, BearerToken>();

  function issue(options: IssueOptions = {}): string {
    const { scopes = [], subject, token = randomBytes(32).toString('base64url') } = options;
    const expiresAt = clock.now() + (options.lifetimeSeconds ?? lifetimeSeconds) * 1000;
    tokens.set(token, { scopes: new Set(scopes), expiresAt, subject });
    return token;
  }

  function lookUp(request: SimulatedRequest): BearerToken | string {
    const text = bearerOf(request);
    if (text === undefined) return 'A bearer token is needed';
    const token = tokens.get(text);
    if (token === undefined) return 'The token is unknown or was revoked';
    return clock.now() >= token.expiresAt ? 'The token has expired' : token;
  }

  function check(request: SimulatedRequest, scopes: readonly string[] = []): VendorProblem | undefined {
    const token = lookUp(request);
    if (typeof token === 'string')
      return { status: 401, description: token, headers: { 'WWW-Authenticate': challenge } };
    if (scopes.length === 0 || scopes.some((scope) => token.scopes.has(scope))) return undefined;
    return { status: 403, description: `The token has none of the scopes ${scopes.join(' ')}` };
  }

  return {
    lifetimeSeconds,
    issue,
    check,
    find: (request) => {
      const token = lookUp(request);
      return typeof token === 'string' ? undefined : token;
    },
    expire: (request) => {
      const text = bearerOf(request);
      if (text !== undefined) tokens.delete(text);
    },
  };
}

/** Pure. The request's bearer token: one, of RFC 6750's alphabet. */
export function bearerOf(request: SimulatedRequest): string | undefined {
  return /^Bearer +([\w.~+/-]+=*)$/i.exec(request.headers.authorization ?? '')?.[1];
}
