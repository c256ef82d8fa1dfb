import { Flag, Id, optional, wordAs } from '@flotilla/substrate/lenient';
import { at, defineEntity } from '@flotilla/substrate/vendor';
import { rostering } from '../paths.ts';
import { Day, State, shapeOf } from '../wire/record.ts';
import { roleWords } from '../wire/role-words.ts';

/** In this class: a teacher may be a student of a course for teachers. */
const Role = wordAs({
  ...roleWords,
  administrator: 'administrator',
  'district-administrator': 'ext:district-administrator',
});

export const enrollments = defineEntity({
  ...shapeOf({ state: State, section_id: optional(Id) })('enrollment', {
    userSourcedId: at('person_id', Id),
    classSourcedId: at('class_id', Id),
    role: Role,
    primary: optional(Flag),
    beginDate: at('start_date', optional(Day)),
    endDate: at('end_date', optional(Day)),
  }),
  ...rostering('enrollments'),
});
