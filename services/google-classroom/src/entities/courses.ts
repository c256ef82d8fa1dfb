import { optional, Text } from '@flotilla/substrate/lenient';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { courseList, oneCourse } from '../paths.ts';
import { Course, commonOf } from '../wire/course.ts';
import { idFrom } from '../wire/joined-id.ts';

/** What is taught in one of Google's courses: it knows no course that several classes share, so each class has its own. */
export const courses = defineEntity({
  entityType: 'course',
  collection: courseList,
  one: oneCourse,
  wire: Course.extend({ description: optional(Text) }),
  idOf: idFrom('id'),
  read: ({ description, ...course }) => [
    { id: course.id, value: { ...commonOf(course), ...present({ description }) } },
  ],
});
