import { Id, wordAs } from '@flotilla/substrate/lenient';
import { at, defineEntity } from '@flotilla/substrate/vendor';
import { oneMember, rosterOf } from '../paths.ts';
import { shapeOf } from '../wire/record.ts';

/** A course's students and teachers. Google says of a membership that it is there, and nothing else: no date, no change. */
export const enrollments = defineEntity({
  ...shapeOf(
    'courseId',
    'list',
    'userId',
  )('enrollment', {
    userSourcedId: at('userId', Id),
    classSourcedId: at('courseId', Id),
    role: at('list', wordAs({ students: 'student', teachers: 'teacher' })),
  }),
  within: 'class',
  lists: () => ['students', 'teachers'],
  collection: rosterOf,
  one: oneMember,
});
