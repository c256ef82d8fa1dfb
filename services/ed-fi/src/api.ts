import { defineApi } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { Connection, discovered, listAt } from './connection.ts';

const Secret = z.string().min(1);

/** What Ed-Fi calls key and secret. */
const Credential = z.strictObject({ clientId: Secret, clientSecret: Secret });

export const api = defineApi({
  credential: Credential,
  connection: Connection,
  authorize: ({ clientId, clientSecret }, { baseUrl, tokenUrl }) => ({
    kind: 'oauth2ClientCredentials',
    tokenUrl: tokenUrl ?? `${baseUrl}/oauth/token`,
    clientId,
    clientSecret,
    clientAuth: 'basic',
    scopes: [],
  }),
  paging: {
    kind: 'offset',
    limitParameter: 'limit',
    offsetParameter: 'offset',
    // The platform's maximum; it answers 400 to more ("Invalid Limit Count").
    pageSize: 500,
    totalHeader: 'total-count',
  },
  // The platform has no quota, hosts have proxies: a pace that a district's server bears.
  limits: { requests: 20, perSeconds: 1, concurrent: 4 },
  check: (connection) => listAt(connection, 'schoolYearTypes', { limit: '1' }),
  discover: { request: () => ({ path: '/' }), read: discovered },
});
