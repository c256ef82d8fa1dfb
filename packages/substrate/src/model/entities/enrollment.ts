import { z } from 'zod';
import { CalendarDate, commonMembers, SourcedId, vocabulary } from '../vocabulary.ts';

/** Pure. One user's place in one class (OneRoster 1.2 `Enrollment`). */
export const Enrollment = z.strictObject({
  ...commonMembers,
  userSourcedId: SourcedId,
  classSourcedId: SourcedId,
  schoolSourcedId: SourcedId.optional(),
  role: vocabulary(['administrator', 'aide', 'guardian', 'parent', 'proctor', 'student', 'teacher']),
  primary: z.boolean().optional(),
  beginDate: CalendarDate.optional(),
  endDate: CalendarDate.optional(),
});
export type Enrollment = z.infer<typeof Enrollment>;
