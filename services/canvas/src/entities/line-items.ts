import { Numeric, optional, Text } from '@flotilla/substrate/lenient';
import {
  at,
  defineEntity,
  type EntityWrite,
  joined,
  joinedIdIn,
  joinedTo,
  joinIds,
  metadataOf,
  shapeAmong,
  splitId,
  toWirePatch,
  unlessUsual,
} from '@flotilla/substrate/vendor';
import { assignments, type Connection, implied } from '../paths.ts';
import { dateIn, isForSection, overridesIn } from '../wire/assignment.ts';
import { shapeOf } from '../wire/record.ts';
import { cannotWrite } from '../write-back/cannot-write.ts';

/** All that can be written: an assignment does not move to another course. */
const members = {
  title: at('name', Text),
  description: optional(Text),
  assignDate: dateIn('unlock_at'),
  dueDate: dateIn('due_at'),
  categorySourcedId: joinedTo('course_id', 'assignment_group_id'),
  resultValueMax: at('points_possible', optional(Numeric)),
};

const written = Object.keys(members) as (keyof typeof members)[];

const shape = shapeOf(joined('course_id', 'section_id', 'id'))('lineItem', {
  ...members,
  classSourcedId: joined('course_id', 'section_id'),
  metadata: metadataOf({ grading_type: unlessUsual('points'), workflow_state: unlessUsual('published') }),
});

/** With the dates of all sections, not those that hold for whoever asks. */
function read(connection: Connection, id: string) {
  const query = { 'include[]': 'overrides', override_assignment_dates: false };
  return assignments(id, { query, ...implied(connection, id) });
}

/**
 * A new assignment is there for the one section whose class it is of. A change reaches all sections that share the assignment, but for dates
 * that the section has of its own.
 */
const write: EntityWrite<'lineItem', Connection> = {
  members: written,
  create: ({ value }) => ({
    method: 'POST',
    ...assignments(value.classSourcedId),
    json: {
      assignment: {
        ...toWirePatch(members, { value, changed: written.filter((name) => value[name] !== undefined) }),
        grading_type: 'points',
        submission_types: ['none'],
        // Else nobody sees it, and it has no submissions.
        published: true,
        only_visible_to_overrides: true,
        assignment_overrides: [{ course_section_id: splitId(value.classSourcedId)[1] ?? '' }],
      },
    },
  }),
  update: (record) => {
    const { all, own } = overridesIn(record.latest);
    const patch = Object.entries(toWirePatch(members, record));
    const isIts = ([name]: readonly [string, unknown]) => own !== undefined && name in own;
    const its = Object.fromEntries(patch.filter(isIts));
    // The list is taken whole: what is not in it is deleted.
    const overrides = { assignment_overrides: all.map((one) => (one === own ? { ...one, ...its } : one)) };
    const shared = Object.fromEntries(patch.filter((one) => !isIts(one)));
    const assignment = { ...shared, ...(patch.some(isIts) ? overrides : {}) };
    return { method: 'PUT', ...assignments(record.id), json: { assignment } };
  },
  remove: ({ id, latest }) => {
    const { all, own } = overridesIn(latest);
    const isShared = latest?.['only_visible_to_overrides'] !== true || all.some((one) => one !== own);
    if (latest !== undefined && isShared)
      throw cannotWrite(
        'deleting what other sections have: Canvas deletes it for all',
        'delete it in Canvas',
      );
    return { method: 'DELETE', ...assignments(id) };
  },
  assignment: {
    idIn: (answer, { value }) => {
      const id = joinedIdIn('id')(answer);
      return id && value && joinIds(value.classSourcedId, id);
    },
    where: ({ value }, connection) => read(connection, value.classSourcedId),
    identity: ['title', 'categorySourcedId'],
  },
};

/**
 * Assignments. Canvas has them of a course; here each class has its own, as everywhere else: one for each section that it is there for,
 * with that section's dates.
 */
export const lineItems = defineEntity({
  ...shapeAmong('lineItem', (record) => (isForSection(record) ? shape : undefined)),
  within: 'class',
  collection: read,
  one: (id, connection) => read(connection, id),
  write,
});
