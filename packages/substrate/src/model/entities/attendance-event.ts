import { z } from 'zod';
import { CalendarDate, commonMembers, SourcedId, vocabulary } from '../vocabulary.ts';

/**
 * Pure. That a student was or was not there: on a day at school, or in one class, as standards for state reporting have it
 * (OneRoster has none). One with a class is of that class, one without of the whole day.
 */
export const AttendanceEvent = z.strictObject({
  ...commonMembers,
  studentSourcedId: SourcedId,
  schoolSourcedId: SourcedId.optional(),
  classSourcedId: SourcedId.optional(),
  date: CalendarDate,
  /** As in the class's `periods`. */
  period: z.string().optional(),
  /** `absent` where the vendor does not say whether it was excused. */
  category: vocabulary([
    'present',
    'absent',
    'excusedAbsence',
    'unexcusedAbsence',
    'tardy',
    'earlyDeparture',
  ]),
  reason: z.string().optional(),
});
export type AttendanceEvent = z.infer<typeof AttendanceEvent>;
