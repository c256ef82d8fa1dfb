import { Failure } from '@flotilla/substrate/failure';
import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import type { EntityValue } from '@flotilla/substrate/model';
import type { EntityWrite } from '@flotilla/substrate/vendor';
import { accept, assignmentAt, assignmentsOf, type Connection } from '../paths.ts';
import { idOf, joinIds, splitId } from '../wire/record.ts';

/** How Canvas calls each member. An assignment cannot move to another course. */
const fields = {
  title: 'name',
  description: 'description',
  assignDate: 'unlock_at',
  dueDate: 'due_at',
  categorySourcedId: 'assignment_group_id',
  resultValueMax: 'points_possible',
} as const;
type Field = keyof typeof fields;

const members = Object.keys(fields) as Field[];

/**
 * Pure. A new assignment is there for the one section whose class it is of. A change reaches all sections that share the assignment, but for
 * dates that the section has of its own.
 */
export const lineItemWrite: EntityWrite<'lineItem', Connection> = {
  members,
  create: ({ value }) => ({
    method: 'POST',
    path: assignmentsOf(value.classSourcedId).path,
    accept,
    json: {
      assignment: {
        ...fieldsOf(
          value,
          members.filter((name) => value[name] !== undefined),
        ),
        grading_type: 'points',
        submission_types: ['none'],
        // Else nobody sees it, and it has no submissions.
        published: true,
        only_visible_to_overrides: true,
        assignment_overrides: [{ course_section_id: sectionOf(value.classSourcedId) }],
      },
    },
  }),
  update: ({ id, value, changed, latest }) => {
    const own = overridesIn(latest).find((one) => isOf(one, id));
    const names = changed.filter((name): name is Field => name in fields);
    const isOwn = (name: Field) => own !== undefined && fields[name] in own;
    const dates = fieldsOf(value, names.filter(isOwn));
    return {
      method: 'PUT',
      path: assignmentAt(id).path,
      accept,
      json: {
        assignment: {
          ...fieldsOf(
            value,
            names.filter((name) => !isOwn(name)),
          ),
          // The list is taken whole: what is not in it is deleted.
          ...(Object.keys(dates).length === 0
            ? {}
            : {
                assignment_overrides: overridesIn(latest).map((one) =>
                  one === own ? { ...one, ...dates } : one,
                ),
              }),
        },
      },
    };
  },
  remove: ({ id, latest }) => {
    const others = overridesIn(latest).filter((one) => !isOf(one, id));
    if (latest !== undefined && (latest.only_visible_to_overrides !== true || others.length > 0))
      throw new Failure(
        'push_rejected',
        'Other sections have the assignment too, and Canvas deletes it for all',
        {
          data: { change: 'delete it in Canvas, or assign it to this section alone' },
        },
      );
    return { method: 'DELETE', path: assignmentAt(id).path, accept };
  },
  assignment: {
    idIn: (answer, { value }) => {
      const id = idOf(answer);
      return id === undefined || value === undefined ? undefined : joinIds(value.classSourcedId, id);
    },
    where: ({ value }) => assignmentsOf(value.classSourcedId),
    identity: ['title', 'categorySourcedId'],
  },
};

function sectionOf(id: string): string {
  return splitId(id)[1] ?? '';
}

function isOf({ course_section_id: section }: JsonObject, id: string): boolean {
  return section === sectionOf(id) || section === Number(sectionOf(id));
}

function overridesIn(latest: JsonObject | undefined): readonly JsonObject[] {
  const overrides = latest?.overrides;
  return Array.isArray(overrides) ? overrides.filter((one: JsonValue) => isJsonObject(one)) : [];
}

/** Absent ones as null, which empties them. */
function fieldsOf(value: EntityValue<'lineItem'>, names: readonly Field[]): JsonObject {
  return Object.fromEntries(
    names.map((name) => {
      const member = value[name] ?? null;
      const isCategory = name === 'categorySourcedId' && typeof member === 'string';
      return [fields[name], isCategory ? (splitId(member)[1] ?? null) : member];
    }),
  );
}
