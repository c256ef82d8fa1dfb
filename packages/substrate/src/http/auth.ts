/**
 * Pure. How a request proves who asks, as data. A vendor's pure `authorize(credential, connection)` returns it; the client
 * applies it, and is the only one that does. Every value may be secret: never log an AuthStyle.
 */
export type AuthStyle = NoAuth | BearerAuth | BasicAuth | ApiKeyAuth | OAuth1Auth | TokenAuth;

/**
 * The styles whose bearer token is had from an endpoint: fetched at the first need, once for all who wait for it, kept until shortly
 * before it expires, and renewed once after a 401. `tokenUrl` is absolute; its origin may differ from that of the API, and has to pass
 * the same address guard.
 */
export type TokenAuth = ClientCredentialsAuth | RefreshTokenAuth | JwtBearerAuth | TokenExchangeAuth;

/** For public endpoints: discovery documents, version roots. */
export interface NoAuth {
  readonly kind: 'none';
}

/** A token that was issued outside of Flotilla and does not expire. */
export interface BearerAuth {
  readonly kind: 'bearer';
  readonly token: string;
}

export interface BasicAuth {
  readonly kind: 'basic';
  readonly username: string;
  readonly password: string;
}

/** A key in a header of the vendor's choice: `X-Api-Key: value`, or with a prefix, which carries its own space: `Authorization: Key value`. */
export interface ApiKeyAuth {
  readonly kind: 'apiKey';
  readonly header: string;
  readonly value: string;
  readonly prefix?: string;
}

/** RFC 6749 §4.4. */
export interface ClientCredentialsAuth {
  readonly kind: 'oauth2ClientCredentials';
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Sent as one `scope` parameter, joined by spaces; none when empty. */
  readonly scopes: readonly string[];
  /** Where id and secret go: a Basic header (RFC 6749's way) or the form (Infinite Campus and others). */
  readonly clientAuth: 'basic' | 'form';
  /** Further form parameters of the token request, e.g. `audience`. */
  readonly extra?: Readonly<Record<string, string>>;
}

/**
 * RFC 6749 §6: access tokens by a refresh token that a person's consent has brought. A vendor that answers with another refresh token
 * means that ours is spent; it is not kept anywhere, so that answer is refused at once (`refresh_token_rotated`), at the first connection
 * check instead of in the second night.
 */
export interface RefreshTokenAuth {
  readonly kind: 'refreshToken';
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
  /** To narrow what was granted; absent: all of it. */
  readonly scopes?: readonly string[];
  /** Where id and secret go; default the request's body, as most have it. */
  readonly clientAuth?: 'basic' | 'form';
  /** How the body is written; default a form, as the RFC has it; some want JSON. */
  readonly sendAs?: 'form' | 'json';
  /** JSON Pointer to the object with `access_token` in the answer; default the answer itself. Such as `/$data`. */
  readonly answerIn?: string;
}

/**
 * RFC 7523 §2.1, signed with RS256, as Google's service accounts do: `iss`, `scope`, `aud`, `iat`, `exp` (an hour) and, to act for a user
 * (domain-wide delegation), `sub`.
 */
export interface JwtBearerAuth {
  readonly kind: 'jwtBearer';
  readonly tokenUrl: string;
  readonly issuer: string;
  readonly subject?: string;
  /** PEM, PKCS #8 or PKCS #1; line breaks may be written as `\n`, as in Google's key files. */
  readonly privateKey: string;
  readonly keyId?: string;
  /** A claim of the assertion, joined by spaces. */
  readonly scopes: readonly string[];
  /** Default: the token URL. */
  readonly audience?: string;
}

/** A long-lived secret in the `Authorization` header is exchanged for a short token, in no standard's way. */
export interface TokenExchangeAuth {
  readonly kind: 'tokenExchange';
  readonly tokenUrl: string;
  /** Default POST, without a body. */
  readonly method?: 'GET' | 'POST';
  /** The whole header: `Bearer <api key>`. */
  readonly authorization: string;
  /** Where the answer has the token: `body`, the default, is its whole text; else a JSON Pointer. */
  readonly tokenIn?: string;
  /** Absent: the token serves until the vendor refuses it. */
  readonly lifetimeSeconds?: number;
}

/** RFC 5849 without a token ("0-legged", as OneRoster 1.1 signs); the query is signed, the body is not unless it is a form. */
export interface OAuth1Auth {
  readonly kind: 'oauth1';
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly signatureMethod: 'HMAC-SHA1' | 'HMAC-SHA256';
}

/** Every text in an AuthStyle that must never be written anywhere. Names and addresses are none. */
export function secretsOf(auth: AuthStyle): readonly string[] {
  switch (auth.kind) {
    case 'none':
      return [];
    case 'bearer':
      return [auth.token];
    case 'basic':
      return [auth.password, Buffer.from(`${auth.username}:${auth.password}`).toString('base64')];
    case 'apiKey':
      return [auth.value];
    case 'oauth2ClientCredentials':
      return [auth.clientSecret, ...Object.values(auth.extra ?? {})];
    case 'refreshToken':
      return [auth.clientSecret, auth.refreshToken];
    case 'jwtBearer':
      return [auth.privateKey];
    case 'tokenExchange':
      return secretsInHeader(auth.authorization);
    case 'oauth1':
      return [auth.consumerSecret];
  }
}

/** The header, what follows its scheme, and of Basic the password in it: an echo may show any of them. */
export function secretsInHeader(header: string): readonly string[] {
  const value = header.slice(header.indexOf(' ') + 1);
  if (!/^basic /i.test(header)) return [header, value];
  const pair = Buffer.from(value, 'base64').toString();
  return [header, value, pair.slice(pair.indexOf(':') + 1)];
}
