import { textAt } from '@flotilla/substrate/json/value-at';
import { Id, optional, Text, word, wordAs } from '@flotilla/substrate/lenient';
import { at, defineEntity, joined, metadataOf, splitId, zonedDay } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { type Connection, implied, ofAccount, resource } from '../paths.ts';
import { shapeOf } from '../wire/record.ts';
import { cannotWrite } from '../write-back/cannot-write.ts';
import { datesOf, sisIds, sisImport } from '../write-back/sis-import.ts';

/** By default only the first two are listed. Deleted ones are left out, and so are gone. */
const states = ['active', 'invited', 'creation_pending', 'inactive', 'completed'] as const;
const listed = { query: { 'state[]': states } };
const State = optional(word(...states, 'rejected'));

const notActive: readonly unknown[] = ['inactive', 'rejected'];
const Status = State.transform((state) => (notActive.includes(state) ? 'inactive' : 'active'));

/** As imports call them; elsewhere `Enrollment` follows. */
const roles = {
  student: 'student',
  teacher: 'teacher',
  ta: 'aide',
  designer: 'ext:designer',
  // A parent, or a counselor: Canvas does not say.
  observer: 'ext:observer',
  // The made-up student as whom a teacher looks at the course.
  studentView: 'ext:student-view',
} as const;
const Role = z.preprocess((type) => String(type).replace(/Enrollment$/i, ''), wordAs(roles));

function enrolled(connection: Connection, courseId: string) {
  return resource(['courses', courseId, 'enrollments'], { ...listed, ...implied(connection) });
}

export const enrollments = defineEntity({
  ...shapeOf()('enrollment', {
    status: at('enrollment_state', Status),
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
  one: (id, connection) => ofAccount(['enrollments', id], implied(connection)),
  // Who is in which section, as what, is what an enrollment is known by: none of this can change.
  write: sisImport<'enrollment'>({
    members: ['status', 'beginDate', 'endDate'],
    columns: (enrollment, connection) => {
      const { status, role, metadata, beginDate, endDate } = enrollment.value;
      const [usual] = Object.entries(roles).find(([, ours]) => ours === role) ?? [role];
      if (metadata?.['associated_user_id'] !== undefined)
        throw cannotWrite('observers of one student', 'change them in Canvas');
      const isOver = textAt('/enrollment_state')(enrollment.latest) === 'completed';
      return {
        section_id: sisIds.at('/classSourcedId', enrollment),
        user_id: sisIds.at('/userSourcedId', enrollment),
        role: textAt('/role')(metadata) ?? usual,
        status: isOver && status === 'active' ? 'completed' : status,
        ...datesOf(enrollment, [beginDate, endDate], connection),
      };
    },
    where: ({ value }, connection) => enrolled(connection, splitId(value.classSourcedId)[0] ?? ''),
    identity: ['userSourcedId', 'classSourcedId', 'role'],
  }),
});
