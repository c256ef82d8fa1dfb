import type { AuthStyle } from '@flotilla/substrate/vendor';
import { z } from 'zod';

/** What a school enters that is secret; the user's name is none. */
export const Credential = z.strictObject({
  username: z.string().min(1),
  password: z.string().min(1),
});

export function authorize({ username, password }: z.output<typeof Credential>): AuthStyle {
  return { kind: 'basic', username, password };
}
