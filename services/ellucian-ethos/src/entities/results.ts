import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import type { Connection } from '../connection.ts';
import { listOf, oneOf } from '../representation.ts';
import { DateOnly, optional, Reference } from '../wire/lenient.ts';
import { commonOf, envelope, idOf } from '../wire/record.ts';

/** Grades in transcripts. Those of no section (of another institution, of exams) are results of nothing that we know. */
export const results = defineEntity({
  entityType: 'result',
  collection: (connection: Connection) => listOf('student-transcript-grades', connection),
  one: (id, connection) => oneOf('student-transcript-grades', id, connection),
  wire: z.object({
    ...envelope,
    student: Reference,
    course: z.object({ section: optional(Reference) }),
    grade: Reference,
    incompleteGrade: optional(z.object({ finalGrade: optional(Reference) })),
    recordedOn: optional(DateOnly),
  }),
  idOf,
  read: (grade) => {
    const { section } = grade.course;
    if (section === undefined) return [{ id: grade.id, deleted: true }];
    const value = present({
      ...commonOf(grade),
      // A GUID of the grade definitions: which letter it is, only their list says.
      metadata: { grade: grade.grade },
      lineItemSourcedId: section,
      studentSourcedId: grade.student,
      classSourcedId: section,
      scoreStatus: 'fully graded' as const,
      scoreDate: grade.recordedOn,
      incomplete: grade.incompleteGrade === undefined ? undefined : true,
    });
    return [{ id: grade.id, value }];
  },
});
