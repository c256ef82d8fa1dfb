import type { AuthStyle } from '@flotilla/substrate/vendor';
import { z } from 'zod';

/** What a school enters that is secret. White space comes along when a key is pasted, and no header may hold it. */
export const Credential = z.strictObject({
  apiKey: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]+$/, 'has signs that no key has'),
});

export function authorize({ apiKey }: z.output<typeof Credential>): AuthStyle {
  return { kind: 'apiKey', header: 'X-Api-Key', value: apiKey };
}
