import type { EntityValue } from '@flotilla/substrate/model';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { rostering } from '../paths.ts';
import { Id, Numeric, optional, Text, TextList, word } from '../wire/lenient.ts';
import { envelope, identifierOf, identifiersOf, toReading } from '../wire/record.ts';
import { roleWords } from '../wire/role-words.ts';

const Role = word({
  ...roleWords,
  administrator: 'siteAdministrator',
  'district-administrator': 'districtAdministrator',
});

const Person = z
  .object({
    ...envelope,
    first_name: optional(Text),
    middle_name: optional(Text),
    last_name: optional(Text),
    // Not every source has roles for a person.
    roles: optional(z.array(Role)),
    email: optional(Text),
    phone: optional(Text),
    graduation_year: optional(Numeric.pipe(z.int())),
    grade_levels: TextList,
    district_id: optional(Id),
    school_ids: TextList,
  })
  .refine((person) => person.first_name !== undefined || person.last_name !== undefined, {
    path: ['last_name'],
    message: 'a person needs a first or a last name',
  });

export const users = defineEntity({
  entityType: 'user',
  ...rostering('people'),
  wire: Person,
  read: (person) =>
    toReading(
      person,
      present({
        // Edlink does not say: whoever is gone is not listed.
        enabledUser: true,
        // Who has one name only has no other.
        givenName: person.first_name ?? '',
        familyName: person.last_name ?? '',
        middleName: person.middle_name,
        username: identifierOf(person.identifiers, 'username'),
        identifier: identifierOf(person.identifiers, 'sis_id'),
        userIds: identifiersOf(person.identifiers),
        email: person.email,
        phone: person.phone,
        roles: rolesOf(person),
        grades: person.grade_levels,
        graduationYear: person.graduation_year,
      }),
    ),
});

type Person = z.output<typeof Person>;

/** Edlink says roles and schools apart: each role is held at each school, or at the district. At each org the first is the primary one. */
function rolesOf({ roles = [], school_ids, district_id }: Person): EntityValue<'user'>['roles'] {
  const primary = new Set<string | undefined>();
  return roles.flatMap((role) =>
    (role === 'districtAdministrator' ? [district_id] : (school_ids ?? [district_id])).map((orgSourcedId) => {
      const roleType = primary.has(orgSourcedId) ? ('secondary' as const) : ('primary' as const);
      primary.add(orgSourcedId);
      return present({ roleType, role, orgSourcedId });
    }),
  );
}
