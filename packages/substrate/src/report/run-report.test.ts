import { describe, expect, test } from 'vitest';
import { renderReportText } from './render-report-text.ts';
import { entityType, source } from './report-source.fixture.ts';
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
