import { describe, expect, test } from 'vitest';
import { renderReportText } from './render-report-text.ts';
import { entityType, source } from './report-source.fixture.ts';
import { buildReport } from './run-report.ts';

const noPlan = {
  toOurs: { create: 0, update: 0, delete: 0 },
  toTheirs: { create: 0, update: 0, delete: 0 },
};

describe('a run that is held', () => {
  const exceeded = {
    direction: 'toOurs',
    action: 'delete',
    planned: 120,
    allowed: 25,
    stored: 200,
  } as const;
  const held = source(
    {
      entityTypes: [
        entityType(
          'user',
          { received: 80, unchanged: 80 },
          {
            stage: 'planned',
            finishedAt: null,
            plan: {
              counts: { ...noPlan, toOurs: { create: 0, update: 0, delete: 120 } },
              conflicts: 0,
              exceeded: [exceeded, { ...exceeded, school: 'oak', planned: 70, allowed: 30, stored: 70 }],
            },
          },
        ),
      ],
      planned: [
        {
          entityType: 'user',
          recordId: 'u1',
          toOurs: [{ action: 'delete', pointer: '', before: { givenName: 'Ann' }, rule: 'theirs changed' }],
          toTheirs: [],
          conflicts: [],
        },
      ],
    },
    { state: 'held', finishedAt: null, dueAt: '2026-01-08T02:00:00.000Z' },
  );

  test('says over which limit, what was done so far, and by when somebody must decide', () => {
    expect(buildReport(held).verdict).toBe(
      'Held: 120 user deletions on our side, where 25 are allowed; 70 user deletions on our side in school oak, where 30 are allowed. Nothing has been changed; approve or reject it by 2026-01-08 02:00 UTC.',
    );
  });

  test('counts one as one', () => {
    const one = { ...exceeded, planned: 1, allowed: 1, school: 'oak' };
    const plan = { counts: noPlan, conflicts: 0, exceeded: [one, one, one, one] };
    const entityTypes = [entityType('user', { received: 1 }, { stage: 'planned', finishedAt: null, plan })];
    expect(buildReport({ ...held, entityTypes }).verdict).toMatch(
      /^Held: 1 user deletion on our side in school oak, where 1 is allowed; .*; and 1 more limit\. /,
    );
  });

  test('names each limit as a problem that a person ends', () => {
    expect(buildReport(held).problems).toEqual([
      expect.objectContaining({
        code: 'limit_exceeded',
        entityType: 'user',
        actor: 'school',
        data: exceeded,
      }),
      expect.objectContaining({ data: expect.objectContaining({ school: 'oak' }) }),
    ]);
  });

  test('shows what it would do, and how much more of it there is', () => {
    const report = buildReport(held);
    expect(report.plannedOmitted).toBe(119);
    const text = renderReportText(report);
    expect(text).toContain('Would change\n  delete user u1 on our side   (theirs changed)\n  … and 119 more');
  });

  test('once it was approved and carried out tells what changed, who approved it, and no plan or limit any more', () => {
    const { at, by, reason } = { at: '2026-01-01T07:00:00.000Z', by: 'ann', reason: 'a merger' };
    const decision = { decision: 'approved', by, at, reason } as const;
    const report = buildReport({ ...held, run: { ...held.run, state: 'succeeded', decision } });
    expect(report).toMatchObject({ problems: [], planned: [], plannedOmitted: 0 });
    const text = renderReportText(report);
    expect(text).toContain('approved by ann at 2026-01-01T07:00:00.000Z: a merger');
    expect(text).not.toContain('Would change');
  });

  test.each([
    [{ state: 'held' }, /Look at the preview, then approve or reject/],
    [{ state: 'succeeded', isDryRun: true }, /A real run would be held/],
  ])('as %o advises what can be done about a limit then', (run, advice) => {
    const report = buildReport({ ...held, run: { ...held.run, ...run } });
    expect(report.problems).toHaveLength(2);
    for (const problem of report.problems) expect(problem.advice).toMatch(advice);
    expect(report.plannedOmitted).toBe(119);
  });

  test.each([
    [
      { state: 'rejected', failure: null },
      'Rejected by ann because “not in term time”. Nothing was changed. It was held for 120 user deletions on our side, where 25 are allowed; 70 user deletions on our side in school oak, where 30 are allowed.',
    ],
    [
      {
        state: 'expired',
        decision: null,
        failure: { code: 'limit_exceeded', message: 'Nobody decided on the held run in time', data: {} },
      },
      'Held, and ended without a decision. Nothing was changed. It was held for 120 user deletions',
    ],
    [
      {
        state: 'expired',
        decision: null,
        failure: { code: 'limit_exceeded', message: 'A later run has looked', data: { runId: 'r2' } },
      },
      'Held, and ended without a decision, since the later run r2 looked at the same records. Nothing was changed.',
    ],
  ] as const)('as %o is decided: its limits are facts, and no problem of anybody’s', (run, verdict) => {
    const decision = {
      decision: 'rejected',
      by: 'ann',
      at: '2026-01-01T07:00:00.000Z',
      reason: 'not in term time',
    } as const;
    const over = { ...held.run, finishedAt: '2026-01-08T02:00:00.000Z', decision, ...run };
    const report = buildReport({ ...held, run: over });

    expect(report.verdict).toContain(verdict);
    expect(report.problems).toEqual([]);
    expect(report.plannedOmitted).toBe(119);
    expect(renderReportText(report)).toContain('Would have changed\n  delete user u1');
  });

  test.each([
    ['rejected', 'Rejected by ann@school.example. Nothing was changed.'],
    ['expired', 'Held, and ended without a decision. Nothing was changed.'],
    ['queued', 'Approved, and about to go on.'],
  ])('once it is %s says so', (state, verdict) => {
    const decision = {
      decision: state === 'queued' ? ('approved' as const) : ('rejected' as const),
      by: 'ann@school.example',
      at: '2026-01-01T07:00:00.000Z',
      reason: null,
    };
    expect(buildReport(source({}, { state, decision })).verdict).toBe(verdict);
  });
});
