import { z } from 'zod';
import { commonMembers, SourcedId } from '../vocabulary.ts';

/** Pure. What is taught, apart from when and to whom (OneRoster 1.2 `Course`). */
export const Course = z.strictObject({
  ...commonMembers,
  title: z.string(),
  description: z.string().optional(),
  courseCode: z.string().optional(),
  credits: z.number().optional(),
  grades: z.array(z.string()).optional(),
  subjects: z.array(z.string()).optional(),
  subjectCodes: z.array(z.string()).optional(),
  schoolYearSourcedId: SourcedId.optional(),
  orgSourcedId: SourcedId.optional(),
});
export type Course = z.infer<typeof Course>;
