import { Id, optional, Text, TextList } from '@flotilla/substrate/lenient';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { type Connection, rostering } from '../paths.ts';
import { Identifiers, identifiersOf, idOf, recordOf } from '../wire/record.ts';

export const orgs = defineEntity({
  entityType: 'org',
  lists: () => ['districts', 'schools'],
  collection: (connection: Connection, list) => rostering(list || 'districts').collection(connection),
  wire: recordOf({
    members: {
      name: ['name', Text],
      grades: ['grade_levels', TextList],
      // A school's only: there is nothing above a district.
      parentSourcedId: ['district_id', optional(Id)],
    },
    needed: { identifiers: Identifiers, location: optional(z.object({ phone: optional(Text) })) },
  }),
  idOf,
  read: ({ id, value, needed: { identifiers, location } }) => {
    const further = present({
      identifier: ['sis_id', 'state_id', 'nces_id'].map((type) => identifiers.get(type)).find(Boolean),
      identifiers: identifiersOf(identifiers),
      phone: location?.phone,
    });
    const type = value.parentSourcedId === undefined ? 'district' : 'school';
    return [{ id, value: { ...value, ...further, type } }];
  },
});
