import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { type Connection, rostering } from '../paths.ts';
import { Id, optional, Text, TextList } from '../wire/lenient.ts';
import { among, envelope, toReading } from '../wire/record.ts';

const Course = z.object({
  ...envelope,
  name: Text,
  code: optional(Text),
  grade_levels: TextList,
  subjects: TextList,
  session_id: optional(Id),
  school_id: optional(Id),
  district_id: optional(Id),
});

const OfCourse = z.object({ course_id: Id });

/** Courses, and classes without one, which LMSs have: of such a class the course is the class itself. */
export const courses = defineEntity({
  entityType: 'course',
  // To a person Edlink shows classes alone.
  lists: ({ api }: Connection) => (api === 'graph' ? ['courses', 'classes'] : []),
  collection: (connection: Connection, list) => rostering(list || 'courses').collection(connection),
  ...among((record) => !OfCourse.safeParse(record).success, Course),
  read: (course) => {
    if (course === undefined) return [];
    const members = present({
      title: course.name,
      courseCode: course.code,
      grades: course.grade_levels,
      // CEDS codes, and two of Edlink's own.
      subjectCodes: course.subjects,
      orgSourcedId: course.school_id ?? course.district_id,
    });
    // OneRoster knows a course's school year only, and this may be any session.
    return toReading(course, members, { session_id: course.session_id });
  },
});
