import { textAt } from '@flotilla/substrate/json/value-at';
import type { EntityValue } from '@flotilla/substrate/model';
import {
  type EntityWrite,
  joinIds,
  type Members,
  present,
  toWireMembers,
  toWirePatch,
} from '@flotilla/substrate/vendor';
import { type Connection, gradebook } from '../paths.ts';

type LineItem = EntityValue<'lineItem'>;

const { collection, one } = gradebook.assignments;
const createdId = textAt('/$data/id');

/**
 * Pure. Assignments are created under a key, so that one whose answer was lost is not there twice, and changed member by member. An assignment
 * cannot move to another class.
 */
export function lineItemWrite(members: Partial<Members<LineItem>>): EntityWrite<'lineItem', Connection> {
  const taken = Object.keys(members) as (keyof LineItem)[];
  return {
    members: taken,
    create: ({ value, idempotencyKey }, connection) => ({
      method: 'POST',
      path: collection(connection, value.classSourcedId).path,
      query: { $idempotency: idempotencyKey },
      json: { grading_type: 'points', ...present(toWireMembers(members, value, taken, connection)) },
      idempotent: true,
    }),
    update: (record, connection) => ({
      method: 'PATCH',
      path: one(record.id, connection).path,
      json: toWirePatch(members, record),
      // "All PATCH requests in Edlink are naturally idempotent" (its guide on idempotency).
      idempotent: true,
    }),
    remove: ({ id }, connection) => ({ method: 'DELETE', path: one(id, connection).path }),
    assignment: {
      idIn: (answer, { value }) => {
        const id = createdId(answer);
        return id && value && joinIds(value.classSourcedId, id);
      },
      where: ({ value }, connection) => collection(connection, value.classSourcedId),
      identity: ['title', 'categorySourcedId'],
    },
  };
}
