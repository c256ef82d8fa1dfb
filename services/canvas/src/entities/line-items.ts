import { Id, Numeric, optional, Text } from '@flotilla/substrate/lenient';
import {
  at,
  defineEntity,
  joined,
  joinIds,
  metadataOf,
  shapeAmong,
  splitId,
  unlessUsual,
} from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { assignments, type Connection, implied } from '../paths.ts';
import { dateIn, isForSection } from '../wire/assignment.ts';
import { shapeOf } from '../wire/record.ts';
import { lineItemWrite } from '../write-back/line-item-write.ts';

const Grouped = z.object({ course_id: Id, assignment_group_id: optional(Id) });

/** All that can be written: an assignment does not move to another course. */
const members = {
  title: at('name', Text),
  description: optional(Text),
  assignDate: dateIn('unlock_at'),
  dueDate: dateIn('due_at'),
  categorySourcedId: at(
    '',
    Grouped.transform(({ course_id, assignment_group_id: id }) => id && joinIds(course_id, id)),
    (id) => ({ assignment_group_id: id && splitId(id)[1] }),
  ),
  resultValueMax: at('points_possible', optional(Numeric)),
};

const shape = shapeOf(joined('course_id', 'section_id', 'id'))('lineItem', {
  ...members,
  classSourcedId: joined('course_id', 'section_id'),
  metadata: metadataOf({
    grading_type: unlessUsual('points'),
    workflow_state: unlessUsual('published'),
  }),
});

/** With the dates of all sections, not those that hold for whoever asks. */
function read(connection: Connection, id: string) {
  const query = { 'include[]': 'overrides', override_assignment_dates: false };
  return assignments(id, { query, ...implied(connection, id) });
}

/**
 * Assignments. Canvas has them of a course; here each class has its own, as everywhere else: one for each section that it is there for,
 * with that section's dates.
 */
export const lineItems = defineEntity({
  ...shapeAmong('lineItem', (record) => (isForSection(record) ? shape : undefined)),
  within: 'class',
  collection: read,
  one: (id, connection) => read(connection, id),
  write: lineItemWrite(members, read),
});
