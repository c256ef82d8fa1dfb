import type { Caller } from './call.ts';

/** HTTP request headers with lower-case names, as Node gives them. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Tells who sends a request. There is no mode without it. Adapters: local tokens (`service/authenticate.local.ts`); Google's OIDC
 * identity tokens with an allow-list of accounts (`service/authenticate.google.ts`).
 */
export interface Authenticator {
  /**
   * Fails with `unauthenticated`, which never says why a token was refused, nor what it was; with `forbidden` for somebody who is known and
   * may not call.
   */
  verify(headers: Headers): Promise<Caller>;
}

/** Pure. The token of an `Authorization: Bearer …` header (RFC 6750); the scheme is matched in any case. */
export function readBearerToken(headers: Headers): string | undefined {
  const { authorization } = headers;
  if (typeof authorization !== 'string') return undefined;
  return /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(authorization)?.[1];
}
