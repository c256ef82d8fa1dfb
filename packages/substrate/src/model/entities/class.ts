import { z } from 'zod';
import { commonMembers, SourcedId, vocabulary } from '../vocabulary.ts';

/** Pure. A course given to a group in one or more terms; a "section" elsewhere (OneRoster 1.2 `Class`). */
export const Class = z.strictObject({
  ...commonMembers,
  title: z.string(),
  classCode: z.string().optional(),
  classType: vocabulary(['homeroom', 'scheduled']).optional(),
  location: z.string().optional(),
  grades: z.array(z.string()).optional(),
  subjects: z.array(z.string()).optional(),
  subjectCodes: z.array(z.string()).optional(),
  periods: z.array(z.string()).optional(),
  courseSourcedId: SourcedId,
  schoolSourcedId: SourcedId,
  termSourcedIds: z.array(SourcedId),
});
export type Class = z.infer<typeof Class>;
