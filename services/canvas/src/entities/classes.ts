import { Id, mayHave, optional, Text } from '@flotilla/substrate/lenient';
import {
  always,
  at,
  defineEntity,
  defineJoin,
  joined,
  joinedIdIn,
  metadataOf,
  present,
  splitId,
  zonedDay,
} from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { type Connection, implied, resource } from '../paths.ts';
import { shapeOf } from '../wire/record.ts';
import { datesOf, sisIdAt, sisImport } from '../write-back/sis-import.ts';

function sections(connection: Connection, courseId: string) {
  return resource(['courses', courseId, 'sections'], implied(connection));
}

/** A section's record says nothing of its course but the id. */
const course = defineJoin('class', {
  from: 'course',
  wire: z
    .object({ id: Id, ...mayHave(Id, 'account_id', 'enrollment_term_id') })
    .transform(({ id, ...says }) => ({ key: id, id, says: present(says) })),
  idOf: joinedIdIn('id'),
  keyOf: (_, { courseSourcedId }) => courseSourcedId,
  members: ['schoolSourcedId', 'termSourcedIds'],
  add: (section, [{ account_id, enrollment_term_id: term } = {}]) => ({
    ...section,
    ...present({ schoolSourcedId: account_id }),
    termSourcedIds: term === undefined ? [] : [term],
  }),
});

/** Sections: who is taught together. Their term and school are the course's. */
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
  joins: { course },
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
