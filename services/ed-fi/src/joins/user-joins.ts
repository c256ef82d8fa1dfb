import { DateOnly, Flag, optional, Text, theOnly } from '@flotilla/substrate/lenient';
import type { EntityValue } from '@flotilla/substrate/model';
import { at, defineJoin, present, saidShape } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { type Connection, listAt, queryOfStudents } from '../connection.ts';
import { Email, Phone } from '../wire/contact.ts';
import { GradeLevel, vocabulary } from '../wire/lenient.ts';
import { IdOf, to } from '../wire/reference.ts';

type Roles = EntityValue<'user'>['roles'];

/** Where a student is at school, or was, or will be, and in which grade. */
const schools = defineJoin('user', {
  ...saidShape(
    {
      id: at('', IdOf('studentSchoolAssociations', false)),
      key: to('studentReference', 'students'),
    },
    {
      orgSourcedId: to('schoolReference', 'schools'),
      grade: at('entryGradeLevelDescriptor', GradeLevel),
      beginDate: at('entryDate', DateOnly),
      endDate: at('exitWithdrawDate', optional(DateOnly)),
      isFirst: at('primarySchool', optional(Flag)),
    },
  ),
  collection: (connection: Connection) => listAt(connection, 'studentSchoolAssociations'),
  members: ['roles', 'grades'],
  add: (user, said) => {
    const [last] = inOrder(said);
    const grades = inOrder(said).filter(({ beginDate }) => beginDate === last?.beginDate);
    return {
      ...user,
      roles: rolesOf(said.map(({ grade: _, ...place }) => ({ ...place, role: 'student' }))),
      grades: [...new Set(grades.map(({ grade }) => grade))],
    };
  },
});

/** The standard's words of what staff are; a host's own are kept. */
const Classification = vocabulary({
  teacher: /teacher$/i,
  principal: /principal$/i,
  counselor: /counselor$/i,
  aide: /\baide$|^paraprofessional$/i,
  siteAdministrator: /^school (administrator|leader)$/i,
  districtAdministrator: /^(lea administrator|(assistant )?superintendent)$/i,
  systemAdministrator: /^lea system administrator$/i,
});

/** Where staff work, and as what. */
const assignments = defineJoin('user', {
  ...saidShape(
    {
      id: at('', IdOf('staffEducationOrganizationAssignmentAssociations', false)),
      key: to('staffReference', 'staffs'),
    },
    {
      orgSourcedId: to('educationOrganizationReference', 'educationOrganizations'),
      role: at('staffClassificationDescriptor', Classification),
      beginDate: DateOnly,
      endDate: optional(DateOnly),
      isFirst: at(
        'orderOfAssignment',
        optional(Text).transform((order) => order === '1'),
      ),
    },
  ),
  collection: (connection: Connection) =>
    listAt(connection, 'staffEducationOrganizationAssignmentAssociations'),
  members: ['roles'],
  add: (user, said) => ({ ...user, roles: rolesOf(said) }),
});

const Told = z.object({
  studentReference: IdOf('students'),
  educationOrganizationReference: IdOf('educationOrganizations'),
});

/** How a student is reached; of what several organizations say otherwise nothing is known. */
const contacts = defineJoin('user', {
  ...saidShape(
    {
      id: at(
        '',
        Told.transform((ids) => Object.values(ids).join('/')),
      ),
      key: to('studentReference', 'students'),
    },
    {
      email: at('electronicMails', Email),
      phone: at('telephones', Phone),
      username: at('loginId', optional(Text)),
    },
  ),
  collection: (connection: Connection) =>
    listAt(connection, 'studentEducationOrganizationAssociations', queryOfStudents(connection)),
  members: ['email', 'phone', 'username'],
  add: (user, said) => {
    const agreed = (name: 'email' | 'phone' | 'username') =>
      theOnly([...new Set(said.flatMap((one) => one[name] ?? []))]);
    return {
      ...user,
      ...present({ email: agreed('email'), phone: agreed('phone'), username: agreed('username') }),
    };
  },
});

export const userJoins = {
  studentSchoolAssociations: schools,
  staffEducationOrganizationAssignmentAssociations: assignments,
  studentEducationOrganizationAssociations: contacts,
};

interface Place {
  readonly beginDate: string;
  readonly endDate?: string;
  readonly isFirst?: boolean;
}

/** Those that have not ended before those that have, the main one before others, the latest before earlier ones. */
function inOrder<P extends Place>(places: readonly P[]): readonly P[] {
  const rank = ({ endDate, isFirst, beginDate }: Place) =>
    `${endDate === undefined ? 1 : 0}${isFirst === true ? 1 : 0}${beginDate}`;
  return places.toSorted((a, b) => (rank(a) > rank(b) ? -1 : Number(rank(a) < rank(b))));
}

/** At each organization the first is the primary one. */
function rolesOf(
  places: readonly (Place & Pick<Roles[number], 'role'> & { readonly orgSourcedId: string })[],
): Roles {
  const known = new Set<string>();
  return inOrder(places).map(({ isFirst: _, ...place }) => {
    const roleType = known.has(place.orgSourcedId) ? ('secondary' as const) : ('primary' as const);
    known.add(place.orgSourcedId);
    return { roleType, ...place };
  });
}
