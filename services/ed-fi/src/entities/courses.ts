import { optional, Text } from '@flotilla/substrate/lenient';
import { at, namesIn } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { GradeLevels, Name, Word } from '../wire/lenient.ts';
import { defineResource, to } from '../wire/resources.ts';

/** A list in Data Standard 5, one before. */
const Subjects = z.union([namesIn('academicSubjectDescriptor', Word), Word.transform((word) => [word])]);
const grades = at('offeredGradeLevels', GradeLevels);

/** What a school offers in a session, which is what sections point to, and what the district (or a school) has in its catalogue. */
export const courses = defineResource('course', {
  courseOfferings: {
    // They need no title of their own; the course's is in the other list.
    title: at('localCourseTitle|localCourseCode', Text),
    courseCode: at('courseReference.courseCode', optional(Text)),
    grades,
    orgSourcedId: to('schoolReference|sessionReference', 'schools'),
  },
  courses: {
    title: at('courseTitle', Name),
    description: at('courseDescription', optional(Text)),
    courseCode: Text,
    grades,
    subjects: at('academicSubjects|academicSubjectDescriptor', Subjects),
    orgSourcedId: to('educationOrganizationReference', 'educationOrganizations'),
  },
});
