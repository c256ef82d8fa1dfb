import { ClientCredentials, defineApi } from '@flotilla/substrate/vendor';
import { Connection, discovered, listAt } from './connection.ts';

export const api = defineApi({
  // What Ed-Fi calls key and secret.
  credential: ClientCredentials,
  connection: Connection,
  authorize: (credential, { baseUrl, tokenUrl = `${baseUrl}/oauth/token` }) => ({
    kind: 'oauth2ClientCredentials',
    tokenUrl,
    ...credential,
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
