import { DateOnly, Flag, optional, Text } from '@flotilla/substrate/lenient';
import { agreed, at, defineJoin, inOrder, rolesAt, saidShape } from '@flotilla/substrate/vendor';
import { type Connection, listAt, queryOfStudents } from '../connection.ts';
import { Email, Phone } from '../wire/contact.ts';
import { IdOf, type Resource, to } from '../wire/keys.ts';
import { GradeLevel, vocabulary } from '../wire/lenient.ts';

/** Of whom a record of the resource tells, by its own key. */
function told(person: 'student' | 'staff', resource: Resource) {
  return { id: at('', IdOf(resource, false)), key: to(`${person}Reference`, `${person}s`) };
}

/** Where a student is at school, or was, or will be, and in which grade. */
const schools = defineJoin('user', {
  ...saidShape(told('student', 'studentSchoolAssociations'), {
    orgSourcedId: to('schoolReference', 'schools'),
    grade: at('entryGradeLevelDescriptor', GradeLevel),
    beginDate: at('entryDate', DateOnly),
    endDate: at('exitWithdrawDate', optional(DateOnly)),
    isFirst: at('primarySchool', optional(Flag)),
  }),
  collection: (connection: Connection) => listAt(connection, 'studentSchoolAssociations'),
  members: ['roles', 'grades'],
  add: (user, said) => {
    const roles = rolesAt(said.map((place) => ({ ...place, role: 'student' })));
    const [last] = inOrder(said);
    const latest = said.filter(({ beginDate }) => beginDate === last?.beginDate);
    return { ...user, roles, grades: [...new Set(latest.map(({ grade }) => grade))] };
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
  ...saidShape(told('staff', 'staffEducationOrganizationAssignmentAssociations'), {
    orgSourcedId: to('educationOrganizationReference', 'educationOrganizations'),
    role: at('staffClassificationDescriptor', Classification),
    beginDate: DateOnly,
    endDate: optional(DateOnly),
    isFirst: at(
      'orderOfAssignment',
      optional(Text).transform((order) => order === '1'),
    ),
  }),
  collection: (connection: Connection) =>
    listAt(connection, 'staffEducationOrganizationAssignmentAssociations'),
  members: ['roles'],
  add: (user, said) => ({ ...user, roles: rolesAt(said) }),
});

/** How a student is reached; of what several organizations say otherwise nothing is known. */
const contacts = defineJoin('user', {
  ...saidShape(told('student', 'toldOfStudents'), {
    email: at('electronicMails', Email),
    phone: at('telephones', Phone),
    username: at('loginId', optional(Text)),
  }),
  collection: (connection: Connection) =>
    listAt(connection, 'studentEducationOrganizationAssociations', queryOfStudents(connection)),
  members: ['email', 'phone', 'username'],
  add: (user, said) => ({ ...user, ...agreed(said) }),
});

export const userJoins = {
  studentSchoolAssociations: schools,
  staffEducationOrganizationAssignmentAssociations: assignments,
  studentEducationOrganizationAssociations: contacts,
};
