import { Id, Numeric, optional, Text } from '@flotilla/substrate/lenient';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { at, type Connection } from '../paths.ts';
import { commonOf, idInCourse, joinIds, splitId } from '../wire/record.ts';

/** Assignment groups. They are the course's, and do not say of which. */
export const categories = defineEntity({
  entityType: 'category',
  within: 'course',
  collection: (_: Connection, courseId) =>
    at(['courses', courseId, 'assignment_groups'], { implied: { course_id: courseId } }),
  one: (id) => {
    const [courseId = '', groupId = ''] = splitId(id);
    return at(['courses', courseId, 'assignment_groups', groupId], { implied: { course_id: courseId } });
  },
  wire: z.object({ id: Id, course_id: Id, name: Text, group_weight: optional(Numeric) }),
  idOf: idInCourse,
  read: ({ id, course_id, name, group_weight }) => [
    {
      id: joinIds(course_id, id),
      value: { ...commonOf({}), title: name, ...present({ weight: group_weight }) },
    },
  ],
});
