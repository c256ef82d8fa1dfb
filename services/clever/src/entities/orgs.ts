import { Id, mayHave, optional, Text } from '@flotilla/substrate/lenient';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { type Connection, districts, listOf } from '../paths.ts';
import { Grade, gradesBetween } from '../wire/grade.ts';
import { head, identifiersOf, idOf, readOne } from '../wire/record.ts';

const schools = listOf('schools');

export const orgs = defineEntity({
  entityType: 'org',
  lists: () => ['districts', 'schools'],
  collection: (connection: Connection, list) => (list === 'schools' ? schools : districts)(connection),
  wire: z
    .object({
      ...head,
      name: Text,
      district: optional(Id),
      ...mayHave(Text, 'sis_id', 'school_number', 'state_id', 'nces_id', 'mdr_number', 'phone'),
      ...mayHave(Grade, 'low_grade', 'high_grade'),
    })
    // Only schools have a SIS's id: without `district`, one of them would be taken for a district.
    .refine(({ district, sis_id }) => district !== undefined || sis_id === undefined, {
      path: ['district'],
      message: 'a school needs its district',
    }),
  idOf,
  read: readOne(({ sis_id: SIS, school_number: schoolNumber, state_id: state, nces_id: nces, ...org }) =>
    present({
      name: org.name,
      type: org.district === undefined ? ('district' as const) : ('school' as const),
      // A district has no SIS's id; NCES' number is the one that other systems know it by.
      identifier: SIS ?? schoolNumber ?? nces,
      identifiers: identifiersOf({ SIS, schoolNumber, state, nces, mdr: org.mdr_number }),
      grades: gradesBetween(org.low_grade, org.high_grade),
      phone: org.phone,
      parentSourcedId: org.district,
    }),
  ),
});
