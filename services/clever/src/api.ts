import { type AuthStyle, defineApi } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { Connection, districts, paging } from './paths.ts';

/** No white space: it comes along when tokens are pasted, and no HTTP header may hold it. */
const Secret = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]+$/, 'has signs that no such secret has');

const Credential = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('district'),
    token: Secret.describe("The district's token for the application; it does not expire"),
  }),
  z.strictObject({
    type: z.literal('application'),
    clientId: Secret,
    clientSecret: Secret,
    district: z.hex().length(24).describe("The district's Clever id"),
  }),
]);
type Credential = z.output<typeof Credential>;

export const api = defineApi({
  credential: Credential,
  connection: Connection,
  authorize,
  paging,
  // 1200 a minute and token, spread out, so that the window's end does not matter.
  limits: { requests: 20, perSeconds: 1, concurrent: 4 },
  // Not offered: Clever asks never to repeat such a request.
  failures: { 501: 'not_found' },
  check: districts,
});

function authorize(credential: Credential, { tokensUrl }: Connection): AuthStyle {
  if (credential.type === 'district') return { kind: 'bearer', token: credential.token };
  const { clientId, clientSecret, district } = credential;
  // The district's token is looked up, and looked up again when it has been exchanged for another.
  return {
    kind: 'tokenExchange',
    method: 'GET',
    tokenUrl: `${tokensUrl}?district=${district}`,
    authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}`,
    tokenIn: '/data/0/access_token',
  };
}
