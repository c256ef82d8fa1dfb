import { z } from 'zod';
import { commonMembers, Moment, SourcedId } from '../vocabulary.ts';

/** Pure. Something that is graded: an assignment, a test (OneRoster 1.2 `LineItem`). */
export const LineItem = z.strictObject({
  ...commonMembers,
  title: z.string(),
  description: z.string().optional(),
  /** Work need not be due, nor belong to a category: OneRoster demands all three, LMSs do not. */
  assignDate: Moment.optional(),
  dueDate: Moment.optional(),
  classSourcedId: SourcedId,
  categorySourcedId: SourcedId.optional(),
  schoolSourcedId: SourcedId.optional(),
  gradingPeriodSourcedId: SourcedId.optional(),
  academicSessionSourcedId: SourcedId.optional(),
  scoreScaleSourcedId: SourcedId.optional(),
  resultValueMin: z.number().optional(),
  resultValueMax: z.number().optional(),
});
export type LineItem = z.infer<typeof LineItem>;
