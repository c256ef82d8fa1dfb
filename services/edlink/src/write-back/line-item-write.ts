import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { Id } from '@flotilla/substrate/lenient';
import type { EntityValue } from '@flotilla/substrate/model';
import type { EntityWrite } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { type Connection, gradebook } from '../paths.ts';
import { idsIn, placedId } from '../wire/placed.ts';

/** How Edlink calls each member. An assignment cannot move to another class. */
const fields = {
  title: 'title',
  description: 'description',
  assignDate: 'start_date',
  dueDate: 'due_date',
  categorySourcedId: 'category_id',
  academicSessionSourcedId: 'session_id',
  resultValueMax: 'points_possible',
} as const;
type Field = keyof typeof fields;

const members = Object.keys(fields) as Field[];
const Created = z.object({ $data: z.object({ id: Id }) });

/** Pure. Assignments are created under a key, so that one whose answer was lost is not there twice, and changed member by member. */
export const lineItemWrite: EntityWrite<'lineItem', Connection> = {
  members,
  create: ({ value, idempotencyKey }, connection) => ({
    method: 'POST',
    path: listOf(value, connection).path,
    query: { $idempotency: idempotencyKey },
    json: { grading_type: 'points', ...fieldsOf(value, Object.keys(value)) },
    idempotent: true,
  }),
  // A maximum is one of points: Edlink does not keep it of what is graded otherwise, and the report says so.
  update: ({ id, value, changed }, connection) => ({
    method: 'PATCH',
    path: gradebook.assignments.one(id, connection).path,
    json: fieldsOf(value, changed),
    // "All PATCH requests in Edlink are naturally idempotent" (its guide on idempotency).
    idempotent: true,
  }),
  remove: ({ id }, connection) => ({
    method: 'DELETE',
    path: gradebook.assignments.one(id, connection).path,
  }),
  assignment: {
    idIn: (answer, { value }) => {
      const { data } = Created.safeParse(answer);
      return data && value && placedId({ class_id: value.classSourcedId }, data.$data.id);
    },
    where: ({ value }, connection) => listOf(value, connection),
    identity: ['title', 'categorySourcedId'],
  },
};

function listOf({ classSourcedId }: EntityValue<'lineItem'>, connection: Connection) {
  return gradebook.assignments.collection(connection, classSourcedId);
}

/** Those of the named members that Edlink takes; null empties one. */
function fieldsOf(value: EntityValue<'lineItem'>, names: readonly string[]): JsonObject {
  const taken = members.filter((name) => names.includes(name));
  return Object.fromEntries(
    taken.map((name) => {
      const member = value[name] ?? null;
      const isCategory = name === 'categorySourcedId' && typeof member === 'string';
      return [fields[name], isCategory ? (idsIn(member).at(-1) ?? null) : member];
    }),
  );
}
