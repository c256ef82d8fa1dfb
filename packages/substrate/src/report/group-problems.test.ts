import { describe, expect, test } from 'vitest';
import { describeProblem, type ReportProblem } from './describe-problem.ts';
import { groupProblems } from './group-problems.ts';

function problem(
  code: 'vendor_unavailable' | 'record_quarantined',
  recordId: string,
  advice?: string,
): ReportProblem {
  const where = { entityType: 'user', recordId, ...(advice === undefined ? {} : { advice }) };
  return describeProblem({ code, message: 'No', data: {} }, true, where);
}

describe('the problems of a report', () => {
  test('stand together by their kind, in the order of the first of each, and say whose they are in words', () => {
    const groups = groupProblems([
      problem('vendor_unavailable', 'u0'),
      problem('record_quarantined', 'u1'),
      problem('record_quarantined', 'u2'),
    ]);

    expect(groups.map(({ title, who, problems }) => [title, who, problems.length])).toEqual([
      ["The vendor's server does not answer", 'The vendor', 1],
      ['A record was left out', "The school's staff", 2],
    ]);
  });

  test('of one kind stand apart where something else is to be done about them', () => {
    const other = problem('record_quarantined', 'u2', 'Nothing is to be done.');
    expect(groupProblems([problem('record_quarantined', 'u1'), other])).toHaveLength(2);
  });

  test('are none where there are none', () => {
    expect(groupProblems([])).toEqual([]);
  });
});
