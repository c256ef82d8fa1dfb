import { Flag, Id, mayHave, optional, Text } from '@flotilla/substrate/lenient';
import type { EntityValue } from '@flotilla/substrate/model';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { type Connection, oneUser, userList } from '../paths.ts';
import { idFrom, joinIds } from '../wire/joined-id.ts';
import { asMetadata } from '../wire/metadata.ts';
import { Schools, schoolOf } from '../wire/org-unit.ts';

type User = EntityValue<'user'>;

const Values = optional(
  z.array(z.object({ primary: optional(Flag), ...mayHave(Text, 'type', 'customType', 'value') })),
);

/** A `User` of the Directory, or the `UserProfile` of a guardian. */
const Person = z.object({
  id: Id,
  name: z
    .object(mayHave(Text, 'givenName', 'familyName'))
    .refine(({ givenName, familyName }) => givenName !== undefined || familyName !== undefined, {
      message: 'a user needs a name',
    }),
  ...mayHave(Text, 'primaryEmail', 'emailAddress'),
  ...mayHave(Flag, 'suspended', 'archived', 'isAdmin'),
  orgUnitPath: optional(Id),
  externalIds: Values,
  phones: Values,
  organizations: optional(z.array(z.object({ primary: optional(Flag), title: optional(Text) }))),
  // What their lists say of them.
  schools: Schools,
  isGuardian: z.boolean().default(false),
});
type Person = z.output<typeof Person>;

export const users = defineEntity({
  entityType: 'user',
  lists: ({ guardians }: Connection) => (guardians ? ['users', 'guardians'] : ['users']),
  collection: userList,
  one: oneUser,
  wire: Person,
  idOf: (record) => {
    const id = idFrom('id')(record);
    const { data } = z.object({ isGuardian: z.literal(true) }).safeParse(record);
    return id === undefined || data === undefined ? id : guardianId(id);
  },
  read: (person) => {
    const { title, role } = jobOf(person);
    const orgSourcedId =
      person.orgUnitPath === undefined ? undefined : schoolOf(person.orgUnitPath, person.schools);
    const roles = [role, person.isAdmin === true ? ('systemAdministrator' as const) : undefined]
      .filter((known) => known !== undefined)
      .map((known, at) => ({
        roleType: at === 0 ? ('primary' as const) : ('secondary' as const),
        role: known,
        ...present({ orgSourcedId }),
      }));
    const phones = person.phones?.filter(({ type }) => type !== 'mobile');
    return [
      {
        id: person.isGuardian ? guardianId(person.id) : person.id,
        value: {
          status: 'active',
          enabledUser: person.suspended !== true && person.archived !== true,
          givenName: person.name.givenName ?? '',
          familyName: person.name.familyName ?? '',
          roles,
          ...present({
            identifier: person.externalIds?.find(({ type }) => type === 'organization')?.value,
            email: person.primaryEmail ?? person.emailAddress,
            phone: (phones?.find(({ primary }) => primary === true) ?? phones?.[0])?.value,
            sms: person.phones?.find(({ type }) => type === 'mobile')?.value,
            userIds: userIdsOf(person),
            primaryOrgSourcedId: orgSourcedId,
          }),
          ...asMetadata({
            orgUnitPath: person.orgUnitPath === orgSourcedId ? undefined : person.orgUnitPath,
            title: role === undefined ? title : undefined,
          }),
        },
      },
    ];
  },
});

/** Somebody may be a guardian and have an account too: Google tells of that one elsewhere, and in more words. */
function guardianId(id: string): string {
  return joinIds('guardian', id);
}

/** Titles that are a role's name. Google has no roles; what else people write there says what they do, not what they may. */
const roleWords: Readonly<Record<string, User['roles'][number]['role']>> = {
  student: 'student',
  teacher: 'teacher',
  aide: 'aide',
  counselor: 'counselor',
  principal: 'principal',
  proctor: 'proctor',
  administrator: 'administrator',
  'school administrator': 'siteAdministrator',
  'district administrator': 'districtAdministrator',
};

function jobOf({ isGuardian, organizations = [] }: Person) {
  if (isGuardian) return { title: undefined, role: 'guardian' as const };
  const { title } = organizations.find(({ primary }) => primary === true) ?? organizations[0] ?? {};
  return { title, role: roleWords[title?.trim().toLowerCase() ?? ''] };
}

/** `organization` is where the number goes that the school knows somebody by ("Employee ID" in Google's console); one of each type. */
function userIdsOf({ externalIds = [] }: Person): User['userIds'] {
  const ids = new Map<string, string>();
  for (const { type = 'custom', customType, value } of externalIds) {
    const name = type === 'organization' ? 'SIS' : type === 'custom' ? (customType ?? type) : type;
    if (value !== undefined && !ids.has(name)) ids.set(name, value);
  }
  return ids.size === 0 ? undefined : [...ids].map(([type, identifier]) => ({ type, identifier }));
}
