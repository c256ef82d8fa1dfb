import { z } from 'zod';
import { CalendarDate, commonMembers, SourcedId, vocabulary } from '../vocabulary.ts';

const ClockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'A time of day reads HH:MM');

/** When and where a class meets: a list that is merged by `id`, since the vendor changes one meeting and the school another. */
const Meeting = z.strictObject({
  id: SourcedId,
  days: z.array(z.enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'])),
  /** Local to the school, `HH:MM`. */
  startTime: ClockTime.optional(),
  endTime: ClockTime.optional(),
  beginDate: CalendarDate.optional(),
  endDate: CalendarDate.optional(),
  room: z.string().optional(),
  building: z.string().optional(),
});

/** Pure. A course given to a group in one or more terms; a "section" elsewhere (OneRoster 1.2 `Class`). */
export const Class = z.strictObject({
  ...commonMembers,
  title: z.string(),
  classCode: z.string().optional(),
  classType: vocabulary(['homeroom', 'scheduled']).optional(),
  description: z.string().optional(),
  location: z.string().optional(),
  beginDate: CalendarDate.optional(),
  endDate: CalendarDate.optional(),
  credits: z.number().optional(),
  grades: z.array(z.string()).optional(),
  subjects: z.array(z.string()).optional(),
  subjectCodes: z.array(z.string()).optional(),
  periods: z.array(z.string()).optional(),
  /** A district may not share its courses, or teach a class outside of any. */
  courseSourcedId: SourcedId.optional(),
  /** A hub or an LMS may know classes of no school. */
  schoolSourcedId: SourcedId.optional(),
  termSourcedIds: z.array(SourcedId),
  meetings: z.array(Meeting).optional(),
});
export type Class = z.infer<typeof Class>;
