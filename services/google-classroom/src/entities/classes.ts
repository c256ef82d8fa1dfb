import { Id, mayHave, optional, Text } from '@flotilla/substrate/lenient';
import { always, at, defineEntity, metadataOf, unlessUsual } from '@flotilla/substrate/vendor';
import { courseList, oneCourse } from '../paths.ts';
import { courseMembers } from '../wire/course.ts';
import { gradeOf } from '../wire/levels.ts';
import { shapeOf } from '../wire/record.ts';

/** What Google calls a course. It says neither at which school it is, nor in which term. */
export const classes = defineEntity({
  ...shapeOf('id')('class', {
    ...courseMembers,
    classCode: at('section', optional(Text)),
    location: at('room', optional(Text)),
    courseSourcedId: at('id', Id),
    termSourcedIds: always<string[]>([]),
    metadata: metadataOf({
      ...mayHave(Text, 'alternateLink', 'ownerId'),
      courseState: unlessUsual('ACTIVE'),
      // Those that say no grade.
      levels: optional(Text).transform((levels) => (gradeOf(levels) === undefined ? levels : undefined)),
    }),
  }),
  from: 'course',
  collection: courseList,
  one: oneCourse,
});
