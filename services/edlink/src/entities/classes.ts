import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { rostering } from '../paths.ts';
import { Id, optional, Text, TextList } from '../wire/lenient.ts';
import { envelope, State, toReading } from '../wire/record.ts';

/**
 * Edlink's class, not its section: enrollments always name a class and seldom a section, and assignments, categories and grades hang on
 * classes alone. A section is a part of one class; who is in which stands with the enrollment.
 */
export const classes = defineEntity({
  entityType: 'class',
  ...rostering('classes'),
  wire: z.object({
    ...envelope,
    name: Text,
    description: optional(Text),
    grade_levels: TextList,
    subjects: TextList,
    periods: TextList,
    state: State,
    session_ids: TextList,
    course_id: optional(Id),
    school_id: optional(Id),
  }),
  read: (one) =>
    toReading(
      one,
      present({
        title: one.name,
        description: one.description,
        grades: one.grade_levels,
        subjectCodes: one.subjects,
        periods: one.periods,
        courseSourcedId: one.course_id ?? one.id,
        schoolSourcedId: one.school_id,
        termSourcedIds: one.session_ids ?? [],
      }),
    ),
});
