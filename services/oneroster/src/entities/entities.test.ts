import { readFileSync } from 'node:fs';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { describe, expect, test } from 'vitest';
import { oneroster } from '../vendor.ts';

type Name = (typeof oneroster.entities)[number]['entityType'];

function entityOf(name: Name) {
  const entity = oneroster.entities.find(({ entityType }) => entityType === name);
  if (entity === undefined) throw new RangeError(name);
  return entity;
}

/** The canonical value of a record, or what is wrong with it, by member. */
function read(name: Name, record: object): unknown {
  const entity = entityOf(name);
  const parsed = entity.wire.safeParse(record);
  if (!parsed.success) {
    return { refused: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) };
  }
  return entity.read(parsed.data).map((reading) => ('value' in reading ? reading.value : reading))[0];
}

function fixture(file: string, member: string): readonly JsonObject[] {
  const url = new URL(`../../fixtures/responses/${file}.json`, import.meta.url);
  return (JSON.parse(readFileSync(url, 'utf8')) as Record<string, JsonObject[]>)[member] ?? [];
}

const [student = {}, principal = {}] = fixture('users.1p2', 'users');
const [teacher = {}] = fixture('users.1p1', 'users');
const [session = {}] = fixture('academic-sessions.1p2', 'academicSessions');
const [section = {}] = fixture('classes.1p2', 'classes');

describe('users', () => {
  test('of 1.2 have a role at each org', () => {
    expect(read('user', student)).toEqual({
      status: 'active',
      dateLastModified: '2025-08-14T02:11:09.000Z',
      metadata: { 'sis.lunch': 'F' },
      enabledUser: true,
      givenName: 'Adaeze',
      familyName: 'Byron',
      middleName: 'M.',
      preferredFirstName: 'Ada',
      pronouns: 'she/her',
      username: 'abyron',
      userMasterIdentifier: '5300001-4711',
      identifier: '4711',
      email: 'abyron@students.maplevalley.example',
      roles: [
        {
          roleType: 'primary',
          role: 'student',
          orgSourcedId: 's-200',
          beginDate: '2025-08-25',
          endDate: '2026-06-12',
        },
        { roleType: 'secondary', role: 'student', orgSourcedId: 's-900' },
      ],
      userIds: [
        { type: 'SIS', identifier: '4711' },
        { type: 'State', identifier: 'WA0099812' },
      ],
      grades: ['09'],
      agentSourcedIds: ['u-88'],
      primaryOrgSourcedId: 's-200',
    });
    expect(read('user', principal)).toMatchObject({
      enabledUser: false,
      roles: [{ role: 'principal' }, { role: 'ext:coach' }],
    });
  });

  test('of 1.1 have their one role at each of their orgs, the first of which is the primary one', () => {
    expect(read('user', teacher)).toEqual({
      status: 'active',
      dateLastModified: '2025-08-14T02:11:09.000Z',
      enabledUser: true,
      givenName: 'Maja',
      familyName: 'Lindqvist',
      username: 'mlind',
      identifier: '0031',
      email: 'mlind@maplevalley.example',
      phone: '+1 360 555 0188',
      roles: [
        { roleType: 'primary', role: 'teacher', orgSourcedId: 's-100' },
        { roleType: 'secondary', role: 'teacher', orgSourcedId: 's-200' },
      ],
    });
  });

  test('never bring a password, nor the credentials of a profile', () => {
    const written = JSON.stringify([read('user', student), read('user', teacher)]);
    expect(JSON.stringify([student, teacher])).toContain('never-to-be-read');
    expect(written).not.toContain('never-to-be-read');
  });

  test.each(['TRUE', 'True', true])('are enabled by %j', (enabledUser) => {
    expect(read('user', { ...teacher, enabledUser })).toMatchObject({ enabledUser: true });
  });

  test('without any role are refused: who they are at the school is unknown', () => {
    expect(read('user', { ...teacher, role: undefined })).toEqual({
      refused: ['roles: a user needs roles (1.2) or a role (1.1)'],
    });
  });
});

describe('grades', () => {
  test('line items of 1.2 name session, school and scale; those of 1.1 a grading period', () => {
    const [newer = {}] = fixture('line-items.1p2', 'lineItems');
    const [older = {}] = fixture('line-items.1p1', 'lineItems');
    expect(read('lineItem', newer)).toMatchObject({
      schoolSourcedId: 's-200',
      academicSessionSourcedId: 't-1',
      scoreScaleSourcedId: 'sc-1',
      resultValueMin: 0,
      resultValueMax: 20,
      dueDate: '2025-11-11T07:59:00.000Z',
    });
    expect(read('lineItem', older)).toEqual({
      status: 'active',
      dateLastModified: '2025-08-14T02:11:09.000Z',
      title: 'Spelling',
      assignDate: '2026-01-30T00:00:00.000Z',
      dueDate: '2026-02-06T00:00:00.000Z',
      classSourcedId: 'hr-104',
      categorySourcedId: 'cat-test',
      gradingPeriodSourcedId: 'gp-3',
      resultValueMin: 0,
      resultValueMax: 10.5,
    });
  });

  test('a result keeps the words of the standard, whose status has blanks, and a score of zero', () => {
    const [newer = {}] = fixture('results.1p2', 'results');
    const [older = {}] = fixture('results.1p1', 'results');
    expect(read('result', newer)).toMatchObject({
      scoreStatus: 'fully graded',
      score: 18.5,
      late: true,
      missing: false,
    });
    expect(read('result', older)).toMatchObject({ scoreStatus: 'exempt', score: 0 });
    expect(read('result', { ...older, score: '' })).not.toHaveProperty('score');
  });
});

test.each(oneroster.entities.map(({ entityType }) => entityType))(
  'of a deleted %s no more is asked than its id',
  (name) => {
    const cleared = { sourcedId: 'x-1', status: 'tobedeleted', enabledUser: '', title: '', type: null };
    expect(read(name, cleared)).toEqual({ id: 'x-1', deleted: true });
  },
);

describe('dirty data, as schools export it', () => {
  test.each([
    ['a capitalised word', 'class', { ...section, classType: 'Scheduled' }, { classType: 'scheduled' }],
    ['a blank status', 'class', { ...section, status: '' }, { status: 'active' }],
    ['status inactive', 'class', { ...section, status: 'inactive' }, { status: 'inactive' }],
    ['grades as one text', 'class', { ...section, grades: '09,10' }, { grades: ['09', '10'] }],
    [
      'a school year as a number',
      'academicSession',
      { ...session, schoolYear: 2026 },
      { schoolYear: '2026' },
    ],
    [
      'a date with a time',
      'academicSession',
      { ...session, endDate: '2026-06-12T00:00:00.000Z' },
      { endDate: '2026-06-12' },
    ],
  ] as const)('%s is read', (_, name, record, expected) => {
    expect(read(name, record)).toMatchObject(expected);
  });

  test.each([
    [
      'a date that may be May or January',
      'academicSession',
      { ...session, startDate: '1/05/2023' },
      'startDate: "1/05/2023" is not a date (YYYY-MM-DD)',
    ],
    [
      'an unknown type',
      'academicSession',
      { ...session, type: 'module' },
      'type: "module" is not one of gradingPeriod, semester, schoolYear, term or ext:...',
    ],
    ['a class without a course', 'class', { ...section, course: null }, 'course: '],
    ['a role that nobody knows', 'user', { ...teacher, role: 'janitor' }, 'role: "janitor" is not one of '],
  ] as const)('%s is refused, naming field and value', (_, name, record, message) => {
    expect(read(name, record)).toEqual({ refused: [expect.stringContaining(message)] });
  });
});
