import { expect, test } from 'vitest';
import { withoutDemographics } from './without-demographics.ts';

test('a mail carries no values of demographics, and still says how many more records there are', () => {
  const record = { recordId: 'stu-1', action: 'update' as const, fields: [] };
  const problem = {
    code: 'record_quarantined' as const,
    title: 'A record was left out',
    recordId: 'stu-1',
    place: null,
    message: 'It does not fit',
    data: { found: '1/05/2023' },
    vendorAnswer: { status: 422, request: null, text: 'born 1/05/2023' },
    retry: 'never' as const,
    again: 'Not retried.',
    actor: 'school' as const,
    advice: 'Correct it.',
  };
  const report = {
    changes: [
      { ...record, entityType: 'demographics' },
      { ...record, entityType: 'user' },
    ],
    changesOmitted: 3,
    pushes: [],
    pushesOmitted: 0,
    conflicts: [],
    planned: [{ entityType: 'demographics', recordId: 'stu-1', toOurs: [], toTheirs: [], conflicts: [] }],
    plannedOmitted: 0,
    problems: [
      { ...problem, entityType: 'demographics' },
      { ...problem, entityType: 'user' },
    ],
  };

  const told = withoutDemographics(report);

  expect(told.changes.map(({ entityType }) => entityType)).toEqual(['user']);
  expect([told.changesOmitted, told.planned.length, told.plannedOmitted]).toEqual([4, 0, 1]);
  expect(told.problems.map(({ data, vendorAnswer }) => [data, vendorAnswer])).toEqual([
    [{}, null],
    [{ found: '1/05/2023' }, { status: 422, request: null, text: 'born 1/05/2023' }],
  ]);
});
