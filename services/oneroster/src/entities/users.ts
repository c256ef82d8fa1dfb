import type { EntityValue } from '@flotilla/substrate/model';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { oneOf, rostering } from '../paths.ts';
import { envelope, enveloped, readEnveloped, sourcedIdOf } from '../wire/envelope.ts';
import { DateOnly, optional, Reference, References, Text, TextList, Truth, word } from '../wire/lenient.ts';

/** 1.1's roles and 1.2's together; 1.1's `administrator` has no one counterpart in 1.2. */
const Role = word([
  'administrator',
  'aide',
  'counselor',
  'districtAdministrator',
  'guardian',
  'parent',
  'principal',
  'proctor',
  'relative',
  'siteAdministrator',
  'student',
  'systemAdministrator',
  'teacher',
]);

/** 1.2: any number of roles, each at one org. */
const RoleAtOrg = z.object({
  roleType: z.preprocess(
    (text) => (typeof text === 'string' ? text.toLowerCase() : text),
    z.enum(['primary', 'secondary']),
  ),
  role: Role,
  org: Reference,
  beginDate: optional(DateOnly),
  endDate: optional(DateOnly),
});

const User = z
  .object({
    ...envelope,
    enabledUser: Truth,
    givenName: Text,
    familyName: Text,
    middleName: optional(Text),
    preferredFirstName: optional(Text),
    preferredMiddleName: optional(Text),
    preferredLastName: optional(Text),
    pronouns: optional(Text),
    username: optional(Text),
    userMasterIdentifier: optional(Text),
    identifier: optional(Text),
    email: optional(Text),
    sms: optional(Text),
    phone: optional(Text),
    roles: optional(z.array(RoleAtOrg)),
    role: optional(Role),
    orgs: optional(z.array(Reference)),
    primaryOrg: optional(Reference),
    userIds: optional(z.array(z.object({ type: Text, identifier: Text }))),
    grades: optional(TextList),
    agents: optional(References),
  })
  .refine((user) => user.roles !== undefined || user.role !== undefined, {
    path: ['roles'],
    message: 'a user needs roles (1.2) or a role (1.1)',
  });

export const users = defineEntity({
  entityType: 'user',
  collection: rostering('users'),
  one: oneOf(rostering('users'), 'user'),
  wire: enveloped(User),
  idOf: sourcedIdOf,
  read: readEnveloped((user) =>
    present({
      enabledUser: user.enabledUser,
      givenName: user.givenName,
      familyName: user.familyName,
      middleName: user.middleName,
      preferredFirstName: user.preferredFirstName,
      preferredMiddleName: user.preferredMiddleName,
      preferredLastName: user.preferredLastName,
      pronouns: user.pronouns,
      username: user.username,
      userMasterIdentifier: user.userMasterIdentifier,
      identifier: user.identifier,
      email: user.email,
      sms: user.sms,
      phone: user.phone,
      roles: rolesOf(user),
      userIds:
        user.userIds?.length === 0
          ? undefined
          : user.userIds?.map(({ type, identifier }) => ({ type, identifier })),
      grades: user.grades,
      agentSourcedIds: user.agents,
      primaryOrgSourcedId: user.primaryOrg,
    }),
  ),
});

/** 1.1 gives one role for all of a user's orgs, the first of which is the primary one. */
function rolesOf(user: z.output<typeof User>): EntityValue<'user'>['roles'] {
  if (user.roles !== undefined) {
    return user.roles.map(({ roleType, role, org, beginDate, endDate }) =>
      present({ roleType, role, orgSourcedId: org, beginDate, endDate }),
    );
  }
  const { role } = user;
  if (role === undefined) return [];
  const [primary, ...others] = user.orgs ?? [];
  return [
    present({ roleType: 'primary' as const, role, orgSourcedId: primary }),
    ...others.map((orgSourcedId) => ({ roleType: 'secondary' as const, role, orgSourcedId })),
  ];
}
