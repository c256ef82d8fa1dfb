import { DateOnly, Flag, optional, Text, vocabulary } from '@flotilla/substrate/lenient';
import { agreed, at, inOrder, rolesAt } from '@flotilla/substrate/vendor';
import { queryOfStudents } from '../connection.ts';
import { Email, Phone } from '../wire/contact.ts';
import { GradeLevel, Word } from '../wire/lenient.ts';
import { defineSaid, to } from '../wire/resources.ts';

/** Where a student is at school, or was, or will be, and in which grade. */
const schools = defineSaid('user', 'studentSchoolAssociations', {
  of: to('studentReference', 'students'),
  says: {
    orgSourcedId: to('schoolReference', 'schools'),
    grade: at('entryGradeLevelDescriptor', GradeLevel),
    beginDate: at('entryDate', DateOnly),
    endDate: at('exitWithdrawDate', optional(DateOnly)),
    isFirst: at('primarySchool', optional(Flag)),
  },
  members: ['roles', 'grades'],
  add: (user, said) => {
    const roles = rolesAt(said.map((place) => ({ ...place, role: 'student' })));
    const [last] = inOrder(said);
    const latest = said.filter(({ beginDate }) => beginDate === last?.beginDate);
    return { ...user, roles, grades: [...new Set(latest.map(({ grade }) => grade))] };
  },
});

/** The standard's words of what staff are; a host's own are kept. */
const Classification = vocabulary(Word, {
  teacher: /teacher$/i,
  principal: /principal$/i,
  counselor: /counselor$/i,
  aide: /\baide$|^paraprofessional$/i,
  siteAdministrator: /^school (administrator|leader)$/i,
  districtAdministrator: /^(lea administrator|(assistant )?superintendent)$/i,
  systemAdministrator: /^lea system administrator$/i,
});

const IsFirst = optional(Text).transform((order) => order === '1');

/** Where staff work, and as what. */
const assignments = defineSaid('user', 'staffEducationOrganizationAssignmentAssociations', {
  of: to('staffReference', 'staffs'),
  says: {
    orgSourcedId: to('educationOrganizationReference', 'educationOrganizations'),
    role: at('staffClassificationDescriptor', Classification),
    beginDate: DateOnly,
    endDate: optional(DateOnly),
    isFirst: at('orderOfAssignment', IsFirst),
  },
  members: ['roles'],
  add: (user, said) => ({ ...user, roles: rolesAt(said) }),
});

/** How a student is reached; of what several organizations say otherwise nothing is known. */
const contacts = defineSaid('user', 'studentEducationOrganizationAssociations', {
  of: to('studentReference', 'students'),
  known: 'toldOfStudents',
  says: {
    email: at('electronicMails', Email),
    phone: at('telephones', Phone),
    username: at('loginId', optional(Text)),
  },
  query: queryOfStudents,
  members: ['email', 'phone', 'username'],
  add: (user, said) => ({ ...user, ...agreed(said) }),
});

export const userJoins = {
  studentSchoolAssociations: schools,
  staffEducationOrganizationAssignmentAssociations: assignments,
  studentEducationOrganizationAssociations: contacts,
};
