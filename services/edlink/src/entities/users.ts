import { Id, Numeric, optional, Text, TextList, wordAs } from '@flotilla/substrate/lenient';
import type { EntityValue } from '@flotilla/substrate/model';
import { always, at, defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { rostering } from '../paths.ts';
import { allIdentifiers, identifierOf, shapeOf } from '../wire/record.ts';
import { roleWords } from '../wire/role-words.ts';

const Role = wordAs({
  ...roleWords,
  administrator: 'siteAdministrator',
  'district-administrator': 'districtAdministrator',
});

/** Not every source has roles for a person. */
const Belonging = z.object({
  roles: optional(z.array(Role)),
  district_id: optional(Id),
  school_ids: TextList,
});

const Named = z
  .object({ first_name: optional(Text), last_name: optional(Text) })
  .refine(({ first_name, last_name }) => first_name !== undefined || last_name !== undefined, {
    path: ['last_name'],
    message: 'a person needs a first or a last name',
  });

export const users = defineEntity({
  ...shapeOf()('user', {
    // Edlink does not say: whoever is gone is not listed.
    enabledUser: always(true),
    // Who has one name only has no other.
    givenName: at(
      'first_name',
      optional(Text).transform((name = '') => name),
    ),
    middleName: at('middle_name', optional(Text)),
    familyName: at(
      '',
      Named.transform(({ last_name = '' }) => last_name),
    ),
    username: identifierOf('username'),
    identifier: identifierOf('sis_id'),
    userIds: allIdentifiers,
    email: optional(Text),
    phone: optional(Text),
    roles: at('', Belonging.transform(rolesOf)),
    grades: at('grade_levels', TextList),
    graduationYear: at('graduation_year', optional(Numeric.pipe(z.int()))),
  }),
  ...rostering('people'),
});

/** Edlink says roles and schools apart: each role is held at each school, or at the district. At each org the first is the primary one. */
function rolesOf({
  roles = [],
  school_ids,
  district_id,
}: z.output<typeof Belonging>): EntityValue<'user'>['roles'] {
  const primary = new Set<string | undefined>();
  return roles.flatMap((role) =>
    (role === 'districtAdministrator' ? [district_id] : (school_ids ?? [district_id])).map((orgSourcedId) => {
      const roleType = primary.has(orgSourcedId) ? ('secondary' as const) : ('primary' as const);
      primary.add(orgSourcedId);
      return present({ roleType, role, orgSourcedId });
    }),
  );
}
