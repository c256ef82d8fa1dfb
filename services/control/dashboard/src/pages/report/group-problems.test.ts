import { describe, expect, test } from 'vitest';
import { groupProblems, type Problem } from './group-problems.ts';

const leftOut: Problem = {
  code: 'record_quarantined',
  title: 'A record was left out',
  entityType: 'user',
  recordId: 'u1',
  place: 'page 1, record 1',
  message: 'The record does not have the expected form',
  data: {},
  vendorAnswer: null,
  retry: 'never',
  again: 'Not retried in this run.',
  actor: 'school',
  advice: 'Correct it in the vendor system.',
};

describe('the problems of a report', () => {
  test('stand together by their kind, in the order of the first of each, and say whose they are in words', () => {
    const down: Problem = {
      ...leftOut,
      code: 'vendor_unavailable',
      title: 'It does not answer',
      actor: 'vendor',
    };
    const groups = groupProblems([down, leftOut, { ...leftOut, recordId: 'u2' }]);

    expect(groups.map(({ title, who, problems }) => [title, who, problems.length])).toEqual([
      ['It does not answer', 'The vendor', 1],
      ['A record was left out', "The school's staff", 2],
    ]);
    expect(new Set(groups.map(({ anchor }) => anchor)).size).toBe(2);
  });

  test('of one kind stand apart where something else is to be done about them', () => {
    expect(groupProblems([leftOut, { ...leftOut, advice: 'Nothing is to be done.' }])).toHaveLength(2);
  });

  test('are none where there are none', () => {
    expect(groupProblems([])).toEqual([]);
  });
});
