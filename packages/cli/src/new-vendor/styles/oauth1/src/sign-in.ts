import type { AuthStyle } from '@flotilla/substrate/vendor';
import { z } from 'zod';

/** What a school enters that is secret; the consumer's key is none. */
export const Credential = z.strictObject({
  consumerKey: z.string().min(1),
  consumerSecret: z.string().min(1),
});

/** Every request is signed, and its query is part of what is signed; there is no token. */
export function authorize({ consumerKey, consumerSecret }: z.output<typeof Credential>): AuthStyle {
  return { kind: 'oauth1', consumerKey, consumerSecret, signatureMethod: 'HMAC-SHA256' };
}
