import { z } from 'zod';
import { CalendarDate, commonMembers, Identifiers, SourcedId, vocabulary } from '../vocabulary.ts';

/** A role at an org; OneRoster 1.1's single `role` with `orgs` reads as one of these per org. */
const UserRole = z.strictObject({
  roleType: z.enum(['primary', 'secondary']),
  role: vocabulary([
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
  ]),
  /** Required by OneRoster 1.2; a 1.1 user may come with a role and no org. */
  orgSourcedId: SourcedId.optional(),
  beginDate: CalendarDate.optional(),
  endDate: CalendarDate.optional(),
});

/**
 * Pure. A person in one or more roles (OneRoster 1.2 `User`). OneRoster's `password` and profile credentials are never read: Flotilla has
 * no use for other systems' secrets.
 */
export const User = z.strictObject({
  ...commonMembers,
  enabledUser: z.boolean(),
  givenName: z.string(),
  familyName: z.string(),
  middleName: z.string().optional(),
  preferredFirstName: z.string().optional(),
  preferredMiddleName: z.string().optional(),
  preferredLastName: z.string().optional(),
  pronouns: z.string().optional(),
  username: z.string().optional(),
  userMasterIdentifier: z.string().optional(),
  identifier: z.string().optional(),
  email: z.string().optional(),
  sms: z.string().optional(),
  phone: z.string().optional(),
  roles: z.array(UserRole),
  userIds: Identifiers.optional(),
  grades: z.array(z.string()).optional(),
  graduationYear: z.int().optional(),
  agentSourcedIds: z.array(SourcedId).optional(),
  primaryOrgSourcedId: SourcedId.optional(),
});
export type User = z.infer<typeof User>;
