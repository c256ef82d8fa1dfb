import { z } from 'zod';
import type { Clock } from '../../clock/clock.ts';
import { Failure, isFailure } from '../../failure/failure.ts';
import type { Role } from '../../rpc/call.ts';
import type { People } from './people.ts';

export interface GooglePeopleOptions {
  /** Whom assertions must be meant for: `/projects/<number>/locations/<region>/services/<service>`, or `…/backendServices/<number>`. */
  readonly audience: string;
  /** Who is what: people by their e-mail addresses, and all others whose accounts a domain manages by `@district.example`. */
  readonly roles: Readonly<Record<string, Role>>;
  readonly clock: Clock;
  /** Where the signer's public keys are read; default: Google's. Another one in tests. */
  readonly keysUrl?: string;
}

/** https://cloud.google.com/iap/docs/signed-headers-howto */
const header = 'x-goog-iap-jwt-assertion';
const issuer = 'https://cloud.google.com/iap';
const googleKeysUrl = 'https://www.gstatic.com/iap/verify/public_key-jwk';
/** Google's page asks for as much. */
const clockToleranceSeconds = 30;

/** `hd` is there for accounts that a domain manages: an address in it may be that of somebody who made an account of his own with it. */
const Claims = z.object({ sub: z.string(), email: z.string().min(3), hd: z.string().optional() });

/**
 * People whom Google's Identity-Aware Proxy has signed in: it signs who they are into each request. Its other headers
 * (`x-goog-authenticated-user-email`) are not signed and prove nothing: whoever comes around the proxy can send them. Fails with `unavailable`
 * where the keys cannot be read.
 */
export function createGooglePeople(options: GooglePeopleOptions): People {
  const { audience, roles, clock, keysUrl = googleKeysUrl } = options;
  const roleByName = new Map(Object.entries(roles).map(([name, role]) => [name.toLowerCase(), role]));
  let opening: ReturnType<typeof openVerifier> | undefined;

  return {
    find(headers) {
      const assertion = headers[header];
      return typeof assertion === 'string' ? assertion : undefined;
    },
    async identify(assertion) {
      opening ??= openVerifier(audience, keysUrl, clock);
      const { email, hd } = await (await opening)(assertion);
      const names = hd === undefined ? [email] : [email, `@${hd}`];
      const role = names.map((name) => roleByName.get(name.toLowerCase())).find((each) => each !== undefined);
      if (role === undefined)
        throw new Failure('forbidden', 'This account is not among the people of the fleet', {
          data: { account: email },
        });
      return { role, name: email, signedInBy: 'iap' };
    },
  };
}

/** jose keeps the keys for ten minutes, and asks for one that it does not know twice a minute at most. google-auth-library would ask each time. */
async function openVerifier(audience: string, keysUrl: string, clock: Clock) {
  const { createRemoteJWKSet, errors, jwtVerify } = await import('jose');
  const keys = createRemoteJWKSet(new URL(keysUrl));

  async function findKey(...asked: Parameters<typeof keys>) {
    try {
      return await keys(...asked);
    } catch (cause) {
      if (cause instanceof errors.JWKSNoMatchingKey) throw cause;
      throw new Failure('unavailable', "Identity-Aware Proxy's public keys cannot be read", { cause });
    }
  }

  return async (assertion: string): Promise<z.output<typeof Claims>> => {
    try {
      const { payload } = await jwtVerify(assertion, findKey, {
        algorithms: ['ES256'],
        issuer,
        audience,
        requiredClaims: ['exp', 'iat'],
        clockTolerance: clockToleranceSeconds,
        currentDate: new Date(clock.now()),
      });
      return Claims.parse(payload);
    } catch (thrown) {
      if (isFailure(thrown)) throw thrown;
      throw new Failure('unauthenticated', 'No valid assertion of Identity-Aware Proxy');
    }
  };
}
