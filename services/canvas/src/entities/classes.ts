import { Id, mayHave, optional, Text } from '@flotilla/substrate/lenient';
import { always, at, defineEntity, joined, metadataOf, splitId, zonedDay } from '@flotilla/substrate/vendor';
import { type Connection, implied, resource } from '../paths.ts';
import { shapeOf } from '../wire/record.ts';
import { datesOf, sisIdAt, sisImport } from '../write-back/sis-import.ts';

function sections(connection: Connection, courseId: string) {
  return resource(['courses', courseId, 'sections'], implied(connection));
}

/** Sections: who is taught together. Their term and school are the course's, of which a section's record says nothing but the id. */
export const classes = defineEntity({
  ...shapeOf(joined('course_id', 'id'))('class', {
    title: at('name', Text),
    courseSourcedId: at('course_id', Id),
    termSourcedIds: always([]),
    beginDate: zonedDay('start_at'),
    endDate: zonedDay('end_at'),
    metadata: metadataOf({
      ...mayHave(Text, 'sis_section_id'),
      // The course that a cross-listed section came from.
      nonxlist_course_id: optional(Id),
    }),
  }),
  within: 'course',
  collection: sections,
  one: (id, connection) => resource(['sections', splitId(id)[1] ?? ''], implied(connection)),
  write: sisImport('class', {
    members: ['title', 'beginDate', 'endDate'],
    columns: (section, connection) => ({
      course_id: sisIdAt(section, '/courseSourcedId'),
      name: section.value.title,
      ...datesOf(section, section.value.beginDate, section.value.endDate, connection),
    }),
    where: ({ value }, connection) => sections(connection, value.courseSourcedId ?? ''),
  }),
});
