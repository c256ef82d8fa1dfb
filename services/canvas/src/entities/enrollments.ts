import { textAt } from '@flotilla/substrate/json/value-at';
import { Id, optional, Text, word, wordAs } from '@flotilla/substrate/lenient';
import { at, defineEntity, joined, metadataOf, splitId, zonedDay } from '@flotilla/substrate/vendor';
import { type Connection, implied, resource } from '../paths.ts';
import { shapeOf } from '../wire/record.ts';
import { cannotImport, datesOf, sisIdAt, sisImport } from '../write-back/sis-import.ts';

/** By default only the first two are listed. Deleted ones are left out, and so are gone. */
const states = ['active', 'invited', 'creation_pending', 'inactive', 'completed'] as const;
const State = optional(word(...states, 'rejected'));

const Role = wordAs({
  StudentEnrollment: 'student',
  TeacherEnrollment: 'teacher',
  TaEnrollment: 'aide',
  DesignerEnrollment: 'ext:designer',
  // A parent, or a counselor: Canvas does not say.
  ObserverEnrollment: 'ext:observer',
  // The made-up student as whom a teacher looks at the course.
  StudentViewEnrollment: 'ext:student-view',
});

/** What imports call them. */
const importedRoles: Readonly<Record<string, string>> = {
  student: 'student',
  teacher: 'teacher',
  aide: 'ta',
  'ext:designer': 'designer',
  'ext:observer': 'observer',
};

function enrolled(connection: Connection, courseId: string) {
  const query = { 'state[]': states };
  return resource(['courses', courseId, 'enrollments'], { query, ...implied(connection) });
}

export const enrollments = defineEntity({
  ...shapeOf()('enrollment', {
    status: at(
      'enrollment_state',
      State.transform((state) => (state === 'inactive' || state === 'rejected' ? 'inactive' : 'active')),
    ),
    userSourcedId: at('user_id', Id),
    classSourcedId: joined('course_id', 'course_section_id'),
    role: at('type', Role),
    beginDate: zonedDay('start_at'),
    endDate: zonedDay('end_at'),
    metadata: metadataOf({
      enrollment_state: State.transform((state) => (state === 'active' ? undefined : state)),
      // A role of the school's own making, which has the rights of one of Canvas'.
      role: optional(Text).transform((role) => (/^\w+Enrollment$/.test(role ?? '') ? undefined : role)),
      associated_user_id: optional(Id),
    }),
  }),
  within: 'course',
  collection: enrolled,
  one: (id, connection) => resource(['accounts', 'self', 'enrollments', id], implied(connection)),
  // Who is in which section, as what, is what an enrollment is known by: none of this can change.
  write: sisImport('enrollment', {
    members: ['status', 'beginDate', 'endDate'],
    columns: (enrollment, connection) => {
      const { status, role, metadata, beginDate, endDate } = enrollment.value;
      const imported = textAt('/role')(metadata) ?? importedRoles[role];
      if (imported === undefined)
        throw cannotImport(`the role ${role}`, `one of ${Object.keys(importedRoles).join(', ')}`);
      if (metadata?.['associated_user_id'] !== undefined)
        throw cannotImport('observers of one student', 'change them in Canvas');
      const isOver = textAt('/enrollment_state')(enrollment.latest) === 'completed';
      return {
        section_id: sisIdAt(enrollment, '/classSourcedId'),
        user_id: sisIdAt(enrollment, '/userSourcedId'),
        role: imported,
        status: status === 'inactive' ? status : isOver ? 'completed' : status,
        ...datesOf(enrollment, beginDate, endDate, connection),
      };
    },
    where: ({ value }, connection) => enrolled(connection, splitId(value.classSourcedId)[0] ?? ''),
    identity: ['userSourcedId', 'classSourcedId', 'role'],
  }),
});
