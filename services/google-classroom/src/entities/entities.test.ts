import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { describe, expect, test } from 'vitest';
import { gradeOf } from '../wire/levels.ts';
import { isSchool, schoolOf } from '../wire/org-unit.ts';
import { categories } from './categories.ts';
import { classes } from './classes.ts';
import { lineItems } from './line-items.ts';
import { results } from './results.ts';

test.each([
  ['9th grade', '09'],
  ['Grade 12', '12'],
  [' 1st  Grade', '01'],
  ['2nd grade', '02'],
  ['3rd grade', '03'],
  ['Kindergarten', 'KG'],
  ['KG', 'KG'],
  ['1th grade', undefined],
  ['13th grade', undefined],
  ['Grade 0', undefined],
  ['9', undefined],
  ['3000', undefined],
  ['K-2', undefined],
  ['4th - 5th', undefined],
  ['Middle school', undefined],
  [undefined, undefined],
])('the levels %j are grade %j', (levels, grade) => {
  expect(gradeOf(levels)).toBe(grade);
});

test.each([
  ['/Schools/Oak/Students', ['/Schools/*'], '/Schools/Oak'],
  ['/Schools/Oak', ['/Schools/*'], '/Schools/Oak'],
  ['/Schools', ['/Schools/*'], '/Schools'],
  ['/Oak/Students/Year 9', ['/*'], '/Oak'],
  ['/Elm/Staff', ['/Oak', '/Elm'], '/Elm'],
  ['/Elmwood/Staff', ['/Elm'], '/Elmwood/Staff'],
  ['/', ['/*'], '/'],
  ['/Staff', [], '/Staff'],
])('whoever is in %s is, with the schools %j, at %s', (path, schools, school) => {
  expect(schoolOf(path, schools)).toBe(school);
  expect(isSchool(school, schools)).toBe(
    schools.length > 0 && school !== '/' && school !== '/Schools' && school !== '/Elmwood/Staff',
  );
});

const work = { courseId: '1', id: '2', title: 'Essay' };

describe('course work', () => {
  function read(members: JsonObject) {
    const [reading] = lineItems.read(lineItems.wire.parse({ ...work, ...members }));
    return reading !== undefined && 'value' in reading ? reading.value : reading;
  }

  test.each<[string, JsonObject, object]>([
    [
      'due at a time',
      { dueDate: { year: 2026, month: 2, day: 3 }, dueTime: { hours: 6, minutes: 59 } },
      { dueDate: '2026-02-03T06:59:00.000Z' },
    ],
    [
      'due at midnight, which is no time',
      { dueDate: { year: 2026, month: 2, day: 3 }, dueTime: {} },
      { dueDate: '2026-02-03T00:00:00.000Z' },
    ],
    [
      'due at midnight, left out',
      { dueDate: { year: 2026, month: 2, day: 3 } },
      { dueDate: '2026-02-03T00:00:00.000Z' },
    ],
    ['for points', { maxPoints: 20 }, { resultValueMin: 0, resultValueMax: 20 }],
    ['for points as text', { maxPoints: '20' }, { resultValueMax: 20 }],
    ['in a category', { gradeCategory: { id: '7' } }, { categorySourcedId: '1.7' }],
    [
      'of another kind',
      { workType: 'SHORT_ANSWER_QUESTION' },
      { metadata: { workType: 'SHORT_ANSWER_QUESTION' } },
    ],
    ['that is a draft', { state: 'DRAFT' }, { id: '1.2', deleted: true }],
    ['that is deleted', { state: 'DELETED' }, { id: '1.2', deleted: true }],
  ])('%s', (_, members, expected) => {
    expect(read(members)).toMatchObject(expected);
  });

  test('for no points, or zero, is not graded', () => {
    for (const members of [{}, { maxPoints: 0 }]) {
      expect(read(members)).not.toHaveProperty('resultValueMax');
      expect(read(members)).not.toHaveProperty('resultValueMin');
    }
  });

  test.each([
    ['a title that is none', { title: null }],
    ['a date without a day', { dueDate: { year: 2026, month: 2 } }],
    ['points in words', { maxPoints: 'ten' }],
    ['a moment that is none', { updateTime: '3 February' }],
  ])('with %s is quarantined', (_, members) => {
    expect(lineItems.wire.safeParse({ ...work, ...members }).success).toBe(false);
    expect(lineItems.idOf({ ...work, ...members })).toBe('1.2');
  });
});

describe('a submission', () => {
  const submission = { courseId: '1', courseWorkId: '2', id: '3', userId: '4' };
  const graded = [
    {
      gradeHistory: {
        gradeTimestamp: '2026-02-03T04:05:06Z',
        gradeChangeType: 'ASSIGNED_GRADE_POINTS_EARNED_CHANGE',
      },
    },
    {
      gradeHistory: {
        gradeTimestamp: '2026-02-05T04:05:06Z',
        gradeChangeType: 'DRAFT_GRADE_POINTS_EARNED_CHANGE',
      },
    },
    { stateHistory: { state: 'RETURNED' } },
  ];

  test.each<[string, JsonObject, object]>([
    ['that is not begun', { state: 'NEW' }, { scoreStatus: 'not submitted', late: false }],
    ['taken back', { state: 'RECLAIMED_BY_STUDENT' }, { scoreStatus: 'not submitted' }],
    ['handed in late', { state: 'TURNED_IN', late: true }, { scoreStatus: 'submitted', late: true }],
    ['given back without a grade', { state: 'RETURNED' }, { scoreStatus: 'submitted' }],
    ['with a draft', { draftGrade: 5 }, { scoreStatus: 'partially graded', metadata: { draftGrade: 5 } }],
    [
      'with a grade',
      { draftGrade: 5, assignedGrade: 5, submissionHistory: graded },
      { scoreStatus: 'fully graded', score: 5, scoreDate: '2026-02-03' },
    ],
    ['with a grade of nothing', { assignedGrade: 0 }, { scoreStatus: 'fully graded', score: 0 }],
    ['with another draft', { draftGrade: 6, assignedGrade: 5 }, { score: 5, metadata: { draftGrade: 6 } }],
    [
      'with another draft, where drafts are ours to write',
      { draftGrade: 6, assignedGrade: 5, isDraftGrade: true, submissionHistory: graded },
      { score: 6, scoreDate: '2026-02-05' },
    ],
  ])('%s', (_, members, expected) => {
    const [reading] = results.read(results.wire.parse({ ...submission, ...members }));
    expect(reading).toMatchObject({ id: '1.2.3', value: expected });
  });

  test('without a grade has neither score nor date', () => {
    const [reading] = results.read(results.wire.parse({ ...submission, submissionHistory: graded }));
    expect(reading).not.toHaveProperty('value.score');
    expect(reading).not.toHaveProperty('value.scoreDate');
  });
});

test('a course is active until it is put away', () => {
  const statuses = ['ACTIVE', 'PROVISIONED', 'ARCHIVED', 'DECLINED', 'SUSPENDED'].map((courseState) => {
    const [reading] = classes.read(classes.wire.parse({ id: '1', name: 'Algebra', courseState }));
    return reading !== undefined && 'value' in reading ? [reading.value.status, reading.value.metadata] : [];
  });
  expect(statuses).toEqual([
    ['active', undefined],
    ['active', { courseState: 'PROVISIONED' }],
    ['inactive', { courseState: 'ARCHIVED' }],
    ['inactive', { courseState: 'DECLINED' }],
    ['inactive', { courseState: 'SUSPENDED' }],
  ]);
});

test('a category’s weight is of a million', () => {
  const gradeCategories = [
    { id: '7', name: 'Homework', weight: 123400 },
    { id: '8', name: 'Tests' },
  ];
  const readings = categories.read(
    categories.wire.parse({ id: '1', gradebookSettings: { gradeCategories } }),
  );
  expect(readings).toEqual([
    { id: '1.7', value: { status: 'active', title: 'Homework', weight: 12.34 } },
    { id: '1.8', value: { status: 'active', title: 'Tests' } },
  ]);
});
