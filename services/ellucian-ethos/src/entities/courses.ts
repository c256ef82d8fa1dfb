import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import type { Connection } from '../connection.ts';
import { listOf, oneOf } from '../representation.ts';
import { Credits, creditsOf } from '../wire/credits.ts';
import { optional, Reference, Text } from '../wire/lenient.ts';
import { Owners, ownerOf } from '../wire/owners.ts';
import { commonOf, envelope, hasTitle, idOf, needsTitle, titled, titleOf } from '../wire/record.ts';

export const courses = defineEntity({
  entityType: 'course',
  collection: (connection: Connection) => listOf('courses', connection),
  one: (id, connection) => oneOf('courses', id, connection),
  wire: z
    .object({
      ...envelope,
      ...titled,
      number: Text,
      description: optional(Text),
      subject: optional(Reference),
      credits: Credits,
      owningInstitutionUnits: Owners,
    })
    .refine(hasTitle, needsTitle),
  idOf,
  read: (course) => [
    {
      id: course.id,
      value: present({
        ...commonOf(course),
        // A GUID of the subjects' list: its name stands with the course's sections.
        metadata: course.subject === undefined ? undefined : { subject: course.subject },
        title: titleOf(course).trim(),
        courseCode: course.number,
        description: course.description,
        credits: creditsOf(course.credits),
        orgSourcedId: ownerOf(course.owningInstitutionUnits),
      }),
    },
  ],
});
