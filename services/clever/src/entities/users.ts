import { DateOnly, Id, mayHave, optional, Text } from '@flotilla/substrate/lenient';
import type { EntityValue } from '@flotilla/substrate/model';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { listOf, oneOf } from '../paths.ts';
import { Grade } from '../wire/grade.ts';
import { Ids, Year } from '../wire/lenient.ts';
import { head, identifiersOf, idOf, readOne, some } from '../wire/record.ts';

type Role = EntityValue<'user'>['roles'][number];

const Name = z.object(mayHave(Text, 'first', 'middle', 'last'));
const Credentials = z
  .object(mayHave(Text, 'district_username'))
  .transform(({ district_username: username }) => username);
const Stay = z.object({ school: Id, ...mayHave(DateOnly, 'start_date', 'end_date') });

/** What a role may say; which of it each one has, Clever's schema tells. */
const Held = z.object({
  ...mayHave(Text, 'sis_id', 'state_id', 'legacy_id', 'student_number', 'teacher_number', 'staff_id'),
  ...mayHave(Text, 'title', 'phone', 'phone_type'),
  school: optional(Id),
  schools: Ids,
  credentials: optional(Credentials),
  grade: optional(Grade),
  graduation_year: optional(Year),
  preferred_name: optional(Name),
  enrollments: optional(z.array(Stay)),
  student_relationships: optional(z.array(z.object(mayHave(Id, 'student')))),
});
type Held = z.output<typeof Held>;

const roleNames = ['student', 'teacher', 'staff', 'district_admin', 'contact'] as const;
type RoleName = (typeof roleNames)[number];

const User = z.object({
  ...head,
  district: optional(Id),
  email: optional(Text),
  // One name is a name too; which part of it the other is, nobody knows.
  name: Name.refine(({ first, last }) => (first ?? last) !== undefined, 'a user needs a name'),
  // Who holds several is one user; the first that says something is believed.
  roles: z
    .object(mayHave(Held, ...roleNames))
    .transform((roles) =>
      roleNames.flatMap((name) => (roles[name] === undefined ? [] : { name, held: roles[name] })),
    )
    .refine(({ length }) => length > 0, 'a user needs a role'),
});
type User = z.output<typeof User>;

/** Students, teachers, staff, district administrators and contacts: one list, and a person in several roles is one user. */
export const users = defineEntity({
  entityType: 'user',
  collection: listOf('users'),
  one: oneOf('users'),
  wire: User,
  idOf,
  read: readOne((user) => {
    const roles = rolesOf(user);
    const first = <Member extends keyof Held>(member: Member) =>
      user.roles.find(({ held }) => held[member] !== undefined)?.held[member];
    const [phone, preferred] = [first('phone'), first('preferred_name')];
    const [SIS, staffId] = [first('sis_id'), first('staff_id')];
    const legacy_ids = some(user.roles.map(({ held }) => held.legacy_id));
    return present({
      enabledUser: true,
      givenName: user.name.first ?? '',
      familyName: user.name.last ?? '',
      middleName: user.name.middle,
      preferredFirstName: preferred?.first,
      preferredMiddleName: preferred?.middle,
      preferredLastName: preferred?.last,
      username: first('credentials'),
      identifier: SIS ?? staffId,
      userIds: identifiersOf({
        SIS: SIS ?? staffId,
        state: first('state_id'),
        studentNumber: first('student_number'),
        teacherNumber: first('teacher_number'),
        staffId,
      }),
      email: user.email,
      phone,
      sms: first('phone_type')?.toLowerCase() === 'cell' ? phone : undefined,
      roles,
      grades: some([first('grade')]),
      graduationYear: first('graduation_year'),
      agentSourcedIds: some(first('student_relationships')?.map(({ student }) => student) ?? []),
      primaryOrgSourcedId: roles[0]?.orgSourcedId,
      // The ids that the person had in versions 1 and 2 of Clever's API, one for each role.
      metadata: legacy_ids && { legacy_ids },
    });
  }),
});

/** One for each school of each role; OneRoster has one primary role at each org: the first one there. */
function rolesOf({ roles, district }: User): Role[] {
  const seen = new Set<string | undefined>();
  return roles.flatMap(({ name, held }) => {
    const schools = new Set([...(held.school === undefined ? [] : [held.school]), ...held.schools]);
    // Contacts and district administrators belong to no school, nor do some of the staff.
    return (schools.size === 0 ? [district] : [...schools]).map((org): Role => {
      const roleType = seen.has(org) ? 'secondary' : 'primary';
      seen.add(org);
      const stay = held.enrollments?.findLast(({ school }) => school === org);
      const there = { orgSourcedId: org, beginDate: stay?.start_date, endDate: stay?.end_date };
      return { roleType, role: roleOf(name, held), ...present(there) };
    });
  });
}

/** Clever calls everybody staff who works at a school and teaches no section; only the title says more, and it is free text. */
const roleWords: Readonly<Record<string, Role['role']>> = {
  student: 'student',
  teacher: 'teacher',
  'staff: principal': 'principal',
  'staff: school administrator': 'siteAdministrator',
  'staff: counselor': 'counselor',
  district_admin: 'districtAdministrator',
  contact: 'guardian',
};

function roleOf(name: RoleName, { title = '' }: Held): Role['role'] {
  return roleWords[name === 'staff' ? `staff: ${title.trim().toLowerCase()}` : name] ?? 'ext:staff';
}
