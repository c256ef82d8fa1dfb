import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type {
  Assignment,
  Demographics,
  District,
  Enrollment,
  Person,
  PersonRole,
  Race,
  Score,
  Section,
} from '@flotilla/substrate/testing/district/district';
import type { WireRecords } from '@flotilla/substrate/testing/simulator/record-store';
import { edlinkId } from './edlink-id.ts';

export const collections = [
  'orgs',
  'sessions',
  'courses',
  'classes',
  'sections',
  'people',
  'enrollments',
  'agents',
  'categories',
  'assignments',
  'submissions',
] as const;
export type CollectionName = (typeof collections)[number];

const roles: Readonly<Record<PersonRole, string>> = {
  student: 'student',
  teacher: 'teacher',
  principal: 'administrator',
  'school-administrator': 'administrator',
  'district-administrator': 'district-administrator',
  guardian: 'guardian',
};

const races: Readonly<Record<Race, string>> = {
  'american-indian': 'american-indian-or-alaska-native',
  asian: 'asian',
  black: 'black-or-african-american',
  'pacific-islander': 'native-hawaiian-or-other-pacific-islander',
  white: 'white',
};

/** The district's subjects in CEDS codes. */
const subjects: Readonly<Record<string, string>> = {
  'English Language Arts': 'CEDS.01',
  Mathematics: 'CEDS.02',
  Science: 'CEDS.03',
  'Social Studies': 'CEDS.04',
  Art: 'CEDS.05',
  Arts: 'CEDS.05',
  Music: 'CEDS.05',
  'Physical Education': 'CEDS.08',
  Health: 'CEDS.08',
  Technology: 'CEDS.10',
  'World Languages': 'CEDS.24',
};

/** Pure. Both stand in one collection, since canonically both are orgs; a school names its district. */
export function orgKind({ district_id }: JsonObject): 'district' | 'school' {
  return district_id === undefined ? 'district' : 'school';
}

/** Pure. How a generated district looks at Edlink. Members without a value are null, as Edlink has them. */
export function districtToRecords(district: District): WireRecords<CollectionName> {
  const districtId = edlinkId('district', district.id);
  const coursesById = new Map(district.courses.map((course) => [course.id, course]));

  function head(id: string, at = district.modifiedAt): JsonObject {
    return { id, created_date: district.modifiedAt, updated_date: at };
  }

  function tail(sisId?: string): JsonObject {
    return { properties: {}, identifiers: sisId === undefined ? [] : [{ type: 'sis_id', value: sisId }] };
  }

  const place = { locale: 'en', time_zone: 'America/Los_Angeles' };

  function orgs(): JsonObject[] {
    const own = { ...head(districtId), name: district.name, ...place };
    const schools = district.schools.map((school) => ({
      ...head(edlinkId('school', school.id)),
      name: school.name,
      grade_levels: [],
      ...place,
      location: { street: null, city: 'Maple Valley', state: 'WA', postal_code: null, phone: null },
      ...tail(school.number),
      district_id: districtId,
    }));
    return [{ ...own, location: {}, ...tail('0001') }, ...schools];
  }

  function sessions(): JsonObject[] {
    return district.sessions.map((session) => ({
      ...head(edlinkId('session', session.id)),
      name: session.title,
      start_date: moment(session.startDate),
      end_date: moment(session.endDate),
      state: 'active',
      type: {
        schoolYear: 'school_year',
        gradingPeriod: 'grading_period',
        semester: 'semester',
        term: 'term',
      }[session.kind],
      ...tail(session.id),
      school_id: null,
      district_id: districtId,
    }));
  }

  function courses(): JsonObject[] {
    const year = district.sessions.find(({ kind }) => kind === 'schoolYear')?.id ?? '';
    return district.courses.map((course) => ({
      ...head(edlinkId('course', course.id)),
      name: course.title,
      code: course.code,
      grade_levels: [course.grade],
      subjects: [subjects[course.subject] ?? 'CEDS.22'],
      ...tail(course.id),
      session_id: edlinkId('session', year),
      school_id: null,
      district_id: districtId,
    }));
  }

  function section(one: Section): JsonObject {
    const subject = coursesById.get(one.courseId)?.subject ?? '';
    return {
      ...head(edlinkId('class', one.id), one.modifiedAt),
      name: one.title,
      description: `Room ${one.room}`,
      picture_url: null,
      grade_levels: [one.grade],
      subjects: [subjects[subject] ?? 'CEDS.22'],
      periods: [one.period],
      state: 'active',
      locale: null,
      time_zone: null,
      ...tail(one.id),
      session_ids: one.termIds.map((id) => edlinkId('session', id)),
      course_id: edlinkId('course', one.courseId),
      school_id: edlinkId('school', one.schoolId),
    };
  }

  /** Only what is not a homeroom is taught in parts. */
  function parts(): JsonObject[] {
    return district.sections
      .filter(({ kind }) => kind === 'scheduled')
      .map((one) => ({
        ...head(edlinkId('section', one.id)),
        name: `Period ${one.period}`,
        description: null,
        picture_url: null,
        state: 'active',
        ...place,
        ...tail(),
        periods: [one.period],
        class_id: edlinkId('class', one.id),
      }));
  }

  function person(one: Person): JsonObject {
    return {
      ...head(edlinkId('person', one.id), one.modifiedAt),
      first_name: one.givenName,
      middle_name: one.middleName ?? null,
      last_name: one.familyName,
      display_name: `${one.preferredName ?? one.givenName} ${one.familyName}`,
      picture_url: null,
      roles: [roles[one.role]],
      email: one.email,
      phone: one.phone ?? null,
      ...place,
      graduation_year: null,
      grade_levels: one.grade === undefined ? [] : [one.grade],
      demographics: one.demographics === undefined ? {} : demographics(one.demographics),
      properties: {},
      identifiers: [
        { type: 'sis_id', value: one.localId },
        { type: 'username', value: one.username },
      ],
      district_id: districtId,
      school_ids: one.schoolIds.map((id) => edlinkId('school', id)),
    };
  }

  const scheduled = new Set(district.sections.filter(({ kind }) => kind === 'scheduled').map(({ id }) => id));

  function enrollment(one: Enrollment): JsonObject {
    return {
      ...head(edlinkId('enrollment', one.id), one.modifiedAt),
      start_date: moment(one.beginDate),
      end_date: moment(one.endDate),
      role: one.role,
      primary: one.role === 'teacher',
      state: 'active',
      ...tail(),
      person_id: edlinkId('person', one.personId),
      class_id: edlinkId('class', one.sectionId),
      section_id: scheduled.has(one.sectionId) ? edlinkId('section', one.sectionId) : null,
    };
  }

  /** A guardian of a student who has left since is nobody's any more. */
  function agents(): JsonObject[] {
    const present = new Set(district.people.map(({ id }) => id));
    return district.people
      .filter(({ role }) => role === 'guardian')
      .flatMap((guardian) =>
        guardian.relatedIds
          .filter((id) => present.has(id))
          .map((studentId) => ({
            ...head(edlinkId('agent', guardian.id, studentId)),
            relationship: 'guardian',
            properties: {},
            observer_id: edlinkId('person', guardian.id),
            target_id: edlinkId('person', studentId),
          })),
      );
  }

  const assignmentsBySection = Map.groupBy(district.assignments, ({ sectionId }) => sectionId);

  return {
    orgs: orgs(),
    sessions: sessions(),
    courses: courses(),
    classes: district.sections.map(section),
    sections: parts(),
    people: district.people.map(person),
    enrollments: district.enrollments.map(enrollment),
    agents: agents(),
    categories: [...assignmentsBySection.keys()].flatMap((sectionId) =>
      district.categories.map((category, position) => ({
        class_id: edlinkId('class', sectionId),
        title: category.title,
        weight: category.weight,
        position,
        updated_date: district.modifiedAt,
        id: edlinkId('category', sectionId, category.id),
      })),
    ),
    assignments: district.assignments.map((one) => assignment(one, district.modifiedAt)),
    submissions: district.scores.map((one) => submission(one, district.modifiedAt)),
  };
}

function demographics(facts: Demographics): JsonObject {
  return {
    birthday: facts.birthDate,
    gender: facts.sex,
    residence_status: null,
    english_language_learner: null,
    country_of_birth: facts.birthPlace?.country ?? null,
    state_of_birth: facts.birthPlace?.state ?? null,
    city_of_birth: facts.birthPlace?.city ?? null,
    hispanic_or_latino_ethnicity: facts.hispanic,
    races: facts.races.map((race) => races[race]),
  };
}

function assignment(one: Assignment, modifiedAt: string): JsonObject {
  return {
    class_id: edlinkId('class', one.sectionId),
    attachments: [],
    assignee_mode: 'all',
    grading_type: 'points',
    max_attempts: 1,
    title: one.title,
    submission_types: ['text'],
    state: 'open',
    points_possible: one.maximum,
    created_date: modifiedAt,
    updated_date: modifiedAt,
    start_date: `${one.assignedOn}T08:00:00.000Z`,
    due_date: `${one.dueOn}T23:59:00.000Z`,
    id: edlinkId('assignment', one.id),
    session_id: edlinkId('session', one.gradingPeriodId),
    category_id: edlinkId('category', one.sectionId, one.categoryId),
  };
}

function submission(one: Score, modifiedAt: string): JsonObject {
  const isThere = one.points !== undefined;
  return {
    class_id: edlinkId('class', one.sectionId),
    assignment_id: edlinkId('assignment', one.assignmentId),
    flags: [...(one.late ? ['late'] : []), ...(isThere ? [] : ['missing'])],
    state: isThere ? 'returned' : 'created',
    created_date: modifiedAt,
    updated_date: one.modifiedAt,
    attempts: [],
    ...(one.points === undefined ? {} : { grade_points: one.points }),
    ...(one.comment === undefined ? {} : { grade_comment: one.comment }),
    id: edlinkId('submission', one.id),
    person_id: edlinkId('person', one.personId),
  };
}

function moment(date: string): string {
  return `${date}T00:00:00.000Z`;
}
