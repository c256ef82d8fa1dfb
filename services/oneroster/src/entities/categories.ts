import { Numeric, optional, Text } from '@flotilla/substrate/lenient';
import { defineEntity } from '@flotilla/substrate/vendor';
import { gradebook, oneOf } from '../paths.ts';
import { shape } from '../wire/record.ts';
import { categoryWrite } from '../write-back/category-write.ts';

export const categories = defineEntity({
  ...shape('category', { title: Text, weight: optional(Numeric) }),
  collection: gradebook('categories'),
  one: oneOf(gradebook('categories'), 'category'),
  write: categoryWrite,
});
