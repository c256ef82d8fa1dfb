import { randomBytes } from 'node:crypto';
import type { Clock } from '@flotilla/substrate/clock/clock';
import { createBearerTokens } from '@flotilla/substrate/testing/simulator/bearer-tokens';
import {
  clientCredentialsGrant,
  createTokenEndpoint,
} from '@flotilla/substrate/testing/simulator/token-endpoint';

/** One client; its tokens live for an hour. */
export function createAccess(clock: Clock) {
  const tokens = createBearerTokens(clock, 3600);
  const client = { id: 'flotilla', secret: randomBytes(18).toString('base64') };
  const issue = createTokenEndpoint({
    tokens,
    client,
    grants: { client_credentials: clientCredentialsGrant({ scopes: ['roster.read'], isScopeNeeded: true }) },
  });
  return {
    credential: { clientId: client.id, clientSecret: client.secret },
    authenticate: tokens.check,
    expireToken: tokens.expire,
    routes: { 'POST /token': issue },
    openRoutes: ['POST /token'],
  };
}

/** Of the right form, and nobody's. */
export const strangeCredential = { clientId: 'flotilla', clientSecret: 'not-the-secret' };
