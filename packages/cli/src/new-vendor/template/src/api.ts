import { defineApi } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { paging } from './paging.ts';
import { authorize, Credential } from './sign-in.ts';

/** What a school enters that is no secret. */
const Connection = z.strictObject({ baseUrl: z.url().describe('The address under which the lists are') });

export const api = defineApi({
  credential: Credential,
  connection: Connection,
  authorize,
  paging,
  // What the vendor's documents allow; where they say nothing, a pace that a school's server bears.
  limits: { requests: 10, perSeconds: 1, concurrent: 4 },
  // A cheap request that any valid credential may make.
  check: () => ({ path: '/orgs', member: 'data' }),
});
