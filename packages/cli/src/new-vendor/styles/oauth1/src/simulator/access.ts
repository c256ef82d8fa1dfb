import { randomBytes } from 'node:crypto';
import type { Clock } from '@flotilla/substrate/clock/clock';
import type { SimulatedRequest, VendorProblem } from '@flotilla/substrate/testing/simulator/exchange';
import { createOAuth1Verifier } from '@flotilla/substrate/testing/simulator/oauth1-verifier';

/** One consumer; each of its signatures serves once. */
export function createAccess(clock: Clock) {
  const credential = { consumerKey: 'flotilla', consumerSecret: randomBytes(18).toString('base64') };
  const verify = createOAuth1Verifier({ ...credential, signatureMethods: ['HMAC-SHA256'], clock });

  function authenticate(request: SimulatedRequest): VendorProblem | undefined {
    const description = verify(request);
    if (description === undefined) return undefined;
    return { status: 401, description, headers: { 'WWW-Authenticate': 'OAuth' } };
  }

  return { credential, authenticate, routes: {} };
}

/** Of the right form, and nobody's. */
export const strangeCredential = { consumerKey: 'flotilla', consumerSecret: 'not-the-secret' };
