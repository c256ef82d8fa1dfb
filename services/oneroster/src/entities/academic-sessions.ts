import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { oneOf, rostering } from '../paths.ts';
import { envelope, enveloped, readEnveloped, sourcedIdOf } from '../wire/envelope.ts';
import { DateOnly, optional, Reference, Text, word } from '../wire/lenient.ts';

export const academicSessions = defineEntity({
  entityType: 'academicSession',
  collection: rostering('academicSessions'),
  one: oneOf(rostering('academicSessions'), 'academicSession'),
  wire: enveloped(
    z.object({
      ...envelope,
      title: Text,
      startDate: DateOnly,
      endDate: DateOnly,
      type: word(['gradingPeriod', 'semester', 'schoolYear', 'term']),
      // The standard says a string of four digits; some providers send the number.
      schoolYear: Text,
      parent: optional(Reference),
    }),
  ),
  idOf: sourcedIdOf,
  read: readEnveloped((session) =>
    present({
      title: session.title,
      startDate: session.startDate,
      endDate: session.endDate,
      type: session.type,
      schoolYear: session.schoolYear,
      parentSourcedId: session.parent,
    }),
  ),
});
