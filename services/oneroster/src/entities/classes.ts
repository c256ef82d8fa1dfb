import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { oneOf, rostering } from '../paths.ts';
import { envelope, enveloped, readEnveloped, sourcedIdOf } from '../wire/envelope.ts';
import { optional, Reference, References, Text, TextList, word } from '../wire/lenient.ts';

export const classes = defineEntity({
  entityType: 'class',
  collection: rostering('classes'),
  one: oneOf(rostering('classes'), 'class'),
  wire: enveloped(
    z.object({
      ...envelope,
      title: Text,
      classCode: optional(Text),
      classType: optional(word(['homeroom', 'scheduled'])),
      location: optional(Text),
      grades: optional(TextList),
      subjects: optional(TextList),
      subjectCodes: optional(TextList),
      periods: optional(TextList),
      course: Reference,
      school: Reference,
      terms: optional(References),
    }),
  ),
  idOf: sourcedIdOf,
  read: readEnveloped((section) =>
    present({
      title: section.title,
      classCode: section.classCode,
      classType: section.classType,
      location: section.location,
      grades: section.grades,
      subjects: section.subjects,
      subjectCodes: section.subjectCodes,
      periods: section.periods,
      courseSourcedId: section.course,
      schoolSourcedId: section.school,
      termSourcedIds: section.terms ?? [],
    }),
  ),
});
