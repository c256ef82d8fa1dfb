import { Id, Numeric, optional, Text, TextList, wordAs } from '@flotilla/substrate/lenient';
import type { EntityValue } from '@flotilla/substrate/model';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { rostering } from '../paths.ts';
import { Identifiers, identifiersOf, recordOf } from '../wire/record.ts';
import { roleWords } from '../wire/role-words.ts';

const Role = wordAs({
  ...roleWords,
  administrator: 'siteAdministrator',
  'district-administrator': 'districtAdministrator',
});

const belonging = {
  // Not every source has roles for a person.
  roles: optional(z.array(Role)),
  district_id: optional(Id),
  school_ids: TextList,
};
type Belonging = z.output<z.ZodObject<typeof belonging>>;

export const users = defineEntity({
  entityType: 'user',
  ...rostering('people'),
  wire: recordOf({
    members: {
      givenName: ['first_name', optional(Text)],
      middleName: ['middle_name', optional(Text)],
      familyName: ['last_name', optional(Text)],
      email: ['email', optional(Text)],
      phone: ['phone', optional(Text)],
      graduationYear: ['graduation_year', optional(Numeric.pipe(z.int()))],
      grades: ['grade_levels', TextList],
    },
    needed: { ...belonging, identifiers: Identifiers },
  }).refine(({ value: { givenName, familyName } }) => givenName !== undefined || familyName !== undefined, {
    path: ['last_name'],
    message: 'a person needs a first or a last name',
  }),
  read: ({ id, value, needed: { identifiers, ...belongs } }) => {
    const further = present({
      // Edlink does not say: whoever is gone is not listed.
      enabledUser: true,
      roles: rolesOf(belongs),
      username: identifiers.get('username'),
      identifier: identifiers.get('sis_id'),
      userIds: identifiersOf(identifiers),
    });
    // Who has one name only has no other.
    return [{ id, value: { givenName: '', familyName: '', ...value, ...further } }];
  },
});

/** Edlink says roles and schools apart: each role is held at each school, or at the district. At each org the first is the primary one. */
function rolesOf({ roles = [], school_ids, district_id }: Belonging): EntityValue<'user'>['roles'] {
  const primary = new Set<string | undefined>();
  return roles.flatMap((role) =>
    (role === 'districtAdministrator' ? [district_id] : (school_ids ?? [district_id])).map((orgSourcedId) => {
      const roleType = primary.has(orgSourcedId) ? ('secondary' as const) : ('primary' as const);
      primary.add(orgSourcedId);
      return present({ roleType, role, orgSourcedId });
    }),
  );
}
