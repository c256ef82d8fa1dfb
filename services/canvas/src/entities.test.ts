import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { describe, expect, test } from 'vitest';
import { enrollments } from './entities/enrollments.ts';
import { lineItems } from './entities/line-items.ts';
import { orgs } from './entities/orgs.ts';
import { results } from './entities/results.ts';
import { users } from './entities/users.ts';

interface Readable {
  readonly wire: { parse(record: unknown): unknown };
  readonly read: (record: never) => readonly object[];
}

function read({ wire, read: readings }: Readable, record: JsonObject) {
  return readings(wire.parse(record) as never) as readonly {
    readonly id: string;
    readonly value?: JsonObject;
  }[];
}

describe('a name', () => {
  test.each([
    [{ sortable_name: 'Lovelace, Ada' }, 'Ada', 'Lovelace'],
    [{ sortable_name: 'Lovelace, Ada, "Ace"' }, 'Ada, "Ace"', 'Lovelace'],
    [{ sortable_name: 'Prince' }, 'Prince', ''],
    [{}, 'Ada Lovelace', ''],
    [
      { sortable_name: 'Lovelace, Ada', first_name: 'Ada King', last_name: 'Lovelace' },
      'Ada King',
      'Lovelace',
    ],
  ])('of %j', (members, givenName, familyName) => {
    const [reading] = read(users, { id: '1', name: 'Ada Lovelace', ...members });
    expect(reading?.value).toMatchObject({ givenName, familyName });
  });
});

test('an id may have more digits than a number holds, as text; as a number it is refused rather than rounded', () => {
  expect(users.idOf({ id: '19007199254740993' })).toBe('19007199254740993');
  expect(users.idOf({ id: 19007199254740993 })).toBeUndefined();
  expect(users.idOf({ id: 10000000000123 })).toBe('10000000000123');
});

test('an account is a district, a school or a department by where it stands', () => {
  const types = [
    { parent_account_id: null, root_account_id: null },
    { parent_account_id: '1', root_account_id: '1' },
    { parent_account_id: '2', root_account_id: '1' },
  ].map((members) => read(orgs, { id: '9', name: 'X', ...members })[0]?.value?.type);
  expect(types).toEqual(['district', 'school', 'department']);
});

describe('an enrollment', () => {
  const base = { id: '1', course_id: '2', course_section_id: '3', user_id: '4', type: 'StudentEnrollment' };
  test.each([
    [
      { enrollment_state: 'invited' },
      { status: 'active', role: 'student', metadata: { enrollment_state: 'invited' } },
    ],
    [{ enrollment_state: 'completed' }, { status: 'active' }],
    [{ enrollment_state: 'inactive' }, { status: 'inactive' }],
    [
      { type: 'TaEnrollment', role: 'Lab assistant' },
      { role: 'aide', metadata: { role: 'Lab assistant' } },
    ],
    [
      { type: 'ObserverEnrollment', associated_user_id: 7 },
      { role: 'ext:observer', metadata: { associated_user_id: '7' } },
    ],
    [{ start_at: '2025-08-18T07:00:00Z', time_zone: 'America/Los_Angeles' }, { beginDate: '2025-08-18' }],
    [{ start_at: '2025-08-19T06:59:00Z', time_zone: 'America/Los_Angeles' }, { beginDate: '2025-08-18' }],
  ])('of %j', (members, expected) => {
    expect(read(enrollments, { ...base, ...members })[0]?.value).toMatchObject(expected);
  });

  test('that is deleted is gone', () => {
    expect(read(enrollments, { ...base, enrollment_state: 'deleted' })).toEqual([{ id: '1', deleted: true }]);
  });

  test('of a type that nobody knows is refused by name', () => {
    expect(() => read(enrollments, { ...base, type: 'MascotEnrollment' })).toThrow('Mascot');
  });
});

describe('an assignment', () => {
  const base = { id: '7', course_id: '2', section_id: '3', name: 'Essay', due_at: '2026-03-01T08:00:00Z' };
  const others = { only_visible_to_overrides: true };

  test.each([
    [{}, ['2.3.7']],
    [{ ...others, overrides: [{ course_section_id: 3 }] }, ['2.3.7']],
    [{ ...others, overrides: [{ course_section_id: '4' }] }, []],
    [{ ...others, overrides: [{ course_section_id: '4' }, { student_ids: ['5'] }] }, ['2.3.7']],
  ])('with %j is there for the section or not', (members, ids) => {
    const record = { ...base, ...members };
    expect(read(lineItems, record).map(({ id }) => id)).toEqual(ids);
    expect(lineItems.idOf(record)).toBe(ids[0]);
  });

  test.each([
    [[{ course_section_id: '3', due_at: '2026-03-08T08:00:00Z' }], '2026-03-08T08:00:00.000Z'],
    [[{ course_section_id: '3' }], '2026-03-01T08:00:00.000Z'],
    [[{ course_section_id: '3', due_at: null }], undefined],
    [[{ course_section_id: '4', due_at: null }], '2026-03-01T08:00:00.000Z'],
  ])('with %j is due when the section has it', (overrides, due) => {
    expect(read(lineItems, { ...base, overrides })[0]?.value?.dueDate).toBe(due);
  });
});

describe('a submission', () => {
  const base = {
    course_id: '2',
    section_id: '3',
    assignment_id: '7',
    user_id: '4',
    workflow_state: 'graded',
  };
  const by = (author_id: string, comment: string) => ({ author_id, comment });

  test.each([
    [
      { score: 7.5, grade: '7.5' },
      { scoreStatus: 'fully graded', score: 7.5 },
    ],
    [
      { score: 7.5, grade: 'B' },
      { score: 7.5, textScore: 'B' },
    ],
    [{ score: 7, grade: '7', grade_matches_current_submission: false }, { scoreStatus: 'partially graded' }],
    [{ excused: true }, { scoreStatus: 'exempt' }],
    [{ workflow_state: 'pending_review' }, { scoreStatus: 'partially graded' }],
    [
      { workflow_state: 'unsubmitted', missing: true },
      { scoreStatus: 'not submitted', missing: true },
    ],
    [{ submission_comments: [by('9', 'Old'), by('9', 'New'), by('4', 'Thanks')] }, { comment: 'New' }],
  ])('of %j', (members, expected) => {
    expect(read(results, { ...base, ...members })).toMatchObject([{ id: '2.3.7.4', value: expected }]);
  });
});
