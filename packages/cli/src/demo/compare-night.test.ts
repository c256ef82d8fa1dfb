import { noCounts } from '@flotilla/substrate/report/run-counts';
import { describe, expect, test } from 'vitest';
import { addCounts, compareReport, describeCounts, expectEdits, expectFirstNight } from './compare-night.ts';

const zero = { created: 0, updated: 0, deleted: 0 };

describe('what a night must report', () => {
  test('is every record as created, the first time', () => {
    expect(expectFirstNight({ orgs: 2, lineItems: 3 })).toEqual(
      new Map([
        ['org', { ...zero, created: 2 }],
        ['lineItem', { ...zero, created: 3 }],
      ]),
    );
  });

  test('is every edit, later', () => {
    expect(expectEdits({ users: { created: 1, updated: 2, removed: 3 } })).toEqual(
      new Map([['user', { created: 1, updated: 2, deleted: 3 }]]),
    );
  });
});

describe('a report', () => {
  test('that says exactly what was expected is equal throughout', () => {
    const compared = compareReport(new Map([['user', { ...zero, updated: 2 }]]), {
      steps: [step('org', {}), step('user', { updated: 2 })],
    });

    expect(compared.map(({ entityType, isEqual }) => [entityType, isEqual])).toEqual([
      ['org', true],
      ['user', true],
    ]);
  });

  test.each([
    ['too few', { updated: 1 }],
    ['too many', { updated: 3 }],
    ['as something else', { created: 2 }],
    ['and more besides', { updated: 2, deleted: 1 }],
  ])('that names %s differs', (_how, counts) => {
    const [compared] = compareReport(new Map([['user', { ...zero, updated: 2 }]]), {
      steps: [step('user', counts)],
    });

    expect(compared?.isEqual).toBe(false);
  });

  test('that lacks an entity type, or has one that nobody touched, differs', () => {
    const expected = new Map([['user', { ...zero, created: 1 }]]);
    const compared = compareReport(expected, { steps: [step('org', { created: 1 })] });

    expect(compared.filter(({ isEqual }) => !isEqual).map(({ entityType }) => entityType)).toEqual([
      'org',
      'user',
    ]);
  });
});

test('counts are told without what did not happen', () => {
  expect(describeCounts({ created: 1200, updated: 0, deleted: 3 })).toBe('1,200 created, 3 deleted');
  expect(describeCounts(zero)).toBe('nothing');
  expect(addCounts([{ ...zero, created: 1 }, { ...zero, created: 2 }, zero])).toEqual({
    ...zero,
    created: 3,
  });
});

function step(entityType: string, counts: Partial<typeof zero>) {
  return {
    entityType,
    stage: 'done',
    status: 'done',
    seconds: 1,
    pages: 1,
    announced: 1,
    counts: { ...noCounts, ...counts },
  };
}
