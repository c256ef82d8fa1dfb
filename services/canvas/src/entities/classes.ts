import { DateTime, Id, mayHave, optional, Text } from '@flotilla/substrate/lenient';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { at, type Connection, zoneOf } from '../paths.ts';
import { commonOf, idInCourse, joinIds, splitId } from '../wire/record.ts';
import { dayIn, zoned } from '../wire/zone.ts';

/** Sections: who is taught together. Their term and school are the course's, of which a section's record says nothing but the id. */
export const classes = defineEntity({
  entityType: 'class',
  within: 'course',
  collection: (connection: Connection, courseId) =>
    at(['courses', courseId, 'sections'], { implied: zoneOf(connection) }),
  one: (id, connection) => at(['sections', splitId(id)[1] ?? ''], { implied: zoneOf(connection) }),
  wire: z.object({
    id: Id,
    course_id: Id,
    name: Text,
    ...mayHave(DateTime, 'start_at', 'end_at'),
    sis_section_id: optional(Text),
    // The course that a cross-listed section came from.
    nonxlist_course_id: optional(Id),
    ...zoned,
  }),
  idOf: idInCourse,
  read: ({ id, course_id, name, time_zone: zone, ...section }) => [
    {
      id: joinIds(course_id, id),
      value: {
        ...commonOf(
          {},
          { sis_section_id: section.sis_section_id, nonxlist_course_id: section.nonxlist_course_id },
        ),
        title: name,
        courseSourcedId: course_id,
        termSourcedIds: [],
        ...present({ beginDate: dayIn(section.start_at, zone), endDate: dayIn(section.end_at, zone) }),
      },
    },
  ],
});
