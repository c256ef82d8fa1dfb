import { Id, mayHave, Text } from '@flotilla/substrate/lenient';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { at } from '../paths.ts';
import { commonOf, idOf } from '../wire/record.ts';

export const courses = defineEntity({
  entityType: 'course',
  collection: () => at(['accounts', 'self', 'courses']),
  one: (id) => at(['courses', id]),
  wire: z.object({
    id: Id,
    name: Text,
    ...mayHave(Text, 'course_code', 'workflow_state', 'sis_course_id'),
    ...mayHave(Id, 'account_id', 'enrollment_term_id'),
  }),
  idOf,
  read: ({ id, name, workflow_state: state, ...course }) => [
    {
      id,
      value: {
        ...commonOf(
          {},
          {
            sis_course_id: course.sis_course_id,
            workflow_state: state === 'available' ? undefined : state,
          },
        ),
        title: name,
        ...present({
          courseCode: course.course_code,
          orgSourcedId: course.account_id,
          // In Canvas a course is given in one term, and nothing below it says so again.
          schoolYearSourcedId: course.enrollment_term_id,
        }),
      },
    },
  ],
});
