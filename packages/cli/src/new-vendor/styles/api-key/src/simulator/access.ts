import { randomBytes } from 'node:crypto';
import type { Clock } from '@flotilla/substrate/clock/clock';
import type { SimulatedRequest } from '@flotilla/substrate/testing/simulator/exchange';
import { checkApiKey } from '@flotilla/substrate/testing/simulator/shared-secret';

/** One key, in a header of its own. */
export function createAccess(_clock: Clock) {
  const apiKey = randomBytes(18).toString('hex');
  return {
    credential: { apiKey },
    authenticate: (request: SimulatedRequest) => checkApiKey(request, { header: 'X-Api-Key', key: apiKey }),
    routes: {},
  };
}

/** Of the right form, and nobody's. */
export const strangeCredential = { apiKey: 'a-key-that-was-never-given' };
