import { type KeyObject, verify } from 'node:crypto';
import type { Clock } from '../../clock/clock.ts';
import { isJsonObject, type JsonObject } from '../../json/json-value.ts';
import { decideScopes, type Grant, type TokenRefusal } from './token-endpoint.ts';

/** The `grant_type` of RFC 7523. */
export const jwtBearerGrantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

export interface JwtBearerRules {
  readonly clock: Clock;
  /** Of the RSA key that the client signs with (RS256). */
  readonly publicKey: KeyObject;
  /** The client: `iss`. */
  readonly issuer: string;
  /** Whom it may speak for: `sub`. Without a list there must be no `sub` but the issuer's own. */
  readonly subjects?: readonly string[];
  /** This endpoint's own address: `aud`. */
  readonly audience: () => string;
  /** What may be asked for, by the assertion's `scope` claim or the form's parameter. */
  readonly scopes: readonly string[];
  /** The longest that `exp` may be after `iat`; default 3600. */
  readonly maximumSeconds?: number;
}

/** How far the client's clock may be ahead. */
const skewSeconds = 60;

/** RFC 7523 section 3: form, signature, issuer, subject, audience and times of the assertion, each to the letter. */
export function jwtBearerGrant(rules: JwtBearerRules): Grant {
  return (form) => {
    const assertion = form.get('assertion');
    if (assertion === undefined) return { error: 'invalid_request', description: 'assertion is needed' };
    const claims = readClaims(assertion, rules.publicKey);
    if (typeof claims === 'string') return invalid(claims);
    const reason = refusalOf(claims, rules);
    if (reason !== undefined) return invalid(reason);
    const scope = typeof claims.scope === 'string' ? claims.scope : form.get('scope');
    const decision = decideScopes(scope, { scopes: rules.scopes, isScopeNeeded: true });
    return { ...decision, subject: typeof claims.sub === 'string' ? claims.sub : rules.issuer };
  };
}

function readClaims(assertion: string, publicKey: KeyObject): JsonObject | string {
  const [header = '', payload = '', signature = '', ...rest] = assertion.split('.');
  const head = decode(header);
  const claims = decode(payload);
  if (head === undefined || claims === undefined || rest.length > 0) return 'The assertion is no signed JWT';
  if (head.alg !== 'RS256') return `The assertion must be signed with RS256, not ${JSON.stringify(head.alg)}`;
  const isSigned = verify(
    'RSA-SHA256',
    Buffer.from(`${header}.${payload}`),
    publicKey,
    Buffer.from(signature, 'base64url'),
  );
  return isSigned ? claims : 'Invalid JWT Signature.';
}

function refusalOf(claims: JsonObject, rules: JwtBearerRules): string | undefined {
  const { issuer, subjects, maximumSeconds = 3600 } = rules;
  const { iss, sub, aud, iat, exp } = claims;
  const now = Math.floor(rules.clock.now() / 1000);
  if (iss !== issuer) return 'iss is no known client';
  const isAllowed = sub === undefined || sub === issuer || subjects?.some((known) => known === sub) === true;
  if (!isAllowed) return 'The client may not speak for sub';
  if (aud !== rules.audience()) return `aud must be ${rules.audience()}`;
  if (typeof iat !== 'number' || typeof exp !== 'number') return 'iat and exp are needed, in seconds';
  if (iat > now + skewSeconds) return 'iat lies in the future';
  if (exp <= now) return 'The assertion has expired';
  return exp - iat > maximumSeconds ? `exp is more than ${maximumSeconds} seconds after iat` : undefined;
}

function decode(part: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function invalid(description: string): TokenRefusal {
  return { error: 'invalid_grant', description };
}
