import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { oneOf, rostering } from '../paths.ts';
import { envelope, enveloped, readEnveloped, sourcedIdOf } from '../wire/envelope.ts';
import { optional, Reference, Text, TextList } from '../wire/lenient.ts';

export const courses = defineEntity({
  entityType: 'course',
  collection: rostering('courses'),
  one: oneOf(rostering('courses'), 'course'),
  wire: enveloped(
    z.object({
      ...envelope,
      title: Text,
      courseCode: optional(Text),
      grades: optional(TextList),
      subjects: optional(TextList),
      subjectCodes: optional(TextList),
      schoolYear: optional(Reference),
      org: optional(Reference),
    }),
  ),
  idOf: sourcedIdOf,
  read: readEnveloped((course) =>
    present({
      title: course.title,
      courseCode: course.courseCode,
      grades: course.grades,
      subjects: course.subjects,
      subjectCodes: course.subjectCodes,
      schoolYearSourcedId: course.schoolYear,
      orgSourcedId: course.org,
    }),
  ),
});
