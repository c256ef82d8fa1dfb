import { optional, Text } from '@flotilla/substrate/lenient';
import { defineEntity } from '@flotilla/substrate/vendor';
import { courseList, oneCourse } from '../paths.ts';
import { courseMembers } from '../wire/course.ts';
import { shapeOf } from '../wire/record.ts';

/** What is taught in one of Google's courses: it knows no course that several classes share, so each class has its own. */
export const courses = defineEntity({
  ...shapeOf('id')('course', { ...courseMembers, description: optional(Text) }),
  collection: courseList,
  one: oneCourse,
});
