import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../json/json-value.ts';
import {
  type EntityType,
  entityTypeFacts,
  entityTypeNames,
  entityTypes,
  isEntityType,
} from './entity-types.ts';

const active = { status: 'active' };
const date = '2026-08-17';

/** The least that a record of each type must say. */
const least: Readonly<Record<EntityType, JsonObject>> = {
  org: { ...active, name: 'Oak', type: 'school' },
  academicSession: {
    ...active,
    title: 'Fall',
    type: 'term',
  },
  course: { ...active, title: 'Algebra' },
  class: { ...active, title: 'Algebra 1', termSourcedIds: [] },
  user: { ...active, enabledUser: true, givenName: 'Ada', familyName: 'Oak', roles: [] },
  enrollment: { ...active, userSourcedId: 'u', classSourcedId: 'k', role: 'student' },
  demographics: active,
  category: { ...active, title: 'Homework' },
  lineItem: {
    ...active,
    title: 'Essay',
    classSourcedId: 'k',
  },
  result: {
    ...active,
    lineItemSourcedId: 'l',
    studentSourcedId: 'u',
    scoreStatus: 'submitted',
  },
  attendanceEvent: { ...active, studentSourcedId: 'u', date, category: 'tardy' },
  assessment: { ...active, title: 'State test' },
  assessmentResult: {
    ...active,
    assessmentSourcedId: 'a',
    studentSourcedId: 'u',
    scoreStatus: 'submitted',
    scoreDate: date,
  },
};

function accepts(entityType: EntityType, record: JsonObject): boolean {
  return entityTypeFacts(entityType).schema.safeParse(record).success;
}

describe.each(entityTypeNames)('a canonical %s', (entityType) => {
  const record = least[entityType];

  test('is complete with the least that it must say', () => {
    expect(entityTypeFacts(entityType).schema.parse(record)).toEqual(record);
  });

  test.each(Object.keys(record))('cannot do without %s', (member) => {
    const { [member]: _, ...without } = record;
    expect(accepts(entityType, without)).toBe(false);
  });

  test('has no place for a member that is not canonical', () => {
    for (const strange of ['sourcedId', 'password', 'Status', 'extra']) {
      expect(accepts(entityType, { ...record, [strange]: 'x' }), strange).toBe(false);
    }
  });

  test('says nothing where it has nothing to say: no member is null', () => {
    for (const member of Object.keys(entityTypeFacts(entityType).schema.shape)) {
      expect(accepts(entityType, { ...record, [member]: null }), member).toBe(false);
    }
  });

  test('is active or inactive, and never marked as to be deleted', () => {
    expect(accepts(entityType, { ...record, status: 'inactive' })).toBe(true);
    for (const status of ['tobedeleted', 'Active', '']) {
      expect(accepts(entityType, { ...record, status }), status).toBe(false);
    }
  });

  test('keeps the vendor’s metadata whatever it is, and when it changed', () => {
    const metadata = { 'x.y': [1, { z: null }], '': 'empty name' };
    expect(accepts(entityType, { ...record, metadata, dateLastModified: '2026-08-17T08:00:00+02:00' })).toBe(
      true,
    );
    expect(accepts(entityType, { ...record, dateLastModified: '2026-08-17 08:00' })).toBe(false);
    expect(accepts(entityType, { ...record, metadata: 'text' })).toBe(false);
  });

  test('holds lists and objects that are strict and whole all the way down', () => {
    const { schema } = entityTypeFacts(entityType);
    for (const member of Object.keys(schema.shape).filter((name) => name !== 'metadata')) {
      expect(accepts(entityType, { ...record, [member]: { extra: 1 } }), member).toBe(false);
      expect(accepts(entityType, { ...record, [member]: [{ extra: 1 }] }), member).toBe(false);
      expect(accepts(entityType, { ...record, [member]: [null] }), member).toBe(false);
    }
  });
});

test('a role of a user has no place for a stranger either', () => {
  const role = { roleType: 'primary', role: 'student', orgSourcedId: 'o' };
  expect(accepts('user', { ...least.user, roles: [role] })).toBe(true);
  expect(accepts('user', { ...least.user, roles: [{ ...role, userProfile: 'x' }] })).toBe(false);
  expect(accepts('user', { ...least.user, userIds: [{ type: 'sis', identifier: '7', extra: 1 }] })).toBe(
    false,
  );
});

test.each([
  ['as a timetable says it', { startTime: '08:00', endTime: '23:59', room: 'B12', building: 'Hall' }, true],
  ['without a time, as it may be arranged', { days: [] }, true],
  ['at no time of the day', { startTime: '24:00' }, false],
  ['at a time of another form', { startTime: '8:00 AM' }, false],
  ['on no day of the week', { days: ['Mon'] }, false],
  ['without an id', { id: '' }, false],
])('a class may meet %s: %s', (_case, members, isSound) => {
  const meeting = { id: 'm1', days: ['monday', 'friday'], ...members };
  expect(accepts('class', { ...least.class, meetings: [meeting] })).toBe(isSound);
});

describe('the entity types', () => {
  test('refer to known ones only, each to what stands before it: that order is the order of work, and has no circle', () => {
    for (const [index, name] of entityTypeNames.entries()) {
      const positions = entityTypes[name].refersTo.map((other) => entityTypeNames.indexOf(other));
      expect(
        positions.every((position) => position >= 0 && position < index),
        name,
      ).toBe(true);
      expect(new Set(positions).size, name).toBe(positions.length);
    }
  });

  test('name what they refer to by a member for each, but for demographics, which stand under the user’s id', () => {
    const memberOf: Readonly<Record<string, readonly string[]>> = {
      org: ['orgSourcedId', 'schoolSourcedId', 'primaryOrgSourcedId'],
      academicSession: ['schoolYearSourcedId', 'termSourcedIds', 'gradingPeriodSourcedId'],
      user: ['userSourcedId', 'studentSourcedId', 'agentSourcedIds'],
    };
    for (const name of entityTypeNames.filter((each) => each !== 'demographics')) {
      const members = Object.keys(entityTypes[name].schema.shape);
      for (const other of entityTypes[name].refersTo) {
        const names = memberOf[other] ?? [`${other}SourcedId`];
        expect(
          names.some((member) => members.includes(member)),
          `${name} to ${other}`,
        ).toBe(true);
      }
    }
  });

  test.each([
    ['user', true],
    ['lineItem', true],
    ['User', false],
    ['toString', false],
    ['__proto__', false],
    ['', false],
  ])('%j is one of them: %j', (name, known) => {
    expect(isEntityType(name)).toBe(known);
  });
});
