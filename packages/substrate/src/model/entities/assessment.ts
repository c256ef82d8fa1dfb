import { z } from 'zod';
import { commonMembers, SourcedId } from '../vocabulary.ts';

/** Pure. A test that is not of a class's gradebook, or a part of one (OneRoster 1.2 `AssessmentLineItem`). */
export const Assessment = z.strictObject({
  ...commonMembers,
  title: z.string(),
  description: z.string().optional(),
  /** The number that the makers of the test know it by. */
  identifier: z.string().optional(),
  grades: z.array(z.string()).optional(),
  subjects: z.array(z.string()).optional(),
  classSourcedId: SourcedId.optional(),
  /** The test of which it is a part. */
  parentSourcedId: SourcedId.optional(),
  scoreScaleSourcedId: SourcedId.optional(),
  resultValueMin: z.number().optional(),
  resultValueMax: z.number().optional(),
});
export type Assessment = z.infer<typeof Assessment>;
