import { Id, optional, Text, TextList } from '@flotilla/substrate/lenient';
import { at, defineEntity, shapeAmong } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { type Connection, rostering } from '../paths.ts';
import { owner, shapeOf } from '../wire/record.ts';

const OfCourse = z.object({ course_id: Id });

// OneRoster knows a course's school year only, and this may be any session.
const shape = shapeOf({ session_id: optional(Id) })('course', {
  title: at('name', Text),
  courseCode: at('code', optional(Text)),
  grades: at('grade_levels', TextList),
  // CEDS codes, and two of Edlink's own.
  subjectCodes: at('subjects', TextList),
  orgSourcedId: owner,
});

/** Courses, and classes without one, which LMSs have: of such a class the course is the class itself. */
export const courses = defineEntity({
  ...shapeAmong('course', (record) => (OfCourse.safeParse(record).success ? undefined : shape)),
  // To a person Edlink shows classes alone.
  lists: ({ api }: Connection) => (api === 'graph' ? ['courses', 'classes'] : []),
  collection: (connection: Connection, list) => rostering(list || 'courses').collection(connection),
});
