import { DateOnly, Text } from '@flotilla/substrate/lenient';
import { at, to } from '../wire/field.ts';
import { vocabulary } from '../wire/lenient.ts';
import { defineResource } from '../wire/resource.ts';
import { Periods } from './classes.ts';

const Category = vocabulary({
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
  reason: at('attendanceEventReason?', Text),
};

/** Of a section, or of a whole day: then the session is named. */
export const attendanceEvents = defineResource('attendanceEvent', {
  studentSectionAttendanceEvents: {
    ...common,
    schoolSourcedId: to('sectionReference', 'schools'),
    classSourcedId: to('sectionReference', 'sections'),
    period: at(
      'classPeriods?',
      Periods.transform((all = []) => (all.length > 1 ? undefined : all[0])),
    ),
  },
  studentSchoolAttendanceEvents: { ...common, schoolSourcedId: to('sessionReference', 'schools') },
});
