import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { Connection } from '../connection.ts';
import { academicSessions } from './academic-sessions.ts';
import { classes } from './classes.ts';
import { courses } from './courses.ts';
import { demographics } from './demographics.ts';
import { enrollments } from './enrollments.ts';
import { orgs } from './orgs.ts';
import { results } from './results.ts';
import { users } from './users.ts';

interface Readable {
  readonly wire: z.ZodType;
  readonly read: (record: never) => readonly object[];
}

function fixture(name: string): readonly Record<string, unknown>[] {
  return JSON.parse(readFileSync(new URL(`../../fixtures/responses/${name}.json`, import.meta.url), 'utf8'));
}

/** The values of the first canonical record that each of them makes. */
function valuesOf({ wire, read }: Readable, records: readonly unknown[]): readonly unknown[] {
  return records.flatMap((record) => read(wire.parse(record) as never));
}

function refusalOf({ wire }: Readable, record: unknown): string {
  return JSON.stringify(
    wire.safeParse(record).error?.issues.map(({ path, message }) => [path.join('/'), message]),
  );
}

const bio = 'b3c4d5e6-f7a8-4b9c-8d0e-1f2a3b4c5d01';
const fall = 'e13629a1-6a5c-4c6c-9f46-3a5d5d2c8a02';

describe('persons', () => {
  test('go by the legal name, are called by the preferred one, and keep what the state knows them by', () => {
    const [maria, suharto] = valuesOf(users, fixture('users'));
    expect(maria).toEqual({
      id: '4f35bbd5-2222-4b3c-8d4e-5f6a7b8c9d01',
      value: {
        status: 'active',
        dateLastModified: '2025-06-11T18:22:41.000Z',
        enabledUser: true,
        givenName: 'Maria',
        middleName: 'Elena',
        familyName: 'de la Cruz',
        preferredFirstName: 'Mia',
        username: 'MDELACRUZ',
        identifier: 'A00012345',
        userIds: [
          { type: 'bannerId', identifier: 'A00012345' },
          { type: 'bannerSourcedId', identifier: '12345' },
        ],
        email: 'mia.delacruz@mvsu.example',
        phone: '509-555-0101',
        sms: '+1 509-555-0144',
        roles: [
          { roleType: 'primary', role: 'student' },
          { roleType: 'secondary', role: 'ext:employee' },
        ],
      },
    });
    expect(suharto).toMatchObject({
      value: { enabledUser: false, givenName: '', familyName: 'Suharto', identifier: '0012297' },
    });
    expect(JSON.stringify([maria, suharto])).not.toContain('078-05-1120');
  });

  test('with several names, none of them legal or preferred, are refused', () => {
    const names = [{ lastName: 'One' }, { lastName: 'Two' }];
    expect(refusalOf(users, { id: 'p', names })).toContain('["names","of several names');
  });

  test('of several emails none of which is primary have none that counts', () => {
    const emails = [{ address: 'a@x.example' }, { address: 'b@x.example' }];
    const [reading] = valuesOf(users, [{ id: 'p', names: [{ lastName: 'One' }], emails }]);
    expect(reading).toMatchObject({ value: { familyName: 'One' } });
    expect(reading).not.toHaveProperty('value.email');
  });

  test('have demographics only where they say something of them', () => {
    expect(valuesOf(demographics, fixture('demographics'))).toEqual([
      {
        id: '4f35bbd5-2222-4b3c-8d4e-5f6a7b8c9d01',
        value: {
          status: 'active',
          dateLastModified: '2025-06-11T18:22:41.000Z',
          birthDate: '2004-02-29',
          sex: 'female',
          americanIndianOrAlaskaNative: false,
          asian: false,
          blackOrAfricanAmerican: false,
          nativeHawaiianOrOtherPacificIslander: false,
          white: true,
          demographicRaceTwoOrMoreRaces: false,
          hispanicOrLatinoEthnicity: true,
        },
      },
    ]);
    const { id } = fixture('users')[1] ?? {};
    expect(demographics.idOf({ id, gender: null })).toBeUndefined();
  });
});

describe('sections', () => {
  const common = {
    status: 'active',
    title: 'Introduction to Biology',
    classCode: '10042',
    beginDate: '2025-08-25',
    endDate: '2025-12-19',
    courseSourcedId: bio,
    schoolSourcedId: '3a4b5c6d-7e8f-4a0b-9c1d-2e3f4a5b6c07',
    termSourcedIds: [fall],
  };

  test('are read in their own representation', () => {
    const [section, thesis] = valuesOf(classes, fixture('classes'));
    expect(section).toMatchObject({
      value: {
        ...common,
        credits: 4,
        metadata: { number: '001', alternateIds: { 'Source Key': '10042.202610' } },
      },
    });
    expect(thesis).toEqual({
      id: '20061ab5-1111-4a5b-8c6d-7e8f9a0b1c03',
      value: {
        status: 'inactive',
        title: 'Thesis',
        classCode: '002',
        beginDate: '2025-08-25',
        courseSourcedId: 'b3c4d5e6-f7a8-4b9c-8d0e-1f2a3b4c5d02',
        termSourcedIds: [fall],
        metadata: { number: '002' },
      },
    });
  });

  test('have subjects and meetings in the maximum one, in order of the ids, at the times on the wall', () => {
    const [section] = valuesOf(classes, fixture('classes.maximum'));
    expect(section).toMatchObject({
      value: {
        ...common,
        subjects: ['Biology'],
        subjectCodes: ['BIOL'],
        meetings: [
          { id: '7a8b9c0d-1e2f-4a3b-8c4d-5e6f7a8b9c01', days: [] },
          {
            id: '7a8b9c0d-1e2f-4a3b-8c4d-5e6f7a8b9c02',
            days: ['monday', 'wednesday', 'friday'],
            startTime: '09:00',
            endTime: '09:50',
            beginDate: '2025-08-25',
            endDate: '2025-12-19',
            room: 'B101',
            building: 'Science Hall',
          },
        ],
      },
    });
  });

  test('name what is wrong with them', () => {
    const [section] = fixture('classes');
    expect(refusalOf(classes, { ...section, startOn: '8/25/2025' })).toContain('"startOn"');
    expect(refusalOf(classes, { ...section, course: {} })).toContain('"course/id"');
    expect(refusalOf(classes, { ...section, titles: [] })).toContain('"titles"');
  });
});

describe('registrations and instructors', () => {
  test('are enrollments, and who has dropped is in the class no more', () => {
    expect(valuesOf(enrollments, fixture('enrollments'))).toMatchObject([
      {
        id: '184fa990-3333-4166-8405-37629b1c2ad5',
        value: {
          role: 'student',
          beginDate: '2025-08-25',
          metadata: { academicLevel: 'dd11bb22-cc33-4d44-8e55-ff6677889900' },
        },
      },
      { id: '184fa990-3333-4166-8405-37629b1c2ad6', deleted: true },
    ]);
  });

  test('of two resources have ids that tell them apart, by which one is read again', () => {
    const record = {
      id: '0A',
      instructor: { id: 'p' },
      section: { id: 's' },
      instructorRole: 'primary',
      resource: 'section-instructors',
    };
    const id = 'instructor-0a';
    expect(valuesOf(enrollments, [record])).toMatchObject([
      { id, value: { role: 'teacher', primary: true } },
    ]);
    expect(enrollments.idOf({ ...record, instructor: null })).toBe(id);
    expect(enrollments.one?.(id, Connection.parse({}))).toMatchObject({
      path: '/api/section-instructors/0a',
      implied: { resource: 'section-instructors' },
    });
  });
});

test('units of every kind are orgs, and other institutions none', () => {
  const unit = { resource: 'educational-institution-units', id: 'u', title: ' Biology ' };
  const parents = { institution: { id: 'i' }, unit: { id: 'c' } };
  expect(
    valuesOf(orgs, [
      ...fixture('orgs'),
      { ...unit, type: 'department', parents },
      { ...unit, id: 'c', type: 'college', parents: { institution: { id: 'i' }, unit: {} } },
      { resource: 'sites', id: 's', title: 'Main', code: 'MC', institution: { id: 'i' } },
    ]),
  ).toMatchObject([
    { value: { type: 'district', name: 'Maple Valley State University' } },
    { deleted: true },
    { value: { type: 'department', name: 'Biology', parentSourcedId: 'c' } },
    { value: { type: 'ext:college', parentSourcedId: 'i' } },
    { value: { type: 'school', identifier: 'MC', parentSourcedId: 'i' } },
  ]);
  expect(refusalOf(orgs, unit)).toContain('"type"');
});

test('periods, courses and transcripts are read as they are', () => {
  expect(valuesOf(academicSessions, fixture('academic-sessions'))).toMatchObject([
    { value: { type: 'schoolYear', metadata: { code: '2025' }, startDate: '2025-08-25' } },
    { value: { type: 'term', parentSourcedId: '4d5f1f6e-7c54-4a5b-8a63-6a4b7c7d5e01' } },
    { id: '0b6a5c1e-9d3f-4e5a-b1c2-d3e4f5a6b703', value: { type: 'gradingPeriod', parentSourcedId: fall } },
  ]);
  expect(valuesOf(courses, fixture('courses'))).toMatchObject([
    {
      value: {
        title: 'Introduction to Biology',
        courseCode: '101',
        credits: 4,
        orgSourcedId: '6d6040a5-1a98-4614-943d-ad20101ff057',
      },
    },
    { value: { title: 'Thesis', courseCode: '599', credits: 1 } },
  ]);
  expect(valuesOf(results, fixture('results'))).toMatchObject([
    { value: { lineItemSourcedId: '20061ab5-1111-4a5b-8c6d-7e8f9a0b1c02', scoreDate: '2025-12-22' } },
    { deleted: true },
  ]);
});
