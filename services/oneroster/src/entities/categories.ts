import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { gradebook } from '../paths.ts';
import { envelope, enveloped, readEnveloped, sourcedIdOf } from '../wire/envelope.ts';
import { Numeric, optional, Text } from '../wire/lenient.ts';

export const categories = defineEntity({
  entityType: 'category',
  collection: gradebook('categories'),
  wire: enveloped(z.object({ ...envelope, title: Text, weight: optional(Numeric) })),
  idOf: sourcedIdOf,
  read: readEnveloped((category) => present({ title: category.title, weight: category.weight })),
});
