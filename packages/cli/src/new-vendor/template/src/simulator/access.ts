import type { Clock } from '@flotilla/substrate/clock/clock';
import { createBearerTokens } from '@flotilla/substrate/testing/simulator/bearer-tokens';

/** A token that was issued outside and does not expire. */
export function createAccess(clock: Clock) {
  const tokens = createBearerTokens(clock);
  return {
    credential: { token: tokens.issue() },
    authenticate: tokens.check,
    expireToken: tokens.expire,
    routes: {},
  };
}

/** Of the right form, and nobody's. */
export const strangeCredential = { token: 'a-token-that-was-never-issued' };
