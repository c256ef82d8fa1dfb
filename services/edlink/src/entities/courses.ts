import { Id, optional, Text, TextList } from '@flotilla/substrate/lenient';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { type Connection, rostering } from '../paths.ts';
import { among, recordOf } from '../wire/record.ts';

const Course = recordOf({
  members: {
    title: ['name', Text],
    courseCode: ['code', optional(Text)],
    grades: ['grade_levels', TextList],
    // CEDS codes, and two of Edlink's own.
    subjectCodes: ['subjects', TextList],
  },
  needed: { school_id: optional(Id), district_id: optional(Id) },
  // OneRoster knows a course's school year only, and this may be any session.
  noted: { session_id: optional(Id) },
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
    const { school_id, district_id } = course.needed;
    const value = { ...course.value, ...present({ orgSourcedId: school_id ?? district_id }) };
    return [{ id: course.id, value }];
  },
});
