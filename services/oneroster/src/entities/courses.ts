import { optional, Text, TextList } from '@flotilla/substrate/lenient';
import { at, defineEntity } from '@flotilla/substrate/vendor';
import { oneOf, rostering } from '../paths.ts';
import { Reference, shape } from '../wire/record.ts';

export const courses = defineEntity({
  ...shape('course', {
    title: Text,
    courseCode: optional(Text),
    grades: TextList,
    subjects: TextList,
    subjectCodes: TextList,
    schoolYearSourcedId: at('schoolYear', optional(Reference)),
    orgSourcedId: at('org', optional(Reference)),
  }),
  collection: rostering('courses'),
  one: oneOf(rostering('courses'), 'course'),
});
