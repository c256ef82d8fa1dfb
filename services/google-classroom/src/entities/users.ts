import { Flag, Id, mayHave, optional, Text, wordAs } from '@flotilla/substrate/lenient';
import type { EntityValue } from '@flotilla/substrate/model';
import { at, defineEntity, joinIds, present, recordShape, together } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { type Connection, oneUser, userList } from '../paths.ts';
import { Schools, schoolOf } from '../wire/org-unit.ts';

const Values = optional(
  z.array(z.object({ primary: optional(Flag), ...mayHave(Text, 'type', 'customType', 'value') })),
).transform((values = []) => values);
type Values = z.output<typeof Values>;

const Numbers = Values.transform((ids) => ({
  identifier: ids.find(({ type }) => type === 'organization')?.value,
  userIds: userIdsIn(ids),
}));

const Phones = Values.transform((phones) => {
  const others = phones.filter(({ type }) => type !== 'mobile');
  return {
    phone: (others.find(({ primary }) => primary === true) ?? others[0])?.value,
    sms: phones.find(({ type }) => type === 'mobile')?.value,
  };
});

/** Who has one name only has no other. */
const Name = z
  .object(mayHave(Text, 'givenName', 'familyName'))
  .refine(({ givenName, familyName }) => (givenName ?? familyName) !== undefined, 'a user needs a name')
  .transform(({ givenName = '', familyName = '' }) => ({ givenName, familyName }));

const Enabled = z
  .object(mayHave(Flag, 'suspended', 'archived'))
  .transform(({ suspended, archived }) => suspended !== true && archived !== true);

/** Titles that are a role's name. Google has no roles; what else people write there says what they do, not what they may. */
const Role = wordAs({
  student: 'student',
  teacher: 'teacher',
  aide: 'aide',
  counselor: 'counselor',
  principal: 'principal',
  proctor: 'proctor',
  administrator: 'administrator',
  'school administrator': 'siteAdministrator',
  'district administrator': 'districtAdministrator',
});

/** Where somebody is and what they do there. `schools` and `isGuardian` are what their lists say of them. */
const Position = z
  .object({
    orgUnitPath: optional(Id),
    isAdmin: optional(Flag),
    organizations: optional(z.array(z.object({ primary: optional(Flag), title: optional(Text) }))),
    schools: Schools,
    isGuardian: z.boolean().default(false),
  })
  .transform(({ orgUnitPath, isAdmin, organizations = [], schools, isGuardian }) => {
    const { title } = organizations.find(({ primary }) => primary === true) ?? organizations[0] ?? {};
    const role = isGuardian ? 'guardian' : Role.safeParse(title).data;
    const primaryOrgSourcedId = orgUnitPath === undefined ? undefined : schoolOf(orgUnitPath, schools);
    const further = present({
      orgUnitPath: orgUnitPath === primaryOrgSourcedId ? undefined : orgUnitPath,
      title: role === undefined ? title : undefined,
    });
    return {
      roles: rolesOf([role, isAdmin === true ? 'systemAdministrator' : undefined], primaryOrgSourcedId),
      primaryOrgSourcedId,
      metadata: Object.keys(further).length === 0 ? undefined : further,
    };
  });

/** Somebody may be a guardian and have an account too: Google tells of that one elsewhere, and in more words. */
const OwnId = z
  .object({ id: Id, isGuardian: z.unknown().optional() })
  .transform(({ id, isGuardian }) => (isGuardian === true ? joinIds('guardian', id) : id));

/** A `User` of the Directory, or the `UserProfile` of a guardian. */
export const users = defineEntity({
  ...recordShape({ id: at('', OwnId) })('user', {
    enabledUser: at('', Enabled),
    email: at('primaryEmail|emailAddress', optional(Text)),
    ...together('name', Name, 'givenName', 'familyName'),
    ...together('externalIds', Numbers, 'identifier', 'userIds'),
    ...together('phones', Phones, 'phone', 'sms'),
    ...together('', Position, 'roles', 'primaryOrgSourcedId', 'metadata'),
  }),
  lists: ({ guardians }: Connection) => (guardians ? ['users', 'guardians'] : ['users']),
  collection: userList,
  one: oneUser,
});

type Roles = EntityValue<'user'>['roles'];

/** The first is the primary one. */
function rolesOf(known: readonly (Roles[number]['role'] | undefined)[], orgSourcedId?: string): Roles {
  return known
    .filter((role) => role !== undefined)
    .map((role, place) => ({
      roleType: place === 0 ? 'primary' : 'secondary',
      role,
      ...present({ orgSourcedId }),
    }));
}

/** `organization` is where the number goes that the school knows somebody by ("Employee ID" in Google's console); one of each type. */
function userIdsIn(externalIds: Values): EntityValue<'user'>['userIds'] {
  const ids = new Map<string, string>();
  for (const { type = 'custom', customType, value } of externalIds) {
    const name = type === 'organization' ? 'SIS' : type === 'custom' ? (customType ?? type) : type;
    if (value !== undefined && !ids.has(name)) ids.set(name, value);
  }
  return ids.size === 0 ? undefined : [...ids].map(([type, identifier]) => ({ type, identifier }));
}
