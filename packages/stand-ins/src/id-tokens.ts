import { createHash, generateKeyPair, sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { StandInClock } from './stand-in-clock.ts';

/** Signs what Google signs for a service account, with a key of its own. */
export interface IdTokens {
  /** The public key as Google shows its own (https://www.googleapis.com/oauth2/v3/certs). */
  readonly jwks: { readonly keys: PublicKey[] };
  /** The same as PEM by key id, as `OAuth2Client.verifySignedJwtWithCertsAsync` takes it. */
  readonly certificates: Readonly<Record<string, string>>;
  /** The same token again until it has five minutes left. */
  tokenFor(account: { readonly email: string; readonly audience: string }): string;
}

interface PublicKey {
  readonly kty: 'RSA';
  readonly n: string;
  readonly e: string;
  readonly kid: string;
  readonly alg: 'RS256';
  readonly use: 'sig';
}

/** https://cloud.google.com/docs/authentication/token-types#id: an ID token lives for an hour, and is not renewed. */
const lifeSeconds = 3_600;
const renewedBeforeSeconds = 300;
const keyId = 'stand-in';

/**
 * OpenID Connect ID tokens with the claims that Google's have for a service account (the sample of
 * https://cloud.google.com/docs/authentication/token-types#id): issuer, audience, e-mail, its being verified, and the account's number twice.
 */
export async function createIdTokens(clock: StandInClock): Promise<IdTokens> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const known = new Map<string, { readonly token: string; readonly expires: number }>();

  function tokenFor({ email, audience }: { readonly email: string; readonly audience: string }): string {
    const now = Math.floor(clock.now() / 1000);
    const key = JSON.stringify([email, audience]);
    const kept = known.get(key);
    if (kept !== undefined && kept.expires - now > renewedBeforeSeconds) return kept.token;
    const account = accountNumber(email);
    const expires = now + lifeSeconds;
    const signed = [
      { alg: 'RS256', kid: keyId, typ: 'JWT' },
      {
        iss: 'https://accounts.google.com',
        aud: audience,
        azp: account,
        sub: account,
        email,
        email_verified: true,
        iat: now,
        exp: expires,
      },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const token = `${signed}.${sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`;
    known.set(key, { token, expires });
    return token;
  }

  return {
    jwks: { keys: [{ kty: 'RSA', n, e, kid: keyId, alg: 'RS256', use: 'sig' }] },
    certificates: { [keyId]: publicKey.export({ format: 'pem', type: 'spki' }).toString() },
    tokenFor,
  };
}

/** A service account's number has 21 digits. */
function accountNumber(email: string): string {
  const digest = createHash('sha256').update(email).digest();
  return `1${String(digest.readBigUInt64BE()).padStart(20, '0')}`;
}
