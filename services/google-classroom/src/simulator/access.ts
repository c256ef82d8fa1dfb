import { generateKeyPairSync } from 'node:crypto';
import type { Clock } from '@flotilla/substrate/clock/clock';
import { isJsonObject, type JsonObject } from '@flotilla/substrate/json/json-value';
import { createBearerTokens } from '@flotilla/substrate/testing/simulator/bearer-tokens';
import type { Route, SimulatedRequest, VendorProblem } from '@flotilla/substrate/testing/simulator/exchange';
import { jwtBearerGrant, jwtBearerGrantType } from '@flotilla/substrate/testing/simulator/jwt-bearer-grant';
import { createTokenEndpoint, refreshTokenGrant } from '@flotilla/substrate/testing/simulator/token-endpoint';
import { createQuotas, type Quotas } from './quota.ts';
import { lacksScopes } from './refusal.ts';
import { grantableScopes, scopesOf, scopeUrl } from './scopes.ts';

export interface AccessOptions {
  readonly clock: Clock;
  readonly quotas: Quotas;
  /** Scopes, by the last part of their names, that the domain's administrator has granted; default all that Flotilla can use. */
  readonly granted?: readonly string[] | undefined;
  /** The addresses of the domain's administrators, once there are any. */
  readonly administrators: () => readonly string[];
  /** Where the simulator is. */
  readonly origin: () => string;
}

/** Who may ask for what: a service account that acts for an administrator, or an application that has his consent. */
export interface Access {
  readonly authenticate: (request: SimulatedRequest) => VendorProblem | undefined;
  readonly expire: (request: SimulatedRequest) => void;
  /** `POST /token`. */
  readonly tokenRoute: Route;
  /** Whom the request's token speaks for. */
  readonly subjectOf: (request: SimulatedRequest) => string;
  readonly hasScope: (request: SimulatedRequest, name: string) => boolean;
  readonly credentials: { readonly serviceAccount: JsonObject; readonly person: JsonObject };
}

/** Made once: it takes longer than all else together, and whose key it is matters to nobody. */
let pair: ReturnType<typeof makePair> | undefined;
function makePair() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { publicKey, pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

const issuer = 'flotilla@maple-valley.iam.gserviceaccount.com';
const client = {
  id: '407408718192-m5v7q2.apps.googleusercontent.com',
  secret: 'GOCSPX-simulated/Secret+Of=TheApp',
};
const refreshToken = '1//0gSimulatedRefreshToken-of-an-Administrator_4711';

export function createAccess({ clock, quotas, granted, administrators, origin }: AccessOptions): Access {
  pair ??= makePair();
  const { publicKey, pem } = pair;
  const scopes = (granted ?? grantableScopes).map(scopeUrl);
  const tokens = createBearerTokens(
    clock,
    3600,
    'Bearer realm="https://accounts.google.com/", error="invalid_token"',
  );
  const exceeds = createQuotas(clock, quotas);

  const byAssertion: Route = (request) =>
    createTokenEndpoint({
      tokens,
      grants: {
        [jwtBearerGrantType]: jwtBearerGrant({
          clock,
          publicKey,
          issuer,
          subjects: administrators(),
          audience: () => `${origin()}/token`,
          scopes,
        }),
      },
    })(request);
  const byRefreshToken: Route = (request) =>
    createTokenEndpoint({
      tokens,
      client: { ...client, secretIn: ['body'] },
      grants: {
        refresh_token: refreshTokenGrant({ refreshToken, scopes, subject: administrators()[0] ?? issuer }),
      },
    })(request);

  function authenticate(request: SimulatedRequest): VendorProblem | undefined {
    const refused = tokens.check(request);
    if (refused !== undefined)
      return { ...refused, description: 'Request had invalid authentication credentials.' };
    const needed = scopesOf(request.route);
    if (tokens.check(request, needed.map(scopeUrl)) !== undefined)
      return {
        status: 403,
        description: lacksScopes,
        headers: { 'WWW-Authenticate': 'Bearer error="insufficient_scope"' },
      };
    const subject = subjectOf(request);
    if (request.path.startsWith('/admin/directory/') && !administrators().includes(subject))
      return { status: 403, description: 'Not Authorized to access this resource/api' };
    return exceeds(request.path, subject);
  }

  function subjectOf(request: SimulatedRequest): string {
    return tokens.find(request)?.subject ?? issuer;
  }

  return {
    authenticate,
    expire: tokens.expire,
    subjectOf,
    hasScope: (request, name) => tokens.find(request)?.scopes.has(scopeUrl(name)) === true,
    tokenRoute: async (request) => {
      const isAssertion = new URLSearchParams(request.body).get('grant_type') === jwtBearerGrantType;
      const answer = await (isAssertion ? byAssertion : byRefreshToken)(request);
      const json = 'json' in answer && isJsonObject(answer.json) ? answer.json : {};
      // One scope that the administrator has not granted refuses them all, and in other words than the RFC's.
      if (!isAssertion || json.error !== 'invalid_scope') return answer;
      const error_description =
        'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.';
      return { ...answer, status: 401, json: { error: 'unauthorized_client', error_description } };
    },
    credentials: {
      get serviceAccount() {
        const subject = administrators()[0] ?? '';
        const key = {
          client_email: issuer,
          private_key: pem,
          private_key_id: '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567',
        };
        return { type: 'service_account', project_id: 'maple-valley', ...key, subject };
      },
      get person() {
        return {
          type: 'authorized_user',
          client_id: client.id,
          client_secret: client.secret,
          refresh_token: refreshToken,
        };
      },
    },
  };
}
