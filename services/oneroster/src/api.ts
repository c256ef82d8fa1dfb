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
    scopes: connection.scopes ?? standardScopes(connection),
  };
}

/**
 * No more than a sync asks for. The `-core` scopes allow get-all and get-one; a lost answer to a write is looked up in a nested list, for
 * which 1.2 demands the full one. What is not asked for, the token cannot do: a write then ends with 403.
 */
function standardScopes({ version, gradebook }: Connection): readonly string[] {
  const names = [
    'roster-core.readonly',
    'roster-demographics.readonly',
    ...gradebookScopes[version][gradebook ?? 'read'],
  ];
  return names.map(
    (name) => `https://purl.imsglobal.org/spec/or/v${version.replace('.', 'p')}/scope/${name}`,
  );
}

const gradebookScopes = {
  '1.1': {
    read: ['gradebook.readonly'],
    write: ['gradebook.readonly', 'gradebook.createput', 'gradebook.delete'],
  },
  '1.2': {
    read: ['gradebook-core.readonly'],
    write: ['gradebook.readonly', 'gradebook.createput', 'gradebook.createpost', 'gradebook.delete'],
  },
} as const;
