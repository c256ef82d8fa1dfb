import { z } from 'zod';
import { CalendarDate, commonMembers, ScoreStatus, SourcedId } from '../vocabulary.ts';

/** Pure. One student's score on one line item (OneRoster 1.2 `Result`). */
export const Result = z.strictObject({
  ...commonMembers,
  lineItemSourcedId: SourcedId,
  studentSourcedId: SourcedId,
  classSourcedId: SourcedId.optional(),
  scoreScaleSourcedId: SourcedId.optional(),
  scoreStatus: ScoreStatus,
  score: z.number().optional(),
  textScore: z.string().optional(),
  /** Some vendors date only what is graded. */
  scoreDate: CalendarDate.optional(),
  comment: z.string().optional(),
  inProgress: z.boolean().optional(),
  incomplete: z.boolean().optional(),
  late: z.boolean().optional(),
  missing: z.boolean().optional(),
});
export type Result = z.infer<typeof Result>;
