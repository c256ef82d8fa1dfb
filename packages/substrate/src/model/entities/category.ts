import { z } from 'zod';
import { commonMembers } from '../vocabulary.ts';

/** Pure. A group of line items, such as "homework" (OneRoster 1.2 `Category`). `weight` is 1.2's. */
export const Category = z.strictObject({
  ...commonMembers,
  title: z.string(),
  weight: z.number().optional(),
});
export type Category = z.infer<typeof Category>;
