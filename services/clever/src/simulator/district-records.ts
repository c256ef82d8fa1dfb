import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type {
  AttendanceMark,
  Demographics,
  District,
  Person,
  Race,
  Section,
} from '@flotilla/substrate/testing/district/district';
import type { CleverRecords } from './collections.ts';
import { objectId } from './object-id.ts';

/** Pure. How a generated district looks in Clever, in its newest version. Clever blanks what it does not know, or sends null. */
export function districtToRecords(district: District): CleverRecords {
  const districtId = objectId('district', district.id);
  const created = district.modifiedAt;
  const coursesById = new Map(district.courses.map((course) => [course.id, course]));
  const enrollmentsBySection = Map.groupBy(district.enrollments, ({ sectionId }) => sectionId);
  const schoolId = (id: string) => objectId('school', id);
  const userId = (id: string) => objectId('user', id);
  const termIds = new Map<string, string | null>();

  function school(one: District['schools'][number]): JsonObject {
    const grades = { elementary: ['Kindergarten', '5'], middle: ['6', '8'], high: ['9', '12'] }[one.level];
    return {
      id: schoolId(one.id),
      district: districtId,
      name: one.name,
      school_number: one.number,
      sis_id: one.number,
      state_id: one.number,
      nces_id: '',
      mdr_number: null,
      low_grade: grades[0] ?? '',
      high_grade: grades[1] ?? '',
      location: { address: '', city: 'Maple Valley', state: 'WA', zip: '98038' },
      phone: null,
      principal: { name: '', email: '' },
      ext: {},
      created,
      last_modified: created,
    };
  }

  /** Clever's sections have one term: the one that is as long as theirs together. */
  function termOf({ termIds: ids }: Section): string | null {
    const key = ids.join(' ');
    const known = termIds.get(key);
    if (known !== undefined) return known;
    const own = district.sessions.filter(({ id }) => ids.includes(id));
    const found = district.sessions
      .filter(({ kind }) => kind !== 'gradingPeriod')
      .findLast(
        ({ startDate, endDate }) => startDate === own[0]?.startDate && endDate === own.at(-1)?.endDate,
      );
    const term = found === undefined ? null : objectId('term', found.id);
    termIds.set(key, term);
    return term;
  }

  function section(one: Section): JsonObject {
    const people = enrollmentsBySection.get(one.id) ?? [];
    const [students, teachers] = (['student', 'teacher'] as const).map((wanted) =>
      people.filter(({ role }) => role === wanted).map(({ personId }) => userId(personId)),
    );
    return {
      id: objectId('section', one.id),
      district: districtId,
      school: schoolId(one.schoolId),
      course: objectId('course', one.courseId),
      name: one.title,
      section_number: one.code,
      sis_id: one.id,
      period: one.period,
      subject:
        one.kind === 'homeroom'
          ? 'homeroom/advisory'
          : (subjects[coursesById.get(one.courseId)?.subject ?? ''] ?? ''),
      grade: gradeOf(one.grade),
      term_id: termOf(one),
      teacher: teachers?.[0] ?? null,
      teachers: teachers ?? [],
      students: students ?? [],
      lms_status: null,
      ext: {},
      created,
      last_modified: one.modifiedAt,
    };
  }

  function rolesOf(person: Person): JsonObject {
    const schools = person.schoolIds.map(schoolId);
    const legacy = { legacy_id: objectId(`legacy ${person.role}`, person.id) };
    const credentials = { district_username: person.username };
    const common = { ...legacy, credentials, ext: {} };
    switch (person.role) {
      case 'student':
        return { student: { ...common, ...schooling(person, schools), ...facts(person.demographics) } };
      case 'teacher':
        return {
          teacher: {
            ...common,
            school: schools[0] ?? '',
            schools,
            sis_id: person.localId,
            teacher_number: person.localId,
            state_id: '',
            title: 'Teacher',
          },
        };
      case 'principal':
      case 'school-administrator': {
        const title = person.role === 'principal' ? 'Principal' : 'School Administrator';
        return { staff: { ...common, staff_id: person.localId, title, department: '', roles: [], schools } };
      }
      case 'district-administrator':
        return { district_admin: { ...legacy, title: '' } };
      case 'guardian':
        return {
          contact: {
            ...legacy,
            sis_id: person.localId,
            phone: person.phone ?? null,
            phone_type: 'Home',
            student_relationships: person.relatedIds.map((id) => ({
              relationship: 'Parent',
              type: 'Parent/Guardian',
              student: userId(id),
            })),
          },
        };
    }
  }

  function mark(one: AttendanceMark): JsonObject {
    const section = one.sectionId === undefined ? {} : { section_id: objectId('section', one.sectionId) };
    return {
      clever_id: objectId('attendance', one.id),
      attendance_date: one.date,
      attendance_status: one.kind === 'tardy' ? 'tardy' : 'absent',
      attendance_type: one.sectionId === undefined ? 'daily' : 'section',
      district_id: districtId,
      school_id: schoolId(one.schoolId),
      ...section,
      student_id: userId(one.personId),
      ...(one.reason === undefined ? {} : { excuse_code: one.reason }),
      sis_id: one.id,
      created,
      last_modified: one.modifiedAt,
    };
  }

  function user(person: Person): JsonObject {
    return {
      id: userId(person.id),
      district: districtId,
      email: person.email,
      name: { first: person.givenName, middle: person.middleName ?? '', last: person.familyName },
      roles: rolesOf(person),
      lms_status: null,
      created,
      last_modified: person.modifiedAt,
    };
  }

  return {
    districts: [
      {
        id: districtId,
        name: district.name,
        state: 'running',
        error: '',
        sis_type: 'powerschool',
        login_methods: ['ad'],
        launch_date: district.modifiedAt.slice(0, 10),
        last_sync: district.modifiedAt,
        pause_start: null,
        pause_end: null,
        nces_id: null,
        mdr_number: null,
        portal_url: 'https://clever.com/in/maple-valley',
        district_contact: { id: objectId('district contact', district.id), district: districtId },
        lms_state: '',
        lms_type: '',
        last_attendance_sync: district.modifiedAt,
      },
    ],
    schools: district.schools.map(school),
    terms: district.sessions
      .filter(({ kind }) => kind !== 'gradingPeriod')
      .map(({ id, title, startDate, endDate }) => ({
        id: objectId('term', id),
        district: districtId,
        name: title,
        start_date: startDate,
        end_date: endDate,
      })),
    courses: district.courses.map(({ id, title, code }) => ({
      id: objectId('course', id),
      district: districtId,
      name: title,
      number: code,
    })),
    sections: district.sections.map(section),
    users: district.people.map(user),
    resources: [],
    attendance: district.attendance.map(mark),
  };
}

function schooling(person: Person, schools: readonly string[]): JsonObject {
  return {
    school: schools[0] ?? '',
    schools: [...schools],
    enrollments: [],
    grade: gradeOf(person.grade ?? ''),
    graduation_year: '',
    sis_id: person.localId,
    student_number: person.localId,
    state_id: '',
    location: null,
    preferred_name: { first: person.preferredName ?? '', middle: '', last: '' },
  };
}

function facts(demographics: Demographics | undefined): JsonObject {
  if (demographics === undefined) return {};
  const [year, month, day] = demographics.birthDate.split('-');
  const { races } = demographics;
  const [race] = races;
  return {
    dob: `${month}/${day}/${year}`,
    gender: demographics.sex === 'female' ? 'F' : 'M',
    race: races.length > 1 ? 'Two or More Races' : race === undefined ? '' : raceNames[race],
    hispanic_ethnicity: demographics.hispanic ? 'Y' : 'N',
    ell_status: '',
    frl_status: '',
    iep_status: '',
    gifted_status: '',
    section_504_status: '',
    home_language: 'English',
    home_language_code: 'eng',
    disability: {},
  };
}

function gradeOf(grade: string): string {
  return grade === 'KG' ? 'Kindergarten' : grade.replace(/^0/, '');
}

const raceNames: Readonly<Record<Race, string>> = {
  'american-indian': 'American Indian',
  asian: 'Asian',
  black: 'Black or African American',
  'pacific-islander': 'Hawaiian or Other Pacific Islander',
  white: 'Caucasian',
};

const subjects: Readonly<Record<string, string>> = {
  'English Language Arts': 'english/language arts',
  Mathematics: 'math',
  Science: 'science',
  'Social Studies': 'social studies',
  'World Languages': 'language',
  Art: 'arts and music',
  Arts: 'arts and music',
  Music: 'arts and music',
  'Physical Education': 'PE and health',
  Health: 'PE and health',
  Technology: 'technology and engineering',
};
