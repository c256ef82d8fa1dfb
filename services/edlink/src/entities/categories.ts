import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { gradebook } from '../paths.ts';
import { Numeric, optional, Text } from '../wire/lenient.ts';
import { placed, placedId } from '../wire/placed.ts';
import { toReading } from '../wire/record.ts';
import { categoryWrite } from '../write-back/category-write.ts';

export const categories = defineEntity({
  entityType: 'category',
  within: 'class',
  ...gradebook.categories,
  write: categoryWrite,
  wire: z.object({ ...placed, title: Text, weight: optional(Numeric) }),
  read: (category) =>
    toReading(
      { ...category, id: placedId(category) },
      present({ title: category.title, weight: category.weight }),
    ),
});
