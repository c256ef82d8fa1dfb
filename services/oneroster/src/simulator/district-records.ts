import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import type {
  Demographics,
  District,
  Person,
  PersonRole,
} from '@flotilla/substrate/testing/district/district';
import { createReferences } from './references.ts';
import type { OneRosterRecords, Version } from './wire-fields.ts';

const roles: Readonly<Record<Version, Readonly<Record<PersonRole, string>>>> = {
  '1.1': {
    student: 'student',
    teacher: 'teacher',
    principal: 'administrator',
    'school-administrator': 'administrator',
    'district-administrator': 'administrator',
    guardian: 'guardian',
  },
  '1.2': {
    student: 'student',
    teacher: 'teacher',
    principal: 'principal',
    'school-administrator': 'siteAdministrator',
    'district-administrator': 'districtAdministrator',
    guardian: 'guardian',
  },
};

type Sized<T> = T extends readonly (infer Item)[] ? Item : never;

/** Pure. How a generated district looks in each OneRoster version. Members without a value are left out, as OneRoster wants it. */
export function districtToRecords(district: District, version: Version): OneRosterRecords {
  const reference = createReferences();
  const classTerms = new Map<string, readonly JsonObject[]>();
  const { modifiedAt } = district;
  const year = district.sessions.find((session) => session.kind === 'schoolYear')?.id ?? '';

  function head(id: string, at = modifiedAt): JsonObject {
    return { sourcedId: id, status: 'active', dateLastModified: at };
  }

  function orgs(): JsonObject[] {
    const schools = district.schools.map((school) => ({
      ...head(school.id),
      name: school.name,
      type: 'school',
      identifier: school.number,
      parent: reference('org', district.id),
    }));
    const children = district.schools.map((school) => reference('org', school.id));
    return [
      { ...head(district.id), name: district.name, type: 'district', identifier: '0001', children },
      ...schools,
    ];
  }

  function sessions(): JsonObject[] {
    return district.sessions.map((session) => {
      const children = district.sessions.filter((child) => child.parentId === session.id);
      return compact({
        ...head(session.id),
        title: session.title,
        startDate: session.startDate,
        endDate: session.endDate,
        type: session.kind,
        parent: session.parentId === undefined ? undefined : reference('academicSession', session.parentId),
        children:
          children.length === 0 ? undefined : children.map((child) => reference('academicSession', child.id)),
        schoolYear: String(district.schoolYear),
      });
    });
  }

  function courses(): JsonObject[] {
    return district.courses.map((course) => ({
      ...head(course.id),
      title: course.title,
      schoolYear: reference('academicSession', year),
      courseCode: course.code,
      grades: [course.grade],
      subjects: [course.subject],
      org: reference('org', district.id),
      subjectCodes: [course.subjectCode],
    }));
  }

  function termsOf(ids: readonly string[]): readonly JsonObject[] {
    const key = ids.join(' ');
    const known = classTerms.get(key) ?? ids.map((id) => reference('academicSession', id));
    classTerms.set(key, known);
    return known;
  }

  function section(one: Sized<District['sections']>): JsonObject {
    const course = coursesById.get(one.courseId);
    return compact({
      ...head(one.id, one.modifiedAt),
      title: one.title,
      classCode: one.code,
      classType: one.kind,
      location: one.room,
      grades: [one.grade],
      subjects: course === undefined ? undefined : [course.subject],
      course: reference('course', one.courseId),
      school: reference('org', one.schoolId),
      terms: termsOf(one.termIds),
      subjectCodes: course === undefined ? undefined : [course.subjectCode],
      periods: [one.period],
    });
  }

  function user(person: Person): JsonObject {
    const schools = person.schoolIds.length === 0 ? [district.id] : person.schoolIds;
    const role = roles[version][person.role];
    const orgRefs = schools.map((id) => reference('org', id));
    // "There MUST be one, and only one, primary role for each org": each of these is the only one at its org.
    const older = { role, orgs: orgRefs };
    const newer = {
      preferredFirstName: person.preferredName,
      roles: orgRefs.map((org) => ({ roleType: 'primary', role, org })),
      primaryOrg: orgRefs[0],
    };
    return compact({
      ...head(person.id, person.modifiedAt),
      username: person.username,
      userIds: [{ type: 'SIS', identifier: person.localId }],
      enabledUser: 'true',
      givenName: person.givenName,
      familyName: person.familyName,
      middleName: person.middleName,
      ...(version === '1.1' ? older : newer),
      identifier: person.localId,
      email: person.email,
      phone: person.phone,
      agents:
        person.relatedIds.length === 0 ? undefined : person.relatedIds.map((id) => reference('user', id)),
      grades: person.grade === undefined ? undefined : [person.grade],
    });
  }

  function demographics(person: Person, facts: Demographics): JsonObject {
    return compact({
      ...head(person.id, person.modifiedAt),
      birthDate: facts.birthDate,
      sex: facts.sex,
      americanIndianOrAlaskaNative: flag(facts.races.includes('american-indian')),
      asian: flag(facts.races.includes('asian')),
      blackOrAfricanAmerican: flag(facts.races.includes('black')),
      nativeHawaiianOrOtherPacificIslander: flag(facts.races.includes('pacific-islander')),
      white: flag(facts.races.includes('white')),
      demographicRaceTwoOrMoreRaces: flag(facts.races.length > 1),
      hispanicOrLatinoEthnicity: flag(facts.hispanic),
      countryOfBirthCode: facts.birthPlace?.country,
      stateOfBirthAbbreviation: facts.birthPlace?.state,
      cityOfBirth: facts.birthPlace?.city,
    });
  }

  function enrollment(one: Sized<District['enrollments']>): JsonObject {
    return {
      ...head(one.id, one.modifiedAt),
      user: reference('user', one.personId),
      class: reference('class', one.sectionId),
      school: reference('org', one.schoolId),
      role: one.role,
      primary: flag(one.role === 'teacher'),
      beginDate: one.beginDate,
      endDate: one.endDate,
    };
  }

  function lineItem(one: Sized<District['assignments']>): JsonObject {
    const base = {
      ...head(one.id),
      title: one.title,
      assignDate: `${one.assignedOn}T08:00:00.000Z`,
      dueDate: `${one.dueOn}T23:59:00.000Z`,
      class: reference('class', one.sectionId),
      category: reference('category', one.categoryId),
      gradingPeriod: reference('academicSession', one.gradingPeriodId),
      resultValueMin: 0,
      resultValueMax: one.maximum,
    };
    return version === '1.1' ? base : { ...base, school: reference('org', one.schoolId) };
  }

  function result(one: Sized<District['scores']>): JsonObject {
    const newer = {
      class: reference('class', one.sectionId),
      late: flag(one.late),
      missing: flag(one.points === undefined),
    };
    return compact({
      ...head(one.id, one.modifiedAt),
      lineItem: reference('lineItem', one.assignmentId),
      student: reference('user', one.personId),
      ...(version === '1.1' ? {} : newer),
      scoreStatus: one.points === undefined ? 'not submitted' : 'fully graded',
      // 1.1 demands a score, also of what was not handed in.
      score: one.points ?? (version === '1.1' ? 0 : undefined),
      scoreDate: one.scoredOn,
      comment: one.comment,
    });
  }

  const coursesById = new Map(district.courses.map((course) => [course.id, course]));

  return {
    orgs: orgs(),
    academicSessions: sessions(),
    courses: courses(),
    classes: district.sections.map(section),
    users: district.people.map(user),
    enrollments: district.enrollments.map(enrollment),
    demographics: district.people.flatMap((person) =>
      person.demographics === undefined ? [] : [demographics(person, person.demographics)],
    ),
    categories: district.categories.map(({ id, title, weight }) =>
      version === '1.1' ? { ...head(id), title } : { ...head(id), title, weight },
    ),
    lineItems: district.assignments.map(lineItem),
    results: district.scores.map(result),
  };
}

function flag(value: boolean): string {
  return value ? 'true' : 'false';
}

function compact(members: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  const record: Record<string, JsonValue> = {};
  for (const name in members) {
    const value = members[name];
    if (value !== undefined) record[name] = value;
  }
  return record;
}
