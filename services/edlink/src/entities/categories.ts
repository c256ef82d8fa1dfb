import { Numeric, optional, Text } from '@flotilla/substrate/lenient';
import { defineEntity } from '@flotilla/substrate/vendor';
import { gradebook } from '../paths.ts';
import { place, placedId } from '../wire/placed.ts';
import { recordOf } from '../wire/record.ts';
import { categoryWrite } from '../write-back/category-write.ts';

export const categories = defineEntity({
  entityType: 'category',
  within: 'class',
  ...gradebook.categories,
  write: categoryWrite,
  wire: recordOf({
    members: { title: ['title', Text], weight: ['weight', optional(Numeric)] },
    needed: place,
  }),
  read: ({ id, value, needed }) => [{ id: placedId(needed, id), value }],
});
