import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { api } from '../api.ts';
import { academicSessions } from './academic-sessions.ts';
import { attendanceEvents } from './attendance-events.ts';
import { classes } from './classes.ts';
import { courses } from './courses.ts';
import { demographics } from './demographics.ts';
import { enrollments } from './enrollments.ts';
import { orgs } from './orgs.ts';
import { users } from './users.ts';

interface Mapping<Wire> {
  readonly wire: z.ZodType<Wire>;
  readonly read: (record: Wire) => readonly ({ readonly value: object } | { readonly deleted: true })[];
}

/** The canonical values of a record. */
function valuesOf<Wire>({ wire, read }: Mapping<Wire>, record: JsonObject): readonly object[] {
  return read(wire.parse(record)).flatMap((reading) => ('value' in reading ? [reading.value] : []));
}

/** Where a record is refused, and why. */
function refusalOf<Wire>({ wire }: Mapping<Wire>, record: JsonObject): readonly string[] {
  const { error } = wire.safeParse(record);
  return (error?.issues ?? []).map(({ path, message }) => `/${path.join('/')}: ${message}`);
}

const person = { id: 'u1', district: 'd1', name: { first: 'Ana', last: 'Ruiz' } };

function personAs(roles: JsonObject): JsonObject {
  return { ...person, roles };
}

describe('people', () => {
  test('in several roles are one user, with a role at each school and one primary one there', () => {
    const [user] = valuesOf(
      users,
      personAs({
        contact: {
          phone: '555',
          phone_type: 'Cell',
          student_relationships: [{ student: 'u2' }, { student: 'u2' }],
        },
        staff: {
          staff_id: 's-1',
          schools: ['o2'],
          title: ' Principal ',
          credentials: { district_username: 'ana' },
        },
        teacher: {
          credentials: { district_username: '' },
          school: 'o2',
          schools: ['o1', 'o2'],
          sis_id: '7',
          teacher_number: '7',
          state_id: '900',
        },
        student: null,
      }),
    );

    expect(user).toMatchObject({
      username: 'ana',
      identifier: '7',
      userIds: [
        { type: 'SIS', identifier: '7' },
        { type: 'state', identifier: '900' },
        { type: 'staffId', identifier: 's-1' },
      ],
      roles: [
        { roleType: 'primary', role: 'teacher', orgSourcedId: 'o2' },
        { roleType: 'primary', role: 'teacher', orgSourcedId: 'o1' },
        { roleType: 'secondary', role: 'principal', orgSourcedId: 'o2' },
        { roleType: 'primary', role: 'guardian', orgSourcedId: 'd1' },
      ],
      primaryOrgSourcedId: 'o2',
      phone: '555',
      sms: '555',
      agentSourcedIds: ['u2'],
    });
  });

  test('who study say when and where, and how they want to be called', () => {
    const [user] = valuesOf(
      users,
      personAs({
        student: {
          school: 'o1',
          schools: ['o1', ''],
          enrollments: [
            { school: 'o1', start_date: '2024-08-20', end_date: '2025-06-10' },
            { school: 'o1', start_date: '2025-08-20T00:00:00.000Z' },
          ],
          grade: 'TransitionalKindergarten',
          graduation_year: '2038',
          preferred_name: { first: 'Anita', middle: '', last: null },
          legacy_id: 'v2-id',
        },
      }),
    );

    expect(user).toMatchObject({
      roles: [{ roleType: 'primary', role: 'student', orgSourcedId: 'o1', beginDate: '2025-08-20' }],
      grades: ['TK'],
      graduationYear: 2038,
      preferredFirstName: 'Anita',
      metadata: { legacy_ids: ['v2-id'] },
    });
    expect(user).not.toHaveProperty('preferredLastName');
    expect(user).not.toHaveProperty('userIds');
  });

  test.each([
    ['Registrar', 'ext:staff'],
    ['School Administrator', 'siteAdministrator'],
    ['counselor', 'counselor'],
    ['constructor', 'ext:staff'],
    [null, 'ext:staff'],
  ])('of the staff with the title %j are %s', (title, role) => {
    const [user] = valuesOf(users, personAs({ staff: { schools: [], title } }));
    expect(user).toMatchObject({ roles: [{ roleType: 'primary', role, orgSourcedId: 'd1' }] });
  });

  test.each<[string, JsonObject, string]>([
    ['a role', { ...person, roles: { student: null } }, '/roles: a user needs a role'],
    ['a role that we know', { ...person, roles: { alumnus: {} } }, '/roles: a user needs a role'],
    ['a name', { ...personAs({ student: {} }), name: { first: ' ' } }, '/name: a user needs a name'],
    [
      'a grade that we know',
      personAs({ student: { grade: 'Senior' } }),
      '/roles/student/grade: "Senior" is not a grade',
    ],
  ])('without %s are refused', (_, record, reason) => {
    expect(refusalOf(users, record).join()).toContain(reason);
  });
});

describe('demographics', () => {
  const saying = (student: JsonObject) => valuesOf(demographics, personAs({ student }));

  test.each<[JsonObject, JsonObject]>([
    [{ dob: '3/9/2011' }, { birthDate: '2011-03-09' }],
    [{ dob: '2011-03-09' }, { birthDate: '2011-03-09' }],
    [
      { gender: 'X', hispanic_ethnicity: 'N' },
      { sex: 'other', hispanicOrLatinoEthnicity: false },
    ],
    [{ race: 'Two or More Races' }, { demographicRaceTwoOrMoreRaces: true }],
    [
      { race: 'asian' },
      {
        americanIndianOrAlaskaNative: false,
        asian: true,
        blackOrAfricanAmerican: false,
        demographicRaceTwoOrMoreRaces: false,
        nativeHawaiianOrOtherPacificIslander: false,
        white: false,
      },
    ],
  ])('of %j are %j and nothing else', (student, expected) => {
    expect(saying(student)).toEqual([{ status: 'active', ...expected }]);
  });

  test('are none where nothing is said, and of nobody but students', () => {
    expect(saying({ dob: '', gender: null, race: 'Unknown' })).toEqual([]);
    expect(valuesOf(demographics, personAs({ teacher: {} }))).toEqual([]);
    expect(demographics.idOf(personAs({ teacher: {} }))).toBeUndefined();
  });

  test.each(['9.3.2011', '13/13/2011', '02/30/2011', '3/9/11'])(
    'with the day of birth %s are refused by name',
    (dob) => {
      const record = personAs({ student: { dob } });
      expect(refusalOf(demographics, record)).toEqual([
        `/roles/student/dob: "${dob}" is not a date (MM/DD/YYYY)`,
      ]);
      expect(demographics.idOf(record)).toBe('u1');
      // Who it is stays known all the same.
      expect(valuesOf(users, record)).toHaveLength(1);
    },
  );
});

describe('sections', () => {
  const section = { id: 's1', name: 'Algebra', course: 'c1', school: 'o1', sis_id: 338 };

  test.each<[string, JsonObject]>([
    ['math', { classType: 'scheduled', subjects: ['Mathematics'] }],
    ['arts and music', { classType: 'scheduled', subjects: ['arts and music'] }],
    ['constructor', { classType: 'scheduled', subjects: ['constructor'] }],
    ['homeroom/advisory', { classType: 'homeroom' }],
    ['', {}],
  ])('of the subject "%s" say %j', (subject, expected) => {
    expect(valuesOf(classes, { ...section, subject, grade: '', period: 3, term_id: null })).toEqual([
      {
        status: 'active',
        title: 'Algebra',
        courseSourcedId: 'c1',
        schoolSourcedId: 'o1',
        termSourcedIds: [],
        periods: ['3'],
        metadata: { sis_id: '338' },
        ...expected,
      },
    ]);
  });

  test.each([null, ''])('with the course %j are classes of no course', (course) => {
    const [value] = valuesOf(classes, { ...section, course });
    expect(value).toMatchObject({ title: 'Algebra', schoolSourcedId: 'o1' });
    expect(value).not.toHaveProperty('courseSourcedId');
  });

  test('enroll whom they list, each once in each role, the primary teacher too where the list lacks them', () => {
    const record = { ...section, teacher: 't1', teachers: ['t2', 't2', ''], students: ['u1', 't2', 'u1'] };
    const parsed = enrollments.wire.parse(record);

    expect(enrollments.read(parsed).map(({ id }) => id)).toEqual([
      's1:teacher:t1',
      's1:teacher:t2',
      's1:student:u1',
      's1:student:t2',
    ]);
    expect(valuesOf(enrollments, record)).toMatchObject([
      { role: 'teacher', userSourcedId: 't1', primary: true, classSourcedId: 's1', schoolSourcedId: 'o1' },
      { role: 'teacher', userSourcedId: 't2', primary: false },
      { role: 'student', userSourcedId: 'u1', primary: false },
      { role: 'student', userSourcedId: 't2', primary: false },
    ]);
    expect(valuesOf(enrollments, { id: 's2', teacher: null, teachers: null })).toEqual([]);
  });
});

describe('schools and districts', () => {
  const school = { id: 'o1', district: 'd1', name: 'Elm', sis_id: '12', school_number: '12', nces_id: '99' };

  test('are told apart by their district, without which a school is refused', () => {
    expect(valuesOf(orgs, { id: 'd1', name: 'Maple', nces_id: '0634410' })).toEqual([
      {
        status: 'active',
        name: 'Maple',
        type: 'district',
        identifier: '0634410',
        identifiers: [{ type: 'nces', identifier: '0634410' }],
      },
    ]);
    expect(valuesOf(orgs, school)).toMatchObject([
      { type: 'school', identifier: '12', parentSourcedId: 'd1' },
    ]);
    expect(refusalOf(orgs, { ...school, district: '' })).toEqual(['/district: a school needs its district']);
  });

  test.each([
    ['Kindergarten', '2', ['KG', '01', '02']],
    ['PreKindergarten', 'PreKindergarten', ['PK']],
    ['12', '9', undefined],
    ['9', '', undefined],
    ['Ungraded', 'Ungraded', undefined],
  ])('from %s to %s have the grades %j', (low_grade, high_grade, grades) => {
    const [value] = valuesOf(orgs, { ...school, low_grade, high_grade });
    expect((value as JsonObject).grades).toEqual(grades);
  });
});

describe('attendance', () => {
  const mark = {
    clever_id: 'a1',
    student_id: 'u1',
    school_id: 'o1',
    section_id: 's1',
    attendance_date: '2026-01-12',
    attendance_status: 'Tardy',
    attendance_type: 'section',
    excuse_code: '',
  };
  const known = {
    status: 'active',
    studentSourcedId: 'u1',
    schoolSourcedId: 'o1',
    date: '2026-01-12',
    category: 'tardy',
  };

  test('of a section is of a class, and of a day of none, though a section be named', () => {
    expect(valuesOf(attendanceEvents, mark)).toEqual([{ ...known, classSourcedId: 's1' }]);
    expect(valuesOf(attendanceEvents, { ...mark, attendance_type: 'daily', excuse_code: 'EX' })).toEqual([
      { ...known, reason: 'EX' },
    ]);
  });

  test.each<[string, JsonObject, string]>([
    ['of a section that is not named', { section_id: '' }, 'attendance of a section needs its section_id'],
    ['of neither a day nor a section', { attendance_type: '' }, '/attendance_type'],
    ['that says something else', { attendance_status: 'excused' }, '/attendance_status'],
  ])('%s is refused by name', (_, members, reason) => {
    expect(refusalOf(attendanceEvents, { ...mark, ...members }).join()).toContain(reason);
    expect(attendanceEvents.idOf({ ...mark, ...members })).toBe('a1');
  });

  test('is had of schools, and of no district', () => {
    const isAsked = (type: 'school' | 'district') =>
      attendanceEvents.parents?.({ status: 'active', name: 'Maple', type }, 'o1', api.connection.parse({}));
    expect([isAsked('school'), isAsked('district')]).toEqual([true, false]);
  });
});

test('terms are of the school year in which they end, where they say when they begin', () => {
  const yearOf = (start_date: string | null) =>
    valuesOf(academicSessions, { id: 't', name: 'Term', start_date }).map(
      (value) => (value as JsonObject).schoolYear,
    );

  expect(['2025-08-25', '2026-01-26T00:00:00.000Z', '2026-06-30', '2026-07-01', null].map(yearOf)).toEqual([
    ['2026'],
    ['2026'],
    ['2026'],
    ['2027'],
    [undefined],
  ]);
  expect(refusalOf(academicSessions, { id: 't', name: 'Term', start_date: '2025-08-25T07:00:00Z' })).toEqual([
    '/start_date: "2025-08-25T07:00:00Z" is not a date (YYYY-MM-DD)',
  ]);
});

test('a course without a name is called by its number', () => {
  expect(valuesOf(courses, { id: 'c', name: '', number: 101 })).toEqual([
    { status: 'active', title: '101', courseCode: '101' },
  ]);
});

test('when a record was touched is left out where it cannot be read', () => {
  const touched = (last_modified: string) =>
    valuesOf(courses, { id: 'c', name: 'Latin', last_modified }).map(
      (value) => (value as JsonObject).dateLastModified,
    );

  expect(touched('2026-01-12T04:00:19.017Z')).toEqual(['2026-01-12T04:00:19.017Z']);
  expect(touched('yesterday')).toEqual([undefined]);
});
