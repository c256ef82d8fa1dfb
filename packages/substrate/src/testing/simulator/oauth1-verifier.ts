import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../clock/clock.ts';
import type { SimulatedRequest } from './exchange.ts';

export interface OAuth1Options {
  readonly consumerKey: string;
  readonly consumerSecret: string;
  /** Default: both. */
  readonly signatureMethods?: readonly ('HMAC-SHA1' | 'HMAC-SHA256')[];
  /** How far the client's clock may be off; seconds, default 300. */
  readonly clockSkewSeconds?: number;
  readonly clock: Clock;
}

const hashes: Readonly<Record<string, string>> = { 'HMAC-SHA1': 'sha1', 'HMAC-SHA256': 'sha256' };

/**
 * Verifies a request signed without a token (RFC 5849, section 3): the header's form, the consumer, the method, the time, the nonce's
 * freshness and the signature. Returns the reason of a refusal, or undefined.
 */
export function createOAuth1Verifier(
  options: OAuth1Options,
): (request: SimulatedRequest) => string | undefined {
  const {
    consumerKey,
    consumerSecret,
    signatureMethods = ['HMAC-SHA1', 'HMAC-SHA256'],
    clockSkewSeconds = 300,
  } = options;
  const seen = new Map<string, number>();

  /** Section 3.3: a nonce is new for its timestamp and consumer. Old ones are let go once their timestamp alone refuses them. */
  function isReplay(nonce: string, timestamp: number, now: number): boolean {
    const key = `${timestamp} ${nonce}`;
    if (seen.has(key)) return true;
    seen.set(key, timestamp);
    for (const [old, at] of seen) {
      if (at >= now - clockSkewSeconds) break;
      seen.delete(old);
    }
    return false;
  }

  return (request) => {
    const header = parseAuthorization(request.headers.authorization);
    if (typeof header === 'string') return header;
    const parameters = new Map(header);
    if (parameters.size !== header.length) return 'A parameter of the Authorization header is given twice';
    const missing = [
      'oauth_consumer_key',
      'oauth_signature_method',
      'oauth_signature',
      'oauth_timestamp',
      'oauth_nonce',
    ];
    const absent = missing.find((name) => (parameters.get(name) ?? '') === '');
    if (absent !== undefined) return `${absent} is missing`;
    if ((parameters.get('oauth_version') ?? '1.0') !== '1.0') return 'oauth_version must be 1.0';
    if (parameters.get('oauth_consumer_key') !== consumerKey) return 'Unknown oauth_consumer_key';
    const method = parameters.get('oauth_signature_method') ?? '';
    const hash = hashes[method];
    if (hash === undefined || !signatureMethods.some((allowed) => allowed === method)) {
      return `oauth_signature_method must be ${signatureMethods.join(' or ')}, not ${method}`;
    }
    const stamp = parameters.get('oauth_timestamp') ?? '';
    const now = Math.floor(options.clock.now() / 1000);
    if (!/^[1-9]\d*$/.test(stamp)) return 'oauth_timestamp must be seconds since 1970';
    if (Math.abs(Number(stamp) - now) > clockSkewSeconds)
      return `oauth_timestamp is more than ${clockSkewSeconds} seconds off`;
    const expected = createHmac(hash, `${percentEncode(consumerSecret)}&`)
      .update(signatureBaseString(request, header))
      .digest('base64');
    if (!equals(parameters.get('oauth_signature') ?? '', expected))
      return 'The oauth_signature does not match the request';
    // After the signature: a stranger must not be able to use up nonces.
    if (isReplay(parameters.get('oauth_nonce') ?? '', Number(stamp), now))
      return 'This oauth_nonce was used before';
    return undefined;
  };
}

/** Pure. Section 3.4.1 of RFC 5849. */
export function signatureBaseString(
  request: Pick<SimulatedRequest, 'method' | 'origin' | 'path' | 'rawQuery' | 'headers' | 'body'>,
  authorization: readonly (readonly [string, string])[],
): string {
  const url = new URL(request.origin);
  const isForm =
    request.headers['content-type']?.split(';')[0]?.trim() === 'application/x-www-form-urlencoded';
  const parameters = [
    ...parseForm(request.rawQuery),
    ...authorization.filter(([name]) => name !== 'realm' && name !== 'oauth_signature'),
    ...(isForm ? parseForm(request.body) : []),
  ].map(([name, value]) => [percentEncode(name), percentEncode(value)] as const);
  // Sorted by bytes of the encoded form, which is ASCII; by name, then by value.
  parameters.sort(([a, x], [b, y]) => (a === b ? order(x, y) : order(a, b)));
  const normalized = parameters.map(([name, value]) => `${name}=${value}`).join('&');
  // `url.host` is lower case and lacks the scheme's own port, as section 3.4.1.2 wants it.
  const baseUri = `${url.protocol}//${url.host}${request.path}`;
  return [request.method.toUpperCase(), baseUri, normalized].map(percentEncode).join('&');
}

/** Pure. Section 3.6: everything but unreserved characters, as UTF-8, upper-case hexadecimal. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Section 3.5.1: `OAuth name="value", ...`; a reason where it is none. */
function parseAuthorization(header: string | undefined): (readonly [string, string])[] | string {
  const match = /^OAuth\s+(.*)$/i.exec(header ?? '');
  if (match === null) return 'An Authorization header of the OAuth scheme is needed';
  const parameters: [string, string][] = [];
  for (const part of (match[1] ?? '').split(',')) {
    const pair = /^\s*([^=\s]+)="([^"]*)"\s*$/.exec(part);
    if (pair === null) return `Not a parameter of the Authorization header: ${part.trim()}`;
    try {
      parameters.push([decodeURIComponent(pair[1] ?? ''), decodeURIComponent(pair[2] ?? '')]);
    } catch {
      return `Wrongly encoded in the Authorization header: ${part.trim()}`;
    }
  }
  return parameters;
}

/** As a form is decoded: a plus is a blank. */
function parseForm(text: string): (readonly [string, string])[] {
  return [...new URLSearchParams(text)];
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function equals(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
