import { DateOnly, optional, Text } from '@flotilla/substrate/lenient';
import { at, defineEntity } from '@flotilla/substrate/vendor';
import { oneOf, rostering } from '../paths.ts';
import { Reference, shape, word } from '../wire/record.ts';

export const academicSessions = defineEntity({
  ...shape('academicSession', {
    title: Text,
    startDate: DateOnly,
    endDate: DateOnly,
    type: word('gradingPeriod', 'semester', 'schoolYear', 'term'),
    // The standard says a string of four digits; some providers send the number.
    schoolYear: Text,
    parentSourcedId: at('parent', optional(Reference)),
  }),
  collection: rostering('academicSessions'),
  one: oneOf(rostering('academicSessions'), 'academicSession'),
});
