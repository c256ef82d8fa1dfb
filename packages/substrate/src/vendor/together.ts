import { z } from 'zod';
import { at } from './record-shape.ts';

/**
 * Pure. For a table: members that one part of the record says together. It is read once for all of them, and what is wrong with it is said once.
 *
 * ```ts
 * shape('user', { ...together('names', Names, 'givenName', 'familyName'), ... })
 * ```
 */
export function together<S extends z.ZodType<object>, N extends keyof z.output<S> & string>(
  path: string,
  schema: S,
  ...members: readonly N[]
) {
  // A record's members are read one after the other, before those of the next.
  let last: { readonly value: unknown; readonly parsed: z.ZodSafeParseResult<z.output<S>> } | undefined;
  const places = members.map((member, index) => {
    const Member = z
      .unknown()
      .optional()
      .transform((value, context): z.output<S>[N] => {
        if (last === undefined || last.value !== value) last = { value, parsed: schema.safeParse(value) };
        const { success, data, error } = last.parsed;
        if (index === 0) for (const issue of error?.issues ?? []) context.addIssue({ ...issue });
        return success ? data[member] : z.NEVER;
      });
    return [member, at(path, Member)] as const;
  });
  return Object.fromEntries(places) as {
    readonly [M in N]: ReturnType<typeof at<z.ZodType<z.output<S>[M]>>>;
  };
}
