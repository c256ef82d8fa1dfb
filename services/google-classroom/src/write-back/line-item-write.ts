import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import type { EntityValue } from '@flotilla/substrate/model';
import type { EntityWrite } from '@flotilla/substrate/vendor';
import { type Connection, oneWork, workOf } from '../paths.ts';
import { toDue } from '../wire/due.ts';
import { idFrom } from '../wire/joined-id.ts';

type LineItem = EntityValue<'lineItem'>;

/** How Google calls what it takes. A moment is two members there. */
const fields = {
  title: ['title'],
  description: ['description'],
  dueDate: ['dueDate', 'dueTime'],
  resultValueMax: ['maxPoints'],
} as const;
type Field = keyof typeof fields;

const members = Object.keys(fields) as Field[];

/** Pure. Only the project that made a piece of work may change it, or grade it: Google refuses all others. */
export const lineItemWrite: EntityWrite<'lineItem', Connection> = {
  members,
  create: ({ value }, connection) => ({
    method: 'POST',
    path: workOf(connection, value.classSourcedId).path,
    // Without a state it is a draft, which no student sees.
    json: { workType: 'ASSIGNMENT', state: 'PUBLISHED', ...writtenMembers(value, members) },
  }),
  update: ({ id, value, changed }) => {
    const names = changed.filter((name): name is Field => name in fields);
    return {
      method: 'PATCH',
      path: oneWork(id).path,
      // What is named in the mask and not in the body is emptied.
      query: { updateMask: names.flatMap((name) => fields[name]).join(',') },
      json: writtenMembers(value, names),
      idempotent: true,
    };
  },
  remove: ({ id }) => ({ method: 'DELETE', path: oneWork(id).path }),
  assignment: {
    idIn: (answer) => (isJsonObject(answer) ? idFrom('courseId', 'id')(answer) : undefined),
    where: ({ value }, connection) => workOf(connection, value.classSourcedId),
    // A moment comes back in another spelling than it was sent.
    identity: ['title'],
  },
};

function writtenMembers(value: LineItem, names: readonly Field[]): JsonObject {
  const written: Record<string, JsonValue> = {};
  for (const name of names) {
    const member = value[name];
    if (member === undefined) continue;
    if (name === 'dueDate') Object.assign(written, toDue(String(member)));
    else written[fields[name][0]] = member;
  }
  return written;
}
