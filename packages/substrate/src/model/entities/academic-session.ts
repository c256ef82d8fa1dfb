import { z } from 'zod';
import { CalendarDate, commonMembers, SourcedId, vocabulary } from '../vocabulary.ts';

/** Pure. A school year, term, semester or grading period (OneRoster 1.2 `AcademicSession`). */
export const AcademicSession = z.strictObject({
  ...commonMembers,
  title: z.string(),
  /** An LMS's default term has no dates, and what has none is of no school year. */
  startDate: CalendarDate.optional(),
  endDate: CalendarDate.optional(),
  type: vocabulary(['gradingPeriod', 'semester', 'schoolYear', 'term']),
  schoolYear: z.string().optional(),
  /** The school or district whose session it is, where they differ. */
  orgSourcedId: SourcedId.optional(),
  parentSourcedId: SourcedId.optional(),
});
export type AcademicSession = z.infer<typeof AcademicSession>;
