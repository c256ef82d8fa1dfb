import { z } from 'zod';
import { CalendarDate, commonMembers, ScoreStatus, SourcedId } from '../vocabulary.ts';

/** Pure. One student's outcome of one assessment (OneRoster 1.2 `AssessmentResult`). */
export const AssessmentResult = z.strictObject({
  ...commonMembers,
  assessmentSourcedId: SourcedId,
  studentSourcedId: SourcedId,
  scoreScaleSourcedId: SourcedId.optional(),
  scoreStatus: ScoreStatus,
  score: z.number().optional(),
  textScore: z.string().optional(),
  scorePercentile: z.number().optional(),
  /** In the words of the test: `Proficient`. */
  performanceLevel: z.string().optional(),
  scoreDate: CalendarDate,
  comment: z.string().optional(),
  inProgress: z.boolean().optional(),
  incomplete: z.boolean().optional(),
  late: z.boolean().optional(),
  missing: z.boolean().optional(),
});
export type AssessmentResult = z.infer<typeof AssessmentResult>;
