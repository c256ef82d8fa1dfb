import { DateTime, Id, mayHave, optional, Text, wordAs } from '@flotilla/substrate/lenient';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { at, type Connection, zoneOf } from '../paths.ts';
import { commonOf, dated, idOf, joinIds } from '../wire/record.ts';
import { dayIn, zoned } from '../wire/zone.ts';

/** By default only the first two are listed. Deleted ones are left out, and so are gone. */
const states = ['active', 'invited', 'creation_pending', 'inactive', 'completed'] as const;

export const enrollments = defineEntity({
  entityType: 'enrollment',
  within: 'course',
  collection: (connection: Connection, courseId) =>
    at(['courses', courseId, 'enrollments'], { query: { 'state[]': states }, implied: zoneOf(connection) }),
  one: (id, connection) => at(['accounts', 'self', 'enrollments', id], { implied: zoneOf(connection) }),
  wire: z.object({
    id: Id,
    ...dated,
    course_id: Id,
    course_section_id: Id,
    user_id: Id,
    type: wordAs({
      StudentEnrollment: 'student',
      TeacherEnrollment: 'teacher',
      TaEnrollment: 'aide',
      DesignerEnrollment: 'ext:designer',
      // A parent, or a counselor: Canvas does not say.
      ObserverEnrollment: 'ext:observer',
      // The made-up student as whom a teacher looks at the course.
      StudentViewEnrollment: 'ext:student-view',
    }),
    role: optional(Text),
    enrollment_state: optional(
      wordAs({
        active: 'active',
        invited: 'invited',
        creation_pending: 'creation_pending',
        inactive: 'inactive',
        rejected: 'rejected',
        completed: 'completed',
        deleted: 'deleted',
      }),
    ),
    associated_user_id: optional(Id),
    ...mayHave(DateTime, 'start_at', 'end_at'),
    ...zoned,
  }),
  idOf,
  read: ({ id, type: role, enrollment_state: state = 'active', time_zone: zone, ...enrollment }) => {
    if (state === 'deleted') return [{ id, deleted: true }];
    const isOff = state === 'inactive' || state === 'rejected';
    const further = {
      enrollment_state: state === 'active' ? undefined : state,
      // A role of the school's own making, which has the rights of one of Canvas'.
      role: /^\w+Enrollment$/.test(enrollment.role ?? '') ? undefined : enrollment.role,
      associated_user_id: enrollment.associated_user_id,
    };
    const value = {
      ...commonOf(enrollment, further, isOff ? 'inactive' : 'active'),
      userSourcedId: enrollment.user_id,
      classSourcedId: joinIds(enrollment.course_id, enrollment.course_section_id),
      role,
      ...present({ beginDate: dayIn(enrollment.start_at, zone), endDate: dayIn(enrollment.end_at, zone) }),
    };
    return [{ id, value }];
  },
});
