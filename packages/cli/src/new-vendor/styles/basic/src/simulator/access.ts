import { randomBytes } from 'node:crypto';
import type { Clock } from '@flotilla/substrate/clock/clock';
import type { SimulatedRequest } from '@flotilla/substrate/testing/simulator/exchange';
import { checkBasic } from '@flotilla/substrate/testing/simulator/shared-secret';

/** One user, who asks for everything. */
export function createAccess(_clock: Clock) {
  const username = 'flotilla';
  const password = randomBytes(18).toString('base64');
  return {
    credential: { username, password },
    authenticate: (request: SimulatedRequest) => checkBasic(request, { id: username, secret: password }),
    routes: {},
  };
}

/** Of the right form, and nobody's. */
export const strangeCredential = { username: 'flotilla', password: 'not-the-password' };
