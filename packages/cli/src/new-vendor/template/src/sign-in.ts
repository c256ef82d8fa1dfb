import type { AuthStyle } from '@flotilla/substrate/vendor';
import { z } from 'zod';

/** What a school enters that is secret. White space comes along when a token is pasted, and no header may hold it. */
export const Credential = z.strictObject({
  token: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]+$/, 'has signs that no token has')
    .describe('A token that does not expire'),
});

export function authorize({ token }: z.output<typeof Credential>): AuthStyle {
  return { kind: 'bearer', token };
}
