import { describe, expect, test } from 'vitest';
import { renderReportText } from './render-report-text.ts';
import { entityType, source } from './report-source.fixture.ts';
import type { ReportSource } from './report-source.ts';
import { buildReport } from './run-report.ts';

const quarantined = {
  entityType: 'user',
  recordId: 'u7',
  page: 2,
  ordinal: 4,
  failure: {
    code: 'record_quarantined',
    message: 'The record does not have the expected form',
    data: { issues: [{ pointer: '/birthDate', message: '"1/05/2023" is not a date' }] },
  },
} as const;

describe('the verdict', () => {
  const verdicts: readonly [string, ReportSource, string][] = [
    [
      'an unchanged night',
      source({ entityTypes: [entityType('user', { received: 1200, unchanged: 1200 })] }),
      'All is well. 1,200 records checked, nothing had changed.',
    ],
    [
      'a night with changes',
      source({ entityTypes: [entityType('user', { received: 5, created: 1, updated: 2, deleted: 3 })] }),
      'All is well. 5 records checked: 1 created, 2 updated, 3 deleted.',
    ],
    [
      'records that the vendor gave up',
      source({ entityTypes: [entityType('user', { received: 5, withdrawn: 2, deleted: 1 })] }),
      'All is well. 5 records checked, 2 of them marked by the vendor as to be deleted: 0 created, 0 updated, 1 deleted.',
    ],
    [
      'one bad record',
      source({ entityTypes: [entityType('user', { received: 5, quarantined: 1 })] }),
      '5 records checked, nothing had changed. One record was left out and needs a correction.',
    ],
    [
      'an entity type that could not be done',
      source(
        {
          entityTypes: [
            entityType('org', { received: 1 }),
            entityType(
              'user',
              {},
              { stage: 'failed', failure: { code: 'verification_failed', message: 'm', data: {} } },
            ),
          ],
        },
        { state: 'partial' },
      ),
      'Not everything could be done (user). 1 record checked, nothing had changed.',
    ],
    [
      'a run that failed',
      source(
        {},
        {
          state: 'failed',
          failure: { code: 'credentials_rejected', message: 'The vendor refuses the credentials', data: {} },
        },
      ),
      'Failed: The vendor refuses the credentials. 0 records checked, nothing had changed.',
    ],
    [
      'a run that waits',
      source({}, { state: 'queued', startedAt: null, finishedAt: null }),
      'Waiting to start.',
    ],
    [
      'a run under way',
      source(
        { entityTypes: [entityType('org', { received: 1500 })] },
        { state: 'running', finishedAt: null },
      ),
      'Under way: 1,500 records read so far.',
    ],
  ];

  test.each(verdicts)('of %s', (_name, from, verdict) => {
    expect(buildReport(from).verdict).toBe(verdict);
  });
});

describe('a report', () => {
  test('names each quarantined record with its cause, its place and what to do, and says how many more there are', () => {
    const report = buildReport(
      source({
        entityTypes: [entityType('user', { received: 9, quarantined: 3 })],
        quarantined: [quarantined],
      }),
    );

    expect(report.problems).toEqual([
      expect.objectContaining({
        code: 'record_quarantined',
        entityType: 'user',
        recordId: 'u7',
        place: 'page 3, record 5',
        retry: 'never',
        actor: 'school',
        data: quarantined.failure.data,
        advice: expect.stringContaining('Correct it in the vendor system') as string,
      }),
    ]);
    expect(report.problemsOmitted).toBe(2);
  });

  test('shows changes field by field, without the volatile ones, and says how many it leaves out', () => {
    const report = buildReport(
      source({
        entityTypes: [entityType('user', { updated: 4 })],
        changes: [
          {
            entityType: 'user',
            recordId: 'u1',
            action: 'update',
            before: { familyName: 'A', dateLastModified: '2025-01-01T00:00:00Z' },
            after: { familyName: 'B', dateLastModified: '2026-01-01T00:00:00Z' },
            rules: null,
          },
        ],
      }),
    );

    expect(report.changes).toEqual([
      {
        entityType: 'user',
        recordId: 'u1',
        action: 'update',
        fields: [{ pointer: '/familyName', before: 'A', after: 'B' }],
      },
    ]);
    expect(report.changesOmitted).toBe(3);
  });

  test('does not call a collection that the vendor lacks a problem', () => {
    const absent = { stage: 'skipped', failure: { code: 'not_found', message: 'not offered', data: {} } };

    expect(buildReport(source({ entityTypes: [entityType('result', {}, absent)] })).problems).toEqual([]);
  });

  test('as text has the verdict first, then steps, problems and changes', () => {
    const text = renderReportText(
      buildReport(
        source({
          entityTypes: [entityType('user', { received: 1234, updated: 1, quarantined: 1 })],
          quarantined: [quarantined],
          changes: [
            {
              entityType: 'user',
              recordId: 'u1',
              action: 'update',
              before: { a: 1 },
              after: {},
              rules: null,
            },
          ],
        }),
      ),
    );

    expect(text.split('\n')).toEqual([
      'springfield / oneroster: 1,234 records checked: 0 created, 1 updated, 0 deleted. One record was left out and needs a correction.',
      'run r1, nightly, nightly.run.v1, succeeded in 3.0 s',
      '',
      'entity type  received  unchanged  created  updated  deleted  withdrawn  quarantined  pages  seconds  status',
      'user            1,234          0        0        1        0          0            1      1      1.5    done',
      '',
      'Problems',
      '  record_quarantined · user u7: The record does not have the expected form',
      '      /birthDate "1/05/2023" is not a date',
      '      This record could not be read and was left out; all others went on. Correct it in the vendor system. Not retried in this run.',
      '',
      'Changes',
      '  update user u1',
      '      /a: 1 → (absent)',
    ]);
  });

  test('as text counts the problems and changes that it was asked not to show', () => {
    const text = renderReportText(
      buildReport(source({ entityTypes: [entityType('user', { updated: 1200, quarantined: 2 })] })),
    );

    expect(text.split('\n').slice(5)).toEqual([
      '',
      'Problems',
      '  … and 2 more',
      '',
      'Changes',
      '  … and 1,200 more',
    ]);
  });

  test.each([
    'The vendor sent fewer records than it announced',
    'The list changed while it was read, so records may have been passed over',
    'Some records came without a readable id, so none can be called missing',
  ])('as text says of "%s" what followed and when it is tried again', (message) => {
    const failure = { code: 'incomplete_fetch', message, data: {} } as const;
    const text = renderReportText(
      buildReport(
        source({ entityTypes: [entityType('user', { received: 4 }, { failure })] }, { state: 'partial' }),
      ),
    );

    expect(text).toContain(
      `${message}\n      It is not certain that everything came, so nothing was deleted. The next run tries again;`,
    );
    expect(text).toContain('Not retried in this run.');
    expect(text).not.toContain('Retried by itself.');
  });

  test("as text lets nothing of a vendor's through that could steer a terminal", () => {
    const text = renderReportText(
      buildReport(
        source({
          entityTypes: [entityType('user', { updated: 1 })],
          changes: [
            {
              entityType: 'user',
              recordId: 'u\u001b[2J',
              action: 'update',
              before: { a: '\u202eevil' },
              after: { a: 'x'.repeat(500) },
              rules: null,
            },
          ],
        }),
      ),
    );

    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(250);
  });

  test('says of a run that gave up that it is not tried again by itself', () => {
    const failure = { code: 'gateway_unavailable', message: 'The connection was refused', data: {} } as const;
    const ended = renderReportText(buildReport(source({}, { state: 'failed', failure })));
    const goingOn = renderReportText(
      buildReport(source({}, { state: 'running', failure, finishedAt: null })),
    );

    expect(ended).toContain('the next run tries anew');
    expect(ended).not.toContain('Retried by itself');
    expect(goingOn).toContain('Retried by itself');
  });
});

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
    [{ state: 'rejected' }, /Nothing is to be done about this run any more/],
    [{ state: 'expired' }, /Nothing is to be done about this run any more/],
    [{ state: 'succeeded', isDryRun: true }, /A real run would be held/],
  ])('as %o advises what can be done about a limit then', (run, advice) => {
    const report = buildReport({ ...held, run: { ...held.run, ...run } });
    expect(report.problems).toHaveLength(2);
    for (const problem of report.problems) expect(problem.advice).toMatch(advice);
    expect(report.plannedOmitted).toBe(119);
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

test('a dry run says what a real one would do on either side, and that it would be held', () => {
  const plan = {
    counts: {
      toOurs: { create: 1, update: 2, delete: 0 },
      toTheirs: { create: 0, update: 4, delete: 0 },
    },
    conflicts: 1,
    exceeded: [{ direction: 'toTheirs', action: 'update', planned: 4, allowed: 3, stored: 9 }],
  };
  const report = buildReport(
    source({ entityTypes: [entityType('result', { received: 9 }, { plan })] }, { isDryRun: true }),
  );
  expect(report.verdict).toBe(
    'A dry run, nothing was changed. 9 records checked; a real run would make these: 1 created, 2 updated, 0 deleted on our side; 0 created, 4 updated, 0 deleted at the vendor. One record waits for a decision, since both sides changed it differently. A real run would be held by a safety limit.',
  );
});

describe('what was written to the vendor', () => {
  const refused = {
    entityType: 'result',
    recordId: 'r2',
    action: 'update',
    state: 'refused',
    before: { score: 3 },
    after: { score: 700 },
    assignedId: null,
    failure: {
      code: 'push_rejected',
      message: 'The vendor refuses the write',
      data: { status: 422, excerpt: '{"error":"score is above resultValueMax"}' },
    },
  } as const;
  const created = {
    ...refused,
    recordId: 'mine-1',
    action: 'create',
    state: 'accepted',
    before: null,
    after: { score: 4 },
    assignedId: 'r9',
    failure: null,
  } as const;
  const report = buildReport(
    source(
      {
        entityTypes: [entityType('result', { received: 9, pushCreated: 1, pushFailed: 1 })],
        pushes: [refused, created],
      },
      { state: 'partial' },
    ),
  );

  test("is listed, and what the vendor refused is a problem with the vendor's own words", () => {
    expect(report.problems).toEqual([
      expect.objectContaining({
        code: 'push_rejected',
        entityType: 'result',
        recordId: 'r2',
        data: refused.failure.data,
      }),
    ]);
    expect(report.pushesOmitted).toBe(0);
    const text = renderReportText(report);
    expect(text).toContain('update result r2: refused\n      /score: 3 → 700');
    expect(text).toContain('create result mine-1: taken, and found there, as r9');
    expect(text).toMatch(/sent new +refused/);
  });

  test('is in the verdict', () => {
    expect(report.verdict).toBe(
      'Not everything could be done (result). 9 records checked, nothing to change on our side. At the vendor: 1 created, 0 updated, 0 deleted. The vendor did not take 1.',
    );
  });
});

test('a conflict shows the three sides, and one that is not there as absent', () => {
  const conflict = {
    conflictId: 'c1',
    inputs: 'i1',
    entityType: 'user',
    recordId: 'u1',
    state: 'open',
    pointer: '/email',
    kind: 'delete/modify',
    rule: 'manual (default)',
    sides: { base: 'a@x', theirs: 'b@x' },
  };
  const report = buildReport(
    source({ entityTypes: [entityType('user', { received: 1, conflicted: 1 })], conflicts: [conflict] }),
  );
  expect(report.verdict).toBe(
    '1 record checked, nothing had changed. One record waits for a decision, since both sides changed it differently.',
  );
  expect(renderReportText(report)).toContain(
    'user u1 /email: waits for a decision   (manual (default))\n      ours (absent) · theirs b@x · before a@x\n      for conflicts.resolve.v1: {"conflictId": "c1", "inputs": "i1", "choice": "ours" or "theirs"}',
  );
});

test('a field that was decided by a rule says by which, also where the rule was about a part of it', () => {
  const change = {
    entityType: 'class',
    recordId: 'c1',
    action: 'update',
    before: { title: 'A', meetings: [{ id: 1, room: 'x' }] },
    after: { title: 'B', meetings: [{ id: 1, room: 'y' }] },
    rules: [{ pointer: '/meetings/1/room', rule: 'resolveTheirs (field /meetings)' }],
  } as const;
  const [reported] = buildReport(source({ changes: [change] })).changes;
  expect(reported?.fields.map(({ pointer, rule }) => [pointer, rule])).toEqual([
    ['/meetings', 'resolveTheirs (field /meetings)'],
    ['/title', undefined],
  ]);
});

test('a run that found the feed unchanged is well', () => {
  expect(buildReport(source({}, { state: 'unchanged' })).verdict).toBe(
    'All is well. The vendor reports no change since the last run, so nothing was read.',
  );
});
