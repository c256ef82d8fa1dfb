import { z } from 'zod';
import { CalendarDate, commonMembers, SourcedId, vocabulary } from '../vocabulary.ts';

/** Pure. A school year, term, semester or grading period (OneRoster 1.2 `AcademicSession`). */
export const AcademicSession = z.strictObject({
  ...commonMembers,
  title: z.string(),
  startDate: CalendarDate,
  endDate: CalendarDate,
  type: vocabulary(['gradingPeriod', 'semester', 'schoolYear', 'term']),
  schoolYear: z.string(),
  parentSourcedId: SourcedId.optional(),
});
export type AcademicSession = z.infer<typeof AcademicSession>;
