import type { EntityValue } from '@flotilla/substrate/model';
import {
  type EntityWrite,
  joinedIdIn,
  type Members,
  present,
  toWireMembers,
} from '@flotilla/substrate/vendor';
import { type Connection, oneWork, workOf } from '../paths.ts';

type LineItem = EntityValue<'lineItem'>;

/** Pure. Only the project that made a piece of work may change it, or grade it: Google refuses all others. */
export function lineItemWrite(members: Partial<Members<LineItem>>): EntityWrite<'lineItem', Connection> {
  const taken = Object.keys(members) as (keyof LineItem)[];
  return {
    members: taken,
    create: ({ value }, connection) => ({
      method: 'POST',
      path: workOf(connection, value.classSourcedId).path,
      // Without a state it is a draft, which no student sees.
      json: {
        workType: 'ASSIGNMENT',
        state: 'PUBLISHED',
        ...present(toWireMembers(members, value, taken, connection)),
      },
    }),
    update: ({ id, value, changed }, connection) => {
      const written = toWireMembers(members, value, changed, connection);
      return {
        method: 'PATCH',
        path: oneWork(id).path,
        // What is named in the mask and not in the body is emptied.
        query: { updateMask: Object.keys(written).join(',') },
        json: present(written),
        idempotent: true,
      };
    },
    remove: ({ id }) => ({ method: 'DELETE', path: oneWork(id).path }),
    assignment: {
      idIn: joinedIdIn('courseId', 'id'),
      where: ({ value }, connection) => workOf(connection, value.classSourcedId),
      // A moment comes back in another spelling than it was sent.
      identity: ['title'],
    },
  };
}
