import { listOf, optional, Text, TextList } from '@flotilla/substrate/lenient';
import { at, defineEntity } from '@flotilla/substrate/vendor';
import { oneOf, rostering } from '../paths.ts';
import { Reference, shape, word } from '../wire/record.ts';

export const classes = defineEntity({
  ...shape('class', {
    title: Text,
    classCode: optional(Text),
    classType: optional(word('homeroom', 'scheduled')),
    location: optional(Text),
    grades: TextList,
    subjects: TextList,
    subjectCodes: TextList,
    periods: TextList,
    courseSourcedId: at('course', Reference),
    schoolSourcedId: at('school', Reference),
    termSourcedIds: at(
      'terms',
      listOf(Reference).transform((terms) => terms ?? []),
    ),
  }),
  collection: rostering('classes'),
  one: oneOf(rostering('classes'), 'class'),
});
