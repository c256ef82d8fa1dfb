import { Id, mayHave, optional, Text } from '@flotilla/substrate/lenient';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { listOf, oneOf } from '../paths.ts';
import { head, idOf, readOne } from '../wire/record.ts';

export const courses = defineEntity({
  entityType: 'course',
  collection: listOf('courses'),
  one: oneOf('courses'),
  wire: z.object({ ...head, ...mayHave(Text, 'name', 'number'), district: optional(Id) }),
  idOf,
  read: readOne(({ name, number: courseCode, district: orgSourcedId }) => ({
    // Either may be missing; sections lead here all the same.
    title: name ?? courseCode ?? '',
    ...present({ courseCode, orgSourcedId }),
  })),
});
