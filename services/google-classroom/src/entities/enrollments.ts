import { Id } from '@flotilla/substrate/lenient';
import { defineEntity } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { oneMember, rosterOf } from '../paths.ts';
import { idFrom } from '../wire/joined-id.ts';

const idOf = idFrom('courseId', 'list', 'userId');

/** A course's students and teachers. Google says of a membership that it is there, and nothing else: no date, no change. */
export const enrollments = defineEntity({
  entityType: 'enrollment',
  within: 'class',
  lists: () => ['students', 'teachers'],
  collection: rosterOf,
  one: oneMember,
  wire: z.object({ courseId: Id, userId: Id, list: z.enum(['students', 'teachers']) }),
  idOf,
  read: (member) => [
    {
      id: idOf(member) ?? '',
      value: {
        status: 'active',
        userSourcedId: member.userId,
        classSourcedId: member.courseId,
        role: member.list === 'teachers' ? 'teacher' : 'student',
      },
    },
  ],
});
