import { DateOnly, Flag, optional } from '@flotilla/substrate/lenient';
import { at, defineEntity } from '@flotilla/substrate/vendor';
import { oneOf, rostering } from '../paths.ts';
import { Reference, shape, word } from '../wire/record.ts';

export const enrollments = defineEntity({
  ...shape('enrollment', {
    userSourcedId: at('user', Reference),
    classSourcedId: at('class', Reference),
    schoolSourcedId: at('school', optional(Reference)),
    // 1.1 also has the roles of people around a student.
    role: word('administrator', 'aide', 'guardian', 'parent', 'proctor', 'student', 'teacher'),
    primary: optional(Flag),
    beginDate: optional(DateOnly),
    endDate: optional(DateOnly),
  }),
  collection: rostering('enrollments'),
  one: oneOf(rostering('enrollments'), 'enrollment'),
});
