import type { Clock } from '@flotilla/substrate/clock/clock';
import { Failure } from '@flotilla/substrate/failure';
import { createBearerTokens } from '@flotilla/substrate/testing/simulator/bearer-tokens';
import type { Route, SimulatedRequest, VendorProblem } from '@flotilla/substrate/testing/simulator/exchange';
import { createOAuth1Verifier } from '@flotilla/substrate/testing/simulator/oauth1-verifier';
import {
  clientCredentialsGrant,
  createTokenEndpoint,
} from '@flotilla/substrate/testing/simulator/token-endpoint';
import { scopesOf } from './provider-routes.ts';
import type { Version } from './wire-fields.ts';

/** What a client needs to be let in. */
export type SimulatorCredentials =
  | { readonly kind: 'oauth1'; readonly consumerKey: string; readonly consumerSecret: string }
  | {
      readonly kind: 'oauth2';
      readonly clientId: string;
      readonly clientSecret: string;
      readonly scopes: readonly string[];
    };

export interface AuthenticationOptions {
  readonly version: Version;
  readonly auth?: 'oauth1' | 'oauth2';
  readonly prefix: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes?: readonly string[];
  readonly tokenLifetimeSeconds?: number;
  readonly signatureMethods?: readonly ('HMAC-SHA1' | 'HMAC-SHA256')[];
  readonly clock: Clock;
}

export interface Authentication {
  readonly credentials: SimulatorCredentials;
  /** Routes without authentication: where tokens are issued. */
  readonly routes: Readonly<Record<string, Route>>;
  check(request: SimulatedRequest, scopes: readonly string[]): VendorProblem | undefined;
  /** OAuth 1 without tokens has nothing to expire. */
  readonly expire: ((request: SimulatedRequest) => void) | undefined;
}

export function createAuthentication(options: AuthenticationOptions): Authentication {
  const { version, clientId, clientSecret, clock } = options;
  const kind = options.auth ?? (version === '1.1' ? 'oauth1' : 'oauth2');
  if (kind === 'oauth1') {
    if (version === '1.2')
      throw new Failure('config_invalid', 'OneRoster 1.2 knows OAuth 2 only; serve 1.1, or take oauth2');
    const { signatureMethods } = options;
    const verify = createOAuth1Verifier({
      consumerKey: clientId,
      consumerSecret: clientSecret,
      clock,
      ...(signatureMethods === undefined ? {} : { signatureMethods }),
    });
    return {
      credentials: { kind, consumerKey: clientId, consumerSecret: clientSecret },
      routes: {},
      check: (request) => {
        const reason = verify(request);
        if (reason === undefined) return undefined;
        return {
          status: 401,
          description: reason,
          headers: { 'WWW-Authenticate': 'OAuth realm="OneRoster"' },
        };
      },
      expire: undefined,
    };
  }
  const scopes = options.scopes ?? scopesOf(version);
  const unknown = scopes.find((scope) => !scopesOf(version).includes(scope));
  if (unknown !== undefined) {
    throw new Failure('config_invalid', 'OneRoster has no such scope', {
      data: { found: unknown, known: scopesOf(version) },
    });
  }
  const tokens = createBearerTokens(clock, options.tokenLifetimeSeconds ?? 3600, 'Bearer realm="OneRoster"');
  const issue = createTokenEndpoint({
    tokens,
    client: { id: clientId, secret: clientSecret },
    // 1EdTech's Security Framework demands a scope.
    grants: { client_credentials: clientCredentialsGrant({ scopes, isScopeNeeded: true }) },
  });
  return {
    credentials: { kind, clientId, clientSecret, scopes },
    routes: { [`POST ${options.prefix}/token`]: issue },
    check: tokens.check,
    expire: tokens.expire,
  };
}
