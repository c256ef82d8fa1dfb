import { Flag, Id, optional, wordAs } from '@flotilla/substrate/lenient';
import { defineEntity } from '@flotilla/substrate/vendor';
import { rostering } from '../paths.ts';
import { Day, recordOf, State } from '../wire/record.ts';
import { roleWords } from '../wire/role-words.ts';

/** In this class: a teacher may be a student of a course for teachers. */
const Role = wordAs({
  ...roleWords,
  administrator: 'administrator',
  'district-administrator': 'ext:district-administrator',
});

export const enrollments = defineEntity({
  entityType: 'enrollment',
  ...rostering('enrollments'),
  wire: recordOf({
    members: {
      userSourcedId: ['person_id', Id],
      classSourcedId: ['class_id', Id],
      role: ['role', Role],
      primary: ['primary', optional(Flag)],
      beginDate: ['start_date', optional(Day)],
      endDate: ['end_date', optional(Day)],
    },
    noted: { state: State, section_id: optional(Id) },
  }),
  read: ({ id, value }) => [{ id, value }],
});
