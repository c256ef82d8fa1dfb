import type { Clock } from '@flotilla/substrate/clock/clock';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { isJsonObject } from '@flotilla/substrate/json/json-value';
import { bearerOf, createBearerTokens } from '@flotilla/substrate/testing/simulator/bearer-tokens';
import type { Route, SimulatedRequest, VendorProblem } from '@flotilla/substrate/testing/simulator/exchange';
import { createTokenEndpoint, refreshTokenGrant } from '@flotilla/substrate/testing/simulator/token-endpoint';
import { refuse } from './refusal.ts';

/** Who may ask for what: the application by its secret, the integration and a person by their tokens. */
export interface Access {
  readonly check: (request: SimulatedRequest) => VendorProblem | undefined;
  readonly expire: (request: SimulatedRequest) => void;
  /** `POST /api/authentication/token`. */
  readonly tokenRoute: Route;
  readonly credentials: { readonly graph: JsonObject; readonly user: JsonObject };
  readonly integrationToken: string;
}

const client = {
  id: '3a95a779-0ed1-499b-a352-9ea30d0bd5ea',
  secret: 'app-secret/Zt4+7Qw==hVbN2kLm9XcR',
};
const refreshToken = 'av439q8nlbl0l4309fp39q8nf0mkn43943f09f';
const integrationToken = 'XxYUqqrxHBo6yWBqcry8b73GhibnrQyq';

export function createAccess(clock: Clock): Access {
  const integrations = createBearerTokens(clock);
  integrations.issue({ token: integrationToken });
  const people = createBearerTokens(clock, 3600);
  const issue = createTokenEndpoint({
    tokens: people,
    client: { ...client, secretIn: ['body'] },
    grants: { refresh_token: refreshTokenGrant({ refreshToken }) },
    bodies: ['json'],
  });
  const expired = new Set<string>();

  function check(request: SimulatedRequest): VendorProblem | undefined {
    const token = bearerOf(request) ?? '';
    if (request.path.startsWith('/api/v1/'))
      return token === client.secret
        ? undefined
        : refuse('INVALID_TOKEN', 'The application secret is needed');
    const tokens = request.path.startsWith('/api/v2/my') ? people : integrations;
    const problem = tokens.check(request);
    if (problem === undefined) return undefined;
    return expired.has(token) || problem.description.includes('expired')
      ? refuse('EXPIRED_TOKEN', 'The token you provided is now expired.')
      : refuse('INVALID_TOKEN', 'You must supply a valid access token to access this endpoint.');
  }

  return {
    check,
    expire: (request) => {
      expired.add(bearerOf(request) ?? '');
      integrations.expire(request);
      people.expire(request);
    },
    tokenRoute: async (request) => {
      const answer = await issue(request);
      // Its errors are OAuth's own; a token stands in Edlink's envelope.
      if (!('json' in answer) || answer.status !== 200 || !isJsonObject(answer.json)) return answer;
      const { access_token = null, expires_in = null } = answer.json;
      return { ...answer, json: { $data: { access_token, refresh_token: refreshToken, expires_in } } };
    },
    credentials: {
      graph: { type: 'integration', accessToken: integrationToken },
      user: { type: 'person', clientId: client.id, clientSecret: client.secret, refreshToken },
    },
    integrationToken,
  };
}
