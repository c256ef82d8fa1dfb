import { DateOnly, optional, Text, vocabulary } from '@flotilla/substrate/lenient';
import { at, theOnly } from '@flotilla/substrate/vendor';
import { Word } from '../wire/lenient.ts';
import { defineResource, to } from '../wire/resources.ts';
import { Periods } from './classes.ts';

const Category = vocabulary(Word, {
  present: /^(in attendance|present)$/i,
  excusedAbsence: /^excused absence$/i,
  unexcusedAbsence: /^unexcused absence$/i,
  absent: /^(absent|absence)$/i,
  tardy: /^tardy$/i,
  earlyDeparture: /^early departure$/i,
});
const common = {
  studentSourcedId: to('studentReference', 'students'),
  date: at('eventDate', DateOnly),
  category: at('attendanceEventCategoryDescriptor', Category),
  reason: at('attendanceEventReason', optional(Text)),
};
const Period = Periods.transform((periods) => theOnly(periods));

/** Of a section, or of a whole day: then the session is named. */
export const attendanceEvents = defineResource('attendanceEvent', {
  studentSectionAttendanceEvents: {
    ...common,
    schoolSourcedId: to('sectionReference', 'schools'),
    classSourcedId: to('sectionReference', 'sections'),
    period: at('classPeriods', Period),
  },
  studentSchoolAttendanceEvents: { ...common, schoolSourcedId: to('sessionReference', 'schools') },
});
