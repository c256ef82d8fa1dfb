import type { AuthStyle } from '@flotilla/substrate/vendor';
import { z } from 'zod';

/** What a school enters that is secret; the client's id is none. */
export const Credential = z.strictObject({
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
});

/** OAuth 2 client credentials; `clientAuth: 'form'` for a vendor that wants id and secret in the body of the token request. */
export function authorize(
  { clientId, clientSecret }: z.output<typeof Credential>,
  { baseUrl }: { readonly baseUrl: string },
): AuthStyle {
  return {
    kind: 'oauth2ClientCredentials',
    tokenUrl: `${baseUrl}/token`,
    clientId,
    clientSecret,
    clientAuth: 'basic',
    scopes: ['roster.read'],
  };
}
