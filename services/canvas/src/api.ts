import type { FailureCode } from '@flotilla/substrate/failure/codes';
import { isJsonObject } from '@flotilla/substrate/json/json-value';
import { TimeZone } from '@flotilla/substrate/settings/time-zone';
import { type AuthStyle, defineApi, type VendorAnswer } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { Connection, resource } from './paths.ts';

const Secret = z.string().min(1);

const Credential = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('token'),
    accessToken: Secret.describe(
      "An administrator's access token (Account, Settings, Approved Integrations)",
    ),
  }),
  z.strictObject({
    type: z.literal('oauth2'),
    clientId: Secret.describe("The developer key's id"),
    clientSecret: Secret.describe("The developer key's secret"),
    refreshToken: Secret.describe("What the administrator's sign-in brought"),
  }),
]);
type Credential = z.output<typeof Credential>;

export const api = defineApi({
  credential: Credential,
  connection: Connection,
  authorize,
  // The default is 10. More than 100 is cut to that without a word.
  paging: { kind: 'link', sizeParameter: 'per_page', pageSize: 100 },
  limits: {
    requests: 20,
    perSeconds: 1,
    // Requests side by side cost more, until they end.
    concurrent: 4,
    // Of 700, of which 10 come back each second.
    budget: { remainingHeader: 'X-Rate-Limit-Remaining', slowBelow: 250, pauseMs: 1_000 },
  },
  failures: failureIn,
  // Empty for who is no administrator; what is discovered is refused to them.
  check: () => resource(['accounts'], { query: { per_page: 1 } }),
  discover: {
    request: () => resource(['accounts', 'self']),
    // Rails has friendlier names of its own for some zones, which nobody else knows: then days are read in UTC.
    read: (answer, connection) =>
      isJsonObject(answer)
        ? { timeZone: TimeZone.safeParse(answer.default_time_zone).data, ...connection }
        : undefined,
  },
});

function authorize(credential: Credential, { baseUrl }: Connection): AuthStyle {
  if (credential.type === 'token') return { kind: 'bearer', token: credential.accessToken };
  const { type: _, ...client } = credential;
  return { kind: 'refreshToken', tokenUrl: `${baseUrl}/login/oauth2/token`, ...client };
}

/**
 * Pure. Who asks too much gets 403 with a text by the older documents and 429 by the newer ones. A 401 that says `unauthorized` is no bad
 * token: this one may not do that one thing.
 */
function failureIn({ purpose, status, json, text }: VendorAnswer): FailureCode | undefined {
  if (status === 403 && /Rate Limit Exceeded/i.test(text)) return 'rate_limited';
  if (status !== 401 || !isJsonObject(json) || json.status !== 'unauthorized') return undefined;
  if (purpose === 'list') return 'vendor_answer_invalid';
  return purpose === 'write' ? 'push_rejected' : undefined;
}
