import { z } from 'zod';
import { commonMembers, Moment, SourcedId } from '../vocabulary.ts';

/** Pure. Something that is graded: an assignment, a test (OneRoster 1.2 `LineItem`). */
export const LineItem = z.strictObject({
  ...commonMembers,
  title: z.string(),
  description: z.string().optional(),
  assignDate: Moment,
  dueDate: Moment,
  classSourcedId: SourcedId,
  categorySourcedId: SourcedId,
  schoolSourcedId: SourcedId.optional(),
  gradingPeriodSourcedId: SourcedId.optional(),
  academicSessionSourcedId: SourcedId.optional(),
  scoreScaleSourcedId: SourcedId.optional(),
  resultValueMin: z.number().optional(),
  resultValueMax: z.number().optional(),
});
export type LineItem = z.infer<typeof LineItem>;
