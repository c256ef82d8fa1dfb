/**
 * Pure. How a request proves who asks, as data. A vendor's pure `authorize(credential, connection)` returns it; the client
 * applies it, and is the only one that does. Every value may be secret: never log an AuthStyle.
 */
export type AuthStyle = NoAuth | BearerAuth | BasicAuth | ClientCredentialsAuth | OAuth1Auth;

/** For public endpoints: discovery documents, version roots. */
export interface NoAuth {
  readonly kind: 'none';
}

/** A token that was issued outside of Flotilla and does not expire (Clever, Canvas, Edlink). */
export interface BearerAuth {
  readonly kind: 'bearer';
  readonly token: string;
}

export interface BasicAuth {
  readonly kind: 'basic';
  readonly username: string;
  readonly password: string;
}

/** RFC 6749 §4.4. The client fetches the token, keeps it until shortly before it expires and renews it once after a 401. */
export interface ClientCredentialsAuth {
  readonly kind: 'oauth2ClientCredentials';
  /** Absolute; its origin may differ from that of the API, and has to pass the same address guard. */
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
    case 'oauth2ClientCredentials':
      return [auth.clientSecret, ...Object.values(auth.extra ?? {})];
    case 'oauth1':
      return [auth.consumerSecret];
  }
}
