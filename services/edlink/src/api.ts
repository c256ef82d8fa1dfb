import { type AuthStyle, defineApi } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { failureIn } from './failures.ts';
import { Connection, rostering, rosterPaging } from './paths.ts';

const Secret = z.string().min(1);

const Credential = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('integration'),
    accessToken: Secret.describe(
      "The integration's access token, from Edlink's dashboard; it does not expire",
    ),
  }),
  z.strictObject({
    type: z.literal('person'),
    clientId: Secret.describe("The application's id"),
    clientSecret: Secret.describe("The application's secret key"),
    refreshToken: Secret.describe('What the sign-in of the person brought'),
  }),
]);
type Credential = z.output<typeof Credential>;

export const api = defineApi({
  credential: Credential,
  connection: Connection,
  authorize,
  paging: rosterPaging,
  // None are published: a pace that spares the school's system behind Edlink, which gradebooks are asked of.
  limits: { requests: 20, perSeconds: 1, concurrent: 8 },
  failures: failureIn,
  check: (connection) => ({ ...rostering('districts').collection(connection), query: { $first: '1' } }),
});

function authorize(credential: Credential, { baseUrl }: Connection): AuthStyle {
  if (credential.type === 'integration') return { kind: 'bearer', token: credential.accessToken };
  const { clientId, clientSecret, refreshToken } = credential;
  return {
    kind: 'refreshToken',
    tokenUrl: `${baseUrl.replace(/\/+$/, '')}/api/authentication/token`,
    clientId,
    clientSecret,
    refreshToken,
    // Not as RFC 6749 has it: the request is JSON, and the answer stands in Edlink's envelope.
    sendAs: 'json',
    answerIn: '/$data',
  };
}
