import { Flag, Id, mayHave, optional, Text, wordAs } from '@flotilla/substrate/lenient';
import type { EntityValue } from '@flotilla/substrate/model';
import { at, defineEntity, joinIds, present, recordShape } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { type Connection, oneUser, userList } from '../paths.ts';
import { Schools, schoolOf } from '../wire/org-unit.ts';

type User = EntityValue<'user'>;

const Values = optional(
  z.array(z.object({ primary: optional(Flag), ...mayHave(Text, 'type', 'customType', 'value') })),
).transform((values = []) => values);
type Values = z.output<typeof Values>;

/** Of this type. */
function valueOf(wanted: string) {
  return Values.transform((values) => values.find(({ type }) => type === wanted)?.value);
}

const Name = z
  .object(mayHave(Text, 'givenName', 'familyName'))
  .refine(({ givenName, familyName }) => (givenName ?? familyName) !== undefined, 'a user needs a name');

/** Who has one name only has no other. */
const GivenName = Name.transform(({ givenName = '' }) => givenName);
const FamilyName = Name.transform(({ familyName = '' }) => familyName);

const Enabled = z
  .object(mayHave(Flag, 'suspended', 'archived'))
  .transform(({ suspended, archived }) => suspended !== true && archived !== true);

/** Where somebody is and what they do there. `schools` and `isGuardian` are what their lists say of them. */
const Position = z
  .object({
    orgUnitPath: optional(Id),
    isAdmin: optional(Flag),
    organizations: optional(z.array(z.object({ primary: optional(Flag), title: optional(Text) }))),
    schools: Schools,
    isGuardian: z.boolean().default(false),
  })
  .transform(({ orgUnitPath, schools, organizations = [], ...person }) => {
    const { title } = organizations.find(({ primary }) => primary === true) ?? organizations[0] ?? {};
    return {
      ...person,
      orgUnitPath,
      orgSourcedId: orgUnitPath === undefined ? undefined : schoolOf(orgUnitPath, schools),
      title,
      role: person.isGuardian ? ('guardian' as const) : Role.safeParse(title).data,
    };
  });
type Position = z.output<typeof Position>;

const School = Position.transform(({ orgSourcedId }) => orgSourcedId);

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

/** Somebody may be a guardian and have an account too: Google tells of that one elsewhere, and in more words. */
const OwnId = z
  .object({ id: Id, isGuardian: z.unknown().optional() })
  .transform(({ id, isGuardian }) => (isGuardian === true ? joinIds('guardian', id) : id));

/** A `User` of the Directory, or the `UserProfile` of a guardian. */
export const users = defineEntity({
  ...recordShape({ id: at('', OwnId) })('user', {
    enabledUser: at('', Enabled),
    givenName: at('name', GivenName),
    familyName: at('name', FamilyName),
    identifier: at('externalIds', valueOf('organization')),
    userIds: at('externalIds', Values.transform(userIdsIn)),
    email: at('primaryEmail|emailAddress', optional(Text)),
    phone: at('phones', Values.transform(phoneIn)),
    sms: at('phones', valueOf('mobile')),
    roles: at('', Position.transform(rolesOf)),
    primaryOrgSourcedId: at('', School),
    metadata: at('', Position.transform(furtherOf)),
  }),
  lists: ({ guardians }: Connection) => (guardians ? ['users', 'guardians'] : ['users']),
  collection: userList,
  one: oneUser,
});

function rolesOf({ role, isAdmin, orgSourcedId }: Position): User['roles'] {
  return [role, isAdmin === true ? ('systemAdministrator' as const) : undefined]
    .filter((known) => known !== undefined)
    .map((known, place) => ({
      roleType: place === 0 ? 'primary' : 'secondary',
      role: known,
      ...present({ orgSourcedId }),
    }));
}

/** `organization` is where the number goes that the school knows somebody by ("Employee ID" in Google's console); one of each type. */
function userIdsIn(externalIds: Values): User['userIds'] {
  const ids = new Map<string, string>();
  for (const { type = 'custom', customType, value } of externalIds) {
    const name = type === 'organization' ? 'SIS' : type === 'custom' ? (customType ?? type) : type;
    if (value !== undefined && !ids.has(name)) ids.set(name, value);
  }
  return ids.size === 0 ? undefined : [...ids].map(([type, identifier]) => ({ type, identifier }));
}

function phoneIn(values: Values): string | undefined {
  const phones = values.filter(({ type }) => type !== 'mobile');
  return (phones.find(({ primary }) => primary === true) ?? phones[0])?.value;
}

/** The unit below the school, and a title that is no role. */
function furtherOf({ orgUnitPath, orgSourcedId, role, title }: Position) {
  const told = present({
    orgUnitPath: orgUnitPath === orgSourcedId ? undefined : orgUnitPath,
    title: role === undefined ? title : undefined,
  });
  return Object.keys(told).length === 0 ? undefined : told;
}
