import { Numeric, optional, Text } from '@flotilla/substrate/lenient';
import { defineEntity } from '@flotilla/substrate/vendor';
import { gradebook, oneOf } from '../paths.ts';
import { shape } from '../wire/record.ts';
import { gradebookWrite } from '../write-back/gradebook-write.ts';

const members = { title: Text, weight: optional(Numeric) };

/** They are put under our ids in both versions: the standard has no call that lets the server choose them. */
export const categories = defineEntity({
  ...shape('category', members),
  collection: gradebook('categories'),
  one: oneOf(gradebook('categories'), 'category'),
  write: gradebookWrite('category', { collection: 'categories', members, newerMembers: ['weight'] }),
});
