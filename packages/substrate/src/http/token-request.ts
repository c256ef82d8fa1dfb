import { createPrivateKey, type KeyObject } from 'node:crypto';
import { Failure } from '../failure/failure.ts';
import {
  type ClientCredentialsAuth,
  type JwtBearerAuth,
  type RefreshTokenAuth,
  secretsInHeader,
  secretsOf,
  type TokenAuth,
  type TokenExchangeAuth,
} from './auth.ts';
import { encodeQuery } from './request-url.ts';
import type { TransportRequest } from './transport.ts';

export interface TokenRequest {
  readonly request: TransportRequest;
  /** All that an answer may echo of it and nobody may read. */
  readonly secrets: readonly string[];
}

/** What asks for an access token. `now`: ms since 1970. Fails with `invalid_params` for a URL, `credentials_rejected` for a key that is none. */
export async function toTokenRequest(auth: TokenAuth, now: number): Promise<TokenRequest> {
  const url = URL.parse(auth.tokenUrl);
  if (url === null) {
    throw new Failure('invalid_params', 'The token URL is not an absolute URL', {
      data: { parameter: 'tokenUrl' },
    });
  }
  switch (auth.kind) {
    case 'oauth2ClientCredentials':
      return toFormRequest(url, auth, clientCredentialsForm(auth), auth.clientAuth);
    case 'refreshToken':
      return toFormRequest(url, auth, refreshForm(auth), auth.clientAuth ?? 'form', auth.sendAs);
    case 'jwtBearer': {
      const assertion = await signAssertion(auth, now);
      const form = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion };
      const { request, secrets } = toFormRequest(url, auth, form);
      return { request, secrets: [...secrets, assertion] };
    }
    case 'tokenExchange':
      return { request: toExchangeRequest(url, auth), secrets: secretsOf(auth) };
  }
}

function clientCredentialsForm({ scopes, extra }: ClientCredentialsAuth): Record<string, string> {
  return { grant_type: 'client_credentials', ...scopeOf(scopes), ...extra };
}

function refreshForm({ refreshToken, scopes = [] }: RefreshTokenAuth): Record<string, string> {
  return { grant_type: 'refresh_token', refresh_token: refreshToken, ...scopeOf(scopes) };
}

function scopeOf(scopes: readonly string[]): { scope?: string } {
  return scopes.length === 0 ? {} : { scope: scopes.join(' ') };
}

/** `clientAuth` undefined: the form alone proves who asks. */
function toFormRequest(
  url: URL,
  auth: ClientCredentialsAuth | RefreshTokenAuth | JwtBearerAuth,
  form: Readonly<Record<string, string>>,
  clientAuth?: 'basic' | 'form',
  sendAs: 'form' | 'json' = 'form',
): TokenRequest {
  const client =
    clientAuth === 'form' && auth.kind !== 'jwtBearer'
      ? { client_id: auth.clientId, client_secret: auth.clientSecret }
      : {};
  const basic = clientAuth === 'basic' && auth.kind !== 'jwtBearer' ? `Basic ${toBasic(auth)}` : undefined;
  const members = { ...form, ...client };
  return {
    request: {
      method: 'POST',
      url,
      headers: {
        accept: 'application/json',
        'content-type': sendAs === 'json' ? 'application/json' : 'application/x-www-form-urlencoded',
        ...(basic === undefined ? {} : { authorization: basic }),
      },
      body: sendAs === 'json' ? JSON.stringify(members) : encodeQuery(members),
    },
    secrets: [...secretsOf(auth), ...(basic === undefined ? [] : secretsInHeader(basic))],
  };
}

/** RFC 6749 §2.3.1: id and secret are form-encoded before they are joined, so that a colon in the id is safe. */
function toBasic({ clientId, clientSecret }: ClientCredentialsAuth | RefreshTokenAuth): string {
  return Buffer.from(`${formEncode(clientId)}:${formEncode(clientSecret)}`).toString('base64');
}

function formEncode(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}

/** Google allows an assertion an hour at most (developers.google.com/identity/protocols/oauth2/service-account). */
const assertionSeconds = 3600;

async function signAssertion(auth: JwtBearerAuth, now: number): Promise<string> {
  const { issuer, subject, keyId, scopes, audience, tokenUrl } = auth;
  const key = readKey(auth);
  const seconds = Math.floor(now / 1000);
  // Only where it is needed: services start sooner.
  const { SignJWT } = await import('jose');
  const jwt = new SignJWT({ ...scopeOf(scopes) })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(keyId === undefined ? {} : { kid: keyId }) })
    .setIssuer(issuer)
    .setAudience(audience ?? tokenUrl)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + assertionSeconds);
  if (subject !== undefined) jwt.setSubject(subject);
  return await jwt.sign(key);
}

/** Without the cause: its message could show a part of the key. */
function readKey({ privateKey }: JwtBearerAuth): KeyObject {
  try {
    const key = createPrivateKey(privateKey.replaceAll(String.raw`\n`, '\n'));
    // jose refuses shorter ones, as RFC 7518 §3.3 demands, in words of its own.
    if (key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048) return key;
  } catch {
    // Told below.
  }
  throw new Failure('credentials_rejected', 'The private key cannot be used', {
    data: {
      problem: 'private_key',
      remedy: 'Enter the RSA key (2048 bits or more) in PEM form, whole, with its first and last line.',
    },
  });
}

function toExchangeRequest(url: URL, { method = 'POST', authorization, tokenIn }: TokenExchangeAuth) {
  if (!/^[\x20-\x7e]+$/.test(authorization)) {
    throw new Failure('credentials_rejected', 'The key holds characters that no header can carry', {
      data: { problem: 'token_characters', remedy: 'Enter it again, without line breaks.' },
    });
  }
  const accept = (tokenIn ?? 'body') === 'body' ? '*/*' : 'application/json';
  return { method, url, headers: { accept, authorization } };
}
