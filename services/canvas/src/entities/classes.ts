import { Id, optional, Text } from '@flotilla/substrate/lenient';
import { at, defineEntity, inherited, joined, metadataOf, zonedDay } from '@flotilla/substrate/vendor';
import { type Connection, implied, ofSection, resource } from '../paths.ts';
import { shapeOf } from '../wire/record.ts';
import { datesOf, sisIds, sisImport } from '../write-back/sis-import.ts';

const Terms = optional(Id).transform((id) => (id === undefined ? [] : [id]));

function sections(connection: Connection, courseId: string) {
  return resource(['courses', courseId, 'sections'], implied(connection));
}

/** Sections: who is taught together. Their term and school are the course's. */
export const classes = defineEntity({
  ...shapeOf(joined('course_id', 'id'))('class', {
    title: at('name', Text),
    courseSourcedId: at('course_id', Id),
    // None, until the course says it.
    termSourcedIds: at('enrollment_term_id', Terms),
    beginDate: zonedDay('start_at'),
    endDate: zonedDay('end_at'),
    // The latter is the course that a cross-listed section came from.
    metadata: metadataOf({ sis_section_id: optional(Text), nonxlist_course_id: optional(Id) }),
  }),
  within: 'course',
  collection: sections,
  joins: {
    course: inherited('class', {
      from: 'course',
      by: 'courseSourcedId',
      members: {
        schoolSourcedId: at('account_id', optional(Id)),
        termSourcedIds: at('enrollment_term_id', Terms),
      },
    }),
  },
  one: (id, connection) => ofSection(id, [], implied(connection)),
  write: sisImport<'class'>({
    members: ['title', 'beginDate', 'endDate'],
    columns: (section, connection) => ({
      section_id: sisIds.own('class', section),
      course_id: sisIds.at('/courseSourcedId', section),
      name: section.value.title,
      ...datesOf(section, [section.value.beginDate, section.value.endDate], connection),
    }),
    where: ({ value }, connection) => sections(connection, value.courseSourcedId ?? ''),
    identity: ['/metadata/sis_section_id'],
  }),
});
