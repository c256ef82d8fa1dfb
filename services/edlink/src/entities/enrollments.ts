import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { rostering } from '../paths.ts';
import { Day, Flag, Id, optional, word } from '../wire/lenient.ts';
import { envelope, State, toReading } from '../wire/record.ts';
import { roleWords } from '../wire/role-words.ts';

export const enrollments = defineEntity({
  entityType: 'enrollment',
  ...rostering('enrollments'),
  wire: z.object({
    ...envelope,
    person_id: Id,
    class_id: Id,
    section_id: optional(Id),
    // The role in this class: a teacher may be a student of a course for teachers.
    role: word({
      ...roleWords,
      administrator: 'administrator',
      'district-administrator': 'ext:district-administrator',
    }),
    primary: optional(Flag),
    state: State,
    start_date: optional(Day),
    end_date: optional(Day),
  }),
  read: (enrollment) =>
    toReading(
      enrollment,
      present({
        userSourcedId: enrollment.person_id,
        classSourcedId: enrollment.class_id,
        role: enrollment.role,
        primary: enrollment.primary,
        beginDate: enrollment.start_date,
        endDate: enrollment.end_date,
      }),
      { section_id: enrollment.section_id },
    ),
});
