import type { EntityWrite } from '@flotilla/substrate/vendor';
import { type Connection, gradebook } from '../paths.ts';

/** Pure. Changed and deleted, but never created: a category of Edlink's is a class's, and a canonical one does not say of which. */
export const categoryWrite: EntityWrite<'category', Connection> = {
  members: ['title', 'weight'],
  update: ({ id, value: { title, weight = null }, changed }, connection) => ({
    method: 'PATCH',
    path: gradebook.categories.one(id, connection).path,
    json: {
      ...(changed.includes('title') ? { title } : {}),
      ...(changed.includes('weight') ? { weight } : {}),
    },
    idempotent: true,
  }),
  remove: ({ id }, connection) => ({ method: 'DELETE', path: gradebook.categories.one(id, connection).path }),
};
