import { createHmac } from 'node:crypto';
import OAuth from 'oauth-1.0a';
import type { OAuth1Auth } from './auth.ts';

/** What a signature covers. Method and URL as sent; the form's fields only if the body is one. */
export interface SignedRequest {
  readonly method: string;
  readonly url: URL;
  readonly form?: Readonly<Record<string, string>>;
}

export interface SigningMoment {
  /** Unix seconds. */
  readonly timestamp: number;
  /** Never used twice with the same timestamp. */
  readonly nonce: string;
}

/** Pure. The `Authorization` header of RFC 5849 §3.5.1 for a request without a token. */
export function signOAuth1(auth: OAuth1Auth, request: SignedRequest, moment: SigningMoment): string {
  const oauth = createOAuth(auth);
  const parameters = {
    oauth_consumer_key: auth.consumerKey,
    oauth_nonce: moment.nonce,
    oauth_signature_method: auth.signatureMethod,
    oauth_timestamp: moment.timestamp,
    oauth_version: '1.0',
  };
  const signature = oauth.getSignature(toSignable(request), undefined, parameters);
  return oauth.toHeader({ ...parameters, oauth_signature: signature }).Authorization;
}

/** Pure. The text that is signed (RFC 5849 §3.4.1); vendors ask for it when a signature does not match. Holds no secret. */
export function signatureBaseString(
  auth: OAuth1Auth,
  request: SignedRequest,
  oauthParameters: Readonly<Record<string, string>>,
): string {
  // The library's type knows the usual parameters only; the method takes any.
  return createOAuth(auth).getBaseString(toSignable(request), {
    ...oauthParameters,
  } as unknown as OAuth.Data);
}

/** Two gaps of the library are filled here: it times with the machine's clock (we hand in the moment), and it decodes URLs in part. */
function createOAuth({ consumerKey, consumerSecret, signatureMethod }: OAuth1Auth): OAuth {
  const algorithm = signatureMethod === 'HMAC-SHA1' ? 'sha1' : 'sha256';
  return new OAuth({
    consumer: { key: consumerKey, secret: consumerSecret },
    signature_method: signatureMethod,
    hash_function: (text, key) => createHmac(algorithm, key).update(text).digest('base64'),
  });
}

/**
 * The query goes in as decoded lists: from a URL, oauth-1.0a 2.2.6 would not decode names, not read `+` as a space and lose empty
 * values of repeated names. `URL` has the scheme and host in lower case and no default port, as §3.4.1.2 asks.
 */
function toSignable({ method, url, form = {} }: SignedRequest): OAuth.RequestOptions {
  const data: Record<string, string[]> = {};
  for (const [name, value] of [...url.searchParams, ...Object.entries(form)]) (data[name] ??= []).push(value);
  return { method, url: url.origin + url.pathname, data };
}
