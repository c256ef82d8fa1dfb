import { Numeric, optional, Text } from '@flotilla/substrate/lenient';
import { defineEntity } from '@flotilla/substrate/vendor';
import { gradebook } from '../paths.ts';
import { ownId } from '../wire/placed.ts';
import { shapeOf } from '../wire/record.ts';
import { categoryWrite } from '../write-back/category-write.ts';

export const categories = defineEntity({
  ...shapeOf({}, ownId)('category', { title: Text, weight: optional(Numeric) }),
  within: 'class',
  ...gradebook.categories,
  write: categoryWrite,
});
