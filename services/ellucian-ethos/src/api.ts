import { Secret } from '@flotilla/substrate/lenient';
import { defineApi } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { Connection } from './connection.ts';
import { discovered, listOf, paging } from './representation.ts';

const Credential = z.strictObject({
  apiKey: Secret.describe('The API key of the application in Ethos Integration; it implies the tenant'),
});

export const api = defineApi({
  credential: Credential,
  connection: Connection,
  authorize: ({ apiKey }, { baseUrl }) => ({
    kind: 'tokenExchange',
    tokenUrl: `${baseUrl}/auth`,
    authorization: `Bearer ${apiKey}`,
    tokenIn: 'body',
    lifetimeSeconds: 300,
  }),
  paging,
  // None are published: a pace that the ERP behind Ethos bears.
  limits: { requests: 10, perSeconds: 1, concurrent: 4 },
  check: (connection) => ({ ...listOf('academic-periods', connection), query: { limit: '1' } }),
  discover: { request: () => ({ path: '/admin/available-resources' }), read: discovered },
});
