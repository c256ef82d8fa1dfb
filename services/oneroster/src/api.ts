import { type AuthStyle, defineApi } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { Connection, rostering } from './paths.ts';

const Secret = z.string().min(1);

/** 1.2 knows OAuth 2 client credentials only; 1.1 providers ask for either. */
const Credential = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('oauth2'),
    clientId: Secret,
    clientSecret: Secret,
    clientAuth: z
      .enum(['basic', 'form'])
      .default('basic')
      .describe('Where the token request carries id and secret; Infinite Campus wants the form'),
  }),
  z.strictObject({
    type: z.literal('oauth1'),
    consumerKey: Secret,
    consumerSecret: Secret,
    signatureMethod: z.enum(['HMAC-SHA1', 'HMAC-SHA256']).default('HMAC-SHA256'),
  }),
]);
type Credential = z.output<typeof Credential>;

/** The `-core` scopes allow get-all and get-one, which is all that a sync asks for. */
const standardScopes = {
  '1.1': [
    'https://purl.imsglobal.org/spec/or/v1p1/scope/roster-core.readonly',
    'https://purl.imsglobal.org/spec/or/v1p1/scope/roster-demographics.readonly',
    'https://purl.imsglobal.org/spec/or/v1p1/scope/gradebook.readonly',
  ],
  '1.2': [
    'https://purl.imsglobal.org/spec/or/v1p2/scope/roster-core.readonly',
    'https://purl.imsglobal.org/spec/or/v1p2/scope/roster-demographics.readonly',
    'https://purl.imsglobal.org/spec/or/v1p2/scope/gradebook-core.readonly',
  ],
} as const;

export const api = defineApi({
  credential: Credential,
  connection: Connection,
  authorize,
  paging: {
    kind: 'offset',
    limitParameter: 'limit',
    offsetParameter: 'offset',
    // The standard's default is 100 and it names no maximum; providers cap silently, so a short page proves nothing.
    pageSize: 1000,
    totalHeader: 'x-total-count',
  },
  // The standard has no quota, only 429 `server_busy`: a pace that a school's server bears.
  limits: { requests: 20, perSeconds: 1, concurrent: 4 },
  check: (connection) => ({ ...rostering('orgs')(connection), query: { limit: '1' } }),
});

function authorize(credential: Credential, connection: Connection): AuthStyle {
  if (credential.type === 'oauth1') {
    const { consumerKey, consumerSecret, signatureMethod } = credential;
    return { kind: 'oauth1', consumerKey, consumerSecret, signatureMethod };
  }
  const { clientId, clientSecret, clientAuth } = credential;
  return {
    kind: 'oauth2ClientCredentials',
    tokenUrl: connection.tokenUrl ?? `${connection.baseUrl}/token`,
    clientId,
    clientSecret,
    clientAuth,
    scopes: connection.scopes ?? standardScopes[connection.version],
  };
}
