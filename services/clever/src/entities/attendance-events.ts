import { DateOnly, Id, mayHave, optional, Text, word } from '@flotilla/substrate/lenient';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { type Connection, oneOf, sparePaging } from '../paths.ts';
import { head, readOne } from '../wire/record.ts';

/** Attendance alone has its id under another name, and alone is not wrapped a second time. */
const Identified = z.object({ clever_id: Id });
const ofSchool = oneOf('attendance/schools');

/** The Attendance API, which only 3.1 has: a list of each school's. A district has none. */
export const attendanceEvents = defineEntity({
  entityType: 'attendanceEvent',
  within: 'org',
  parents: (org) => 'type' in org && org.type === 'school',
  isOffered: ({ version }: Connection) => version === '3.1',
  collection: (connection: Connection, school) => ({ ...ofSchool(school, connection), paging: sparePaging }),
  wire: Identified.extend({
    last_modified: head.last_modified,
    student_id: Id,
    ...mayHave(Id, 'school_id', 'section_id'),
    attendance_date: DateOnly,
    attendance_status: word('present', 'absent', 'tardy'),
    attendance_type: word('daily', 'section'),
    excuse_code: optional(Text),
  })
    .refine(isWhole, 'attendance of a section needs its section_id')
    .transform(({ clever_id: id, ...mark }) => ({ id, ...mark })),
  idOf: (record) => Identified.safeParse(record).data?.clever_id,
  read: readOne((mark) =>
    present({
      studentSourcedId: mark.student_id,
      schoolSourcedId: mark.school_id,
      classSourcedId: mark.attendance_type === 'section' ? mark.section_id : undefined,
      date: mark.attendance_date,
      category: mark.attendance_status,
      reason: mark.excuse_code,
    }),
  ),
});

/** Without its section, somebody who missed a lesson would have missed the day. */
function isWhole(mark: { readonly attendance_type: string; readonly section_id?: string | undefined }) {
  return mark.attendance_type === 'daily' || mark.section_id !== undefined;
}
