import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { gradebook, oneOf } from '../paths.ts';
import { envelope, enveloped, readEnveloped, sourcedIdOf } from '../wire/envelope.ts';
import { Numeric, optional, Text } from '../wire/lenient.ts';
import { categoryWrite } from '../write-back/category-write.ts';

export const categories = defineEntity({
  entityType: 'category',
  collection: gradebook('categories'),
  one: oneOf(gradebook('categories'), 'category'),
  write: categoryWrite,
  wire: enveloped(z.object({ ...envelope, title: Text, weight: optional(Numeric) })),
  idOf: sourcedIdOf,
  read: readEnveloped((category) => present({ title: category.title, weight: category.weight })),
});
