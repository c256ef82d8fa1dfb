import { Numeric, optional, Text } from '@flotilla/substrate/lenient';
import { defineEntity, joined, toWirePatch } from '@flotilla/substrate/vendor';
import { type Connection, gradebook } from '../paths.ts';
import { shapeOf } from '../wire/record.ts';

const members = { title: Text, weight: optional(Numeric) };
const { one } = gradebook.categories;

/** Changed and deleted, but never created: a category of Edlink's is a class's, and a canonical one does not say of which. */
export const categories = defineEntity({
  ...shapeOf({}, joined('class_id', 'id'))('category', members),
  within: 'class',
  ...gradebook.categories,
  write: {
    members: ['title', 'weight'],
    update: (record, connection: Connection) => ({
      method: 'PATCH',
      path: one(record.id, connection).path,
      json: toWirePatch(members, record),
      idempotent: true,
    }),
    remove: ({ id }, connection) => ({ method: 'DELETE', path: one(id, connection).path }),
  },
});
