import { describe, expect, test } from 'vitest';
import { entityType, source } from './report-source.fixture.ts';
import type { ReportSource } from './report-source.ts';
import { buildReport } from './run-report.ts';

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
      'Failed: The vendor refuses the credentials. 0 records checked, and nothing was changed.',
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
    'A dry run, nothing was changed. 9 records checked; a real run would make these: 1 created, 2 updated, 0 deleted on our side; 0 created, 4 updated, 0 deleted at the vendor. One record waits for a decision, since both sides changed it differently. A real run would be held: 4 result updates at the vendor, where 3 are allowed.',
  );
});

test('a failed run after which all went well says so last', () => {
  const laterSuccess = { runId: 'r2', at: '2026-01-02T02:00:03.000Z' };
  const failure = {
    code: 'credentials_rejected',
    message: 'The vendor refuses the credentials',
    data: {},
  } as const;
  const report = buildReport(source({ laterSuccess }, { state: 'failed', failure }));
  expect(report.laterSuccess).toEqual(laterSuccess);
  expect(report.verdict).toMatch(
    /was changed\. Since then all went well: run r2 succeeded on 2026-01-02 02:00 UTC\.$/,
  );
});

test('a dry run that would delete and not be held says that too', () => {
  const none = { create: 0, update: 0, delete: 0 };
  const told = (deleted: number) => {
    const plan = {
      counts: { toOurs: { ...none, delete: deleted }, toTheirs: none },
      conflicts: 0,
      exceeded: [],
    };
    return buildReport(source({ entityTypes: [entityType('user', {}, { plan })] }, { isDryRun: true }))
      .verdict;
  };
  expect(told(3)).toMatch(/3 deleted on our side; .* at the vendor\. No safety limit would hold it\.$/);
  expect(told(0)).toMatch(/0 deleted at the vendor\.$/);
});

test('a run that found the feed unchanged is well', () => {
  expect(buildReport(source({}, { state: 'unchanged' })).verdict).toBe(
    'All is well. The vendor reports no change since the last run, so nothing was read.',
  );
});

describe('the verdict on a run that was taken back', () => {
  const well = 'All is well. 5 records checked: 0 created, 5 updated, 0 deleted.';
  const back = {
    runId: 'r2',
    reverts: 'r1',
    state: 'succeeded',
    requestedAt: '2026-01-02T08:00:00.000Z',
    requestedBy: null,
    reason: null,
    finishedAt: '2026-01-02T08:05:00.000Z',
    hasChanged: true,
  } as const;

  function report(...laterReverts: ReportSource['laterReverts'][number][]) {
    return buildReport(
      source({ entityTypes: [entityType('user', { received: 5, updated: 5 })], laterReverts }),
    );
  }

  test.each([
    [
      'whole',
      {},
      `Taken back on 2026-01-02 08:05 UTC by run r2: nothing of it stands any more. When it ended it said: ${well}`,
    ],
    [
      'part',
      { state: 'partial' },
      `Taken back in part on 2026-01-02 08:05 UTC by run r2, whose report says what still stands. When it ended it said: ${well}`,
    ],
    ['part', { state: 'failed' }, 'Taken back in part on 2026-01-02 08:05 UTC by run r2'],
    [
      'pending',
      { state: 'running', finishedAt: null, hasChanged: false },
      `To be taken back by run r2, asked for on 2026-01-02 08:00 UTC. So far it stands: ${well}`,
    ],
    ['none', { state: 'failed', hasChanged: false }, well],
    ['none', { state: 'rejected', hasChanged: false }, well],
  ] as const)('says so: %s, where the later run is %o', (extent, revert, verdict) => {
    const told = report({ ...back, ...revert });
    expect(told.takenBack).toMatchObject({ runId: 'r2', extent });
    expect(told.verdict.slice(0, verdict.length)).toBe(verdict);
  });

  test('says who asked for it, and why as far as they said', () => {
    const asked = { ...back, requestedBy: 'ana@district.example', reason: 'wrong file' };
    expect(report(asked)).toMatchObject({
      takenBack: { by: 'ana@district.example', reason: 'wrong file' },
      verdict: `Taken back on 2026-01-02 08:05 UTC by run r2: nothing of it stands any more. Asked for by ana@district.example because “wrong file”. When it ended it said: ${well}`,
    });
    expect(report({ ...asked, reason: null }).verdict).toContain('Asked for by ana@district.example. When');
    const reverting = (state: string) =>
      buildReport(source({}, { reverts: 'r0', requestedBy: 'ana', reason: 'wrong file', state })).verdict;
    expect(reverting('succeeded')).toBe(
      'Taken back: run r0. Asked for by ana because “wrong file”. 0 records checked, nothing had changed.',
    );
    expect(reverting('queued')).toBe('Waiting to start. Asked for by ana because “wrong file”.');
  });

  test('is as before once the taking back was itself taken back, and where other runs were', () => {
    const again = { ...back, runId: 'r3', reverts: 'r2', requestedAt: '2026-01-03T08:00:00.000Z' };
    expect(report(again, back)).toMatchObject({ verdict: well, takenBack: { runId: 'r2', extent: 'none' } });
    expect(report({ ...again, state: 'partial' }, back).takenBack?.extent).toBe('part');
    expect(report({ ...back, reverts: 'r0' })).toMatchObject({ verdict: well, takenBack: null });
  });

  test('names the run that did, though a later try found nothing left to do', () => {
    const late = {
      ...back,
      runId: 'r3',
      state: 'failed',
      hasChanged: false,
      requestedAt: '2026-01-04T08:00:00.000Z',
    };
    expect(report(late, back).takenBack).toMatchObject({ runId: 'r2', extent: 'whole' });
  });
});

describe('the verdict on a run that was broken off', () => {
  const failure = { code: 'internal', message: 'The run was broken off', data: {} } as const;
  const push = {
    entityType: 'user',
    recordId: 'u1',
    action: 'update',
    before: { a: 1 },
    after: { a: 2 },
    assignedId: null,
    failure: null,
  } as const;

  test('does not say that nothing was changed, where the vendor may have taken what was sent', () => {
    const pushes = [{ ...push, state: 'intended' }];
    const report = buildReport(
      source(
        { entityTypes: [entityType('user', { received: 3 })], pushes, pushesUnknown: 2 },
        { state: 'failed', failure },
      ),
    );

    expect(report.verdict).toBe(
      'Failed: The run was broken off. 3 records checked, nothing to change on our side. Whether the vendor took 2 records is not known: the run broke off. The next run sees what is there.',
    );
    expect(report.pushesOmitted).toBe(1);
  });

  test('tells what the vendor refused from what it took and did not keep', () => {
    const verified = { code: 'push_rejected', message: 'It is not there as sent', data: {} } as const;
    const pushes = [{ ...push, state: 'unverified', failure: verified }];
    const told = (pushFailed: number) =>
      buildReport(
        source(
          { entityTypes: [entityType('user', { received: 3, pushFailed })], pushes },
          { state: 'failed', failure },
        ),
      ).verdict;

    expect(told(1)).toContain('on our side. 1 that the vendor took is not there as sent.');
    expect(told(3)).toContain('The vendor did not take 2. 1 that the vendor took is not there as sent.');
  });
});
