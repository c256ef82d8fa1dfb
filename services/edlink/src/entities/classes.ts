import { Id, optional, Text, TextList } from '@flotilla/substrate/lenient';
import { defineEntity } from '@flotilla/substrate/vendor';
import { rostering } from '../paths.ts';
import { recordOf, State } from '../wire/record.ts';

/**
 * Edlink's class, not its section: enrollments always name a class and seldom a section, and assignments, categories and grades hang on
 * classes alone. A section is a part of one class; who is in which stands with the enrollment.
 */
export const classes = defineEntity({
  entityType: 'class',
  ...rostering('classes'),
  wire: recordOf({
    members: {
      title: ['name', Text],
      description: ['description', optional(Text)],
      grades: ['grade_levels', TextList],
      subjectCodes: ['subjects', TextList],
      periods: ['periods', TextList],
      schoolSourcedId: ['school_id', optional(Id)],
    },
    needed: { course_id: optional(Id), session_ids: TextList },
    noted: { state: State },
  }),
  read: ({ id, value, needed: { course_id = id, session_ids = [] } }) => [
    { id, value: { ...value, courseSourcedId: course_id, termSourcedIds: session_ids } },
  ],
});
