import { Text } from '@flotilla/substrate/lenient';
import { z } from 'zod';
import { at, to } from '../wire/field.ts';
import { GradeLevels } from '../wire/grade-levels.ts';
import { listOf, Word } from '../wire/lenient.ts';
import { defineResource } from '../wire/resource.ts';

/** A list in Data Standard 5, one before. */
const Subjects = z.union([listOf('academicSubjectDescriptor', Word), Word.transform((word) => [word])]);

/** What a school offers in a session, which is what sections point to, and what the district (or a school) has in its catalogue. */
export const courses = defineResource('course', {
  courseOfferings: {
    // They need no title of their own; the course's is in the other list.
    title: at('localCourseTitle|localCourseCode', Text),
    courseCode: at('courseReference.courseCode?', Text),
    grades: at('offeredGradeLevels?', GradeLevels),
    orgSourcedId: to('schoolReference|sessionReference', 'schools'),
  },
  courses: {
    title: at('courseTitle', Text),
    description: at('courseDescription?', Text),
    courseCode: at('courseCode', Text),
    grades: at('offeredGradeLevels?', GradeLevels),
    subjects: at('academicSubjects|academicSubjectDescriptor?', Subjects),
    orgSourcedId: to('educationOrganizationReference', 'educationOrganizations'),
  },
});
