import { z } from 'zod';
import { commonMembers, Identifiers, SourcedId, vocabulary } from '../vocabulary.ts';

/** Pure. A school, a department, a district or a level above (OneRoster 1.2 `Org`). */
export const Org = z.strictObject({
  ...commonMembers,
  name: z.string(),
  type: vocabulary(['department', 'district', 'local', 'national', 'school', 'state']),
  identifier: z.string().optional(),
  identifiers: Identifiers.optional(),
  grades: z.array(z.string()).optional(),
  phone: z.string().optional(),
  parentSourcedId: SourcedId.optional(),
});
export type Org = z.infer<typeof Org>;
