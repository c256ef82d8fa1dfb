import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { type Connection, rostering } from '../paths.ts';
import { Id, optional, Text, TextList } from '../wire/lenient.ts';
import { envelope, identifierOf, identifiersOf, idOf, toReading } from '../wire/record.ts';

export const orgs = defineEntity({
  entityType: 'org',
  lists: () => ['districts', 'schools'],
  collection: (connection: Connection, list) => rostering(list || 'districts').collection(connection),
  wire: z.object({
    ...envelope,
    name: Text,
    grade_levels: TextList,
    location: optional(z.object({ phone: optional(Text) })),
    // A school's only: there is nothing above a district.
    district_id: optional(Id),
  }),
  idOf,
  read: (org) =>
    toReading(
      org,
      present({
        name: org.name,
        type: org.district_id === undefined ? ('district' as const) : ('school' as const),
        identifier: identifierOf(org.identifiers, 'sis_id', 'state_id', 'nces_id'),
        identifiers: identifiersOf(org.identifiers),
        grades: org.grade_levels,
        phone: org.location?.phone,
        parentSourcedId: org.district_id,
      }),
    ),
});
