import { Failure } from '@flotilla/substrate/failure';
import type { EntityValue } from '@flotilla/substrate/model';
import {
  type Collection,
  type EntityWrite,
  joinedIdIn,
  joinIds,
  type Members,
  splitId,
  toWirePatch,
} from '@flotilla/substrate/vendor';
import { assignments, type Connection } from '../paths.ts';
import { overridesIn } from '../wire/assignment.ts';

type LineItem = EntityValue<'lineItem'>;

const createdId = joinedIdIn('id');

/**
 * Pure. A new assignment is there for the one section whose class it is of. A change reaches all sections that share the assignment, but for
 * dates that the section has of its own. `list`: where a class' assignments are read.
 */
export function lineItemWrite(
  written: Partial<Members<LineItem>>,
  list: (connection: Connection, classId: string) => Collection,
): EntityWrite<'lineItem', Connection> {
  const members = Object.keys(written) as (keyof LineItem)[];
  return {
    members,
    create: ({ value }) => ({
      method: 'POST',
      ...assignments(value.classSourcedId),
      json: {
        assignment: {
          ...toWirePatch(written, { value, changed: members.filter((name) => value[name] !== undefined) }),
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
      const patch = Object.entries(toWirePatch(written, record));
      const { of: shared = [], its = [] } = Object.groupBy(patch, ([name]) =>
        own !== undefined && name in own ? 'its' : 'of',
      );
      // The list is taken whole: what is not in it is deleted.
      const overrides = all.map((one) => (one === own ? { ...one, ...Object.fromEntries(its) } : one));
      return {
        method: 'PUT',
        ...assignments(record.id),
        json: {
          assignment: {
            ...Object.fromEntries(shared),
            ...(its.length === 0 ? {} : { assignment_overrides: overrides }),
          },
        },
      };
    },
    remove: ({ id, latest }) => {
      const { all, own } = overridesIn(latest);
      const isShared = latest?.['only_visible_to_overrides'] !== true || all.some((one) => one !== own);
      if (latest !== undefined && isShared)
        throw new Failure(
          'push_rejected',
          'Other sections have the assignment too, and Canvas deletes it for all',
          { data: { change: 'delete it in Canvas, or assign it to this section alone' } },
        );
      return { method: 'DELETE', ...assignments(id) };
    },
    assignment: {
      idIn: (answer, { value }) => {
        const id = createdId(answer);
        return id && value && joinIds(value.classSourcedId, id);
      },
      where: ({ value }, connection) => list(connection, value.classSourcedId),
      identity: ['title', 'categorySourcedId'],
    },
  };
}
