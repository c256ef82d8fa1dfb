import { DateOnly, Flag, listOf, mayHave, optional, Text, TextList, word } from '@flotilla/substrate/lenient';
import type { EntityValue } from '@flotilla/substrate/model';
import { at, defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { oneOf, rostering } from '../paths.ts';
import { Reference, shape, word as vocabulary } from '../wire/record.ts';

/** 1.1's roles and 1.2's together; 1.1's `administrator` has no one counterpart in 1.2. */
const Role = vocabulary(
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
);

/** 1.2: any number of roles, each at one org. */
const RoleAtOrg = z
  .object({
    roleType: word('primary', 'secondary'),
    role: Role,
    org: Reference,
    beginDate: optional(DateOnly),
    endDate: optional(DateOnly),
  })
  .transform(({ org, ...role }) => present({ ...role, orgSourcedId: org }));

/** 1.1 gives one role for all of a user's orgs, the first of which is the primary one. */
const Roles = z
  .object({ roles: optional(z.array(RoleAtOrg)), role: optional(Role), orgs: optional(z.array(Reference)) })
  .transform(({ roles, role, orgs = [] }, context): EntityValue<'user'>['roles'] => {
    if (roles !== undefined) return roles;
    if (role === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['roles'],
        message: 'a user needs roles (1.2) or a role (1.1)',
      });
      return z.NEVER;
    }
    const [primary, ...others] = orgs;
    return [
      present({ roleType: 'primary' as const, role, orgSourcedId: primary }),
      ...others.map((orgSourcedId) => ({ roleType: 'secondary' as const, role, orgSourcedId })),
    ];
  });

export const users = defineEntity({
  ...shape('user', {
    enabledUser: Flag,
    givenName: Text,
    familyName: Text,
    ...mayHave(
      Text,
      'middleName',
      'preferredFirstName',
      'preferredMiddleName',
      'preferredLastName',
      'pronouns',
      'username',
      'userMasterIdentifier',
      'identifier',
      'email',
      'sms',
      'phone',
    ),
    roles: at('', Roles),
    userIds: listOf(z.object({ type: Text, identifier: Text })),
    grades: TextList,
    agentSourcedIds: at('agents', listOf(Reference)),
    primaryOrgSourcedId: at('primaryOrg', optional(Reference)),
  }),
  collection: rostering('users'),
  one: oneOf(rostering('users'), 'user'),
});
