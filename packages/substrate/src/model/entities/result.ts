import { z } from 'zod';
import { CalendarDate, commonMembers, SourcedId, vocabulary } from '../vocabulary.ts';

/** Pure. One student's score on one line item (OneRoster 1.2 `Result`). */
export const Result = z.strictObject({
  ...commonMembers,
  lineItemSourcedId: SourcedId,
  studentSourcedId: SourcedId,
  classSourcedId: SourcedId.optional(),
  scoreScaleSourcedId: SourcedId.optional(),
  scoreStatus: vocabulary(['exempt', 'fully graded', 'not submitted', 'partially graded', 'submitted']),
  score: z.number().optional(),
  textScore: z.string().optional(),
  scoreDate: CalendarDate,
  comment: z.string().optional(),
  inProgress: z.boolean().optional(),
  incomplete: z.boolean().optional(),
  late: z.boolean().optional(),
  missing: z.boolean().optional(),
});
export type Result = z.infer<typeof Result>;
