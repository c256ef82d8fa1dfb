import { describe, expect, test } from 'vitest';
import { renderReportHtml } from './render-report-html.ts';
import { renderReportText } from './render-report-text.ts';
import { entityType, source } from './report-source.fixture.ts';
import type { ReportSource } from './report-source.ts';
import { buildReport } from './run-report.ts';

const dashboardUrl = 'https://flotilla.district.example';

function render(overrides: Partial<ReportSource> = {}, run: Partial<ReportSource['run']> = {}): string {
  return renderReportHtml(buildReport(source({ dashboardUrl, ...overrides }, run))).markup;
}

const refusedPush = {
  entityType: 'user',
  recordId: 'u7',
  action: 'update',
  state: 'refused',
  before: { email: 'old@x.example' },
  after: { email: 'new@x.example' },
  assignedId: null,
  failure: {
    code: 'push_rejected',
    message: 'The vendor refuses the write',
    data: { status: 422, method: 'PUT', path: '/users/u7', excerpt: '{"error":"<b>no such domain</b>"}' },
  },
} as const;

describe('a report in a mail', () => {
  test('shows a problem with its record, the vendor’s exact answer, and what to do', () => {
    const page = render({ pushes: [refusedPush], entityTypes: [entityType('user', { pushFailed: 1 })] });

    expect(page).toContain('The vendor did not take a record');
    expect(page).toContain(
      `href="${dashboardUrl}/customers/springfield/integrations/oneroster/records/user/u7"`,
    );
    expect(page).toContain('The vendor answered 422 to <bdi>PUT /users/u7</bdi>:');
    expect(page).not.toContain('status: 422');
    expect(page).toContain('{&#34;error&#34;:&#34;&#60;b&#62;no such domain&#60;/b&#62;&#34;}');
    expect(page).toContain('Correct the record and run again. Not retried in this run.');
    expect(page).toContain('old@x.example');
  });

  test('puts nothing into a value that is written from the right but what it is', () => {
    const change = { entityType: 'org', recordId: 'o1', action: 'update', rules: null } as const;
    const page = render({ changes: [{ ...change, before: { name: 'שלום' }, after: { name: 'Shalom' } }] });
    expect(page).toContain('<bdi>שלום</bdi>');
  });

  test('leads to the plan of a held run first', () => {
    const held = { state: 'held', finishedAt: null, dueAt: '2026-01-08T02:00:00.000Z' };
    const planned = {
      entityType: 'user',
      recordId: 'u1',
      toOurs: [{ action: 'delete', pointer: '', before: { email: 'x' }, rule: 'theirs changed' }],
      toTheirs: [],
      conflicts: [],
    } as const;
    const page = render({ planned: [planned] }, held);

    expect(page.indexOf('approve or reject')).toBeLessThan(page.indexOf('Open this report'));
    expect(page).toContain(`href="${dashboardUrl}/customers/springfield/runs/r1/plan"`);
    expect(page).toContain('What would change');
    expect(page).toContain('delete user');
  });

  test('names what could be declared volatile, as the text does', () => {
    const stamped = [{ entityType: 'user', updated: 40, stored: 50, fields: { '/seen': 39 } }];
    const report = buildReport(source({ fieldUpdates: [stamped, stamped, stamped] }));

    expect(report.noise).toEqual([{ entityType: 'user', pointer: '/seen', runs: 3, share: 0.975 }]);
    const words = '98 % of the updated records in each of the last 3 runs';
    expect(renderReportText(report)).toContain(`user /seen changed in ${words}`);
    expect(renderReportHtml(report).markup).toContain(words);
  });

  test('has no links where nobody has said where the dashboard is', () => {
    expect(render({ dashboardUrl: null, pushes: [refusedPush] })).not.toContain('<a ');
  });

  test('closes what it opens, whatever is in it', () => {
    const page = render(
      {
        pushes: [{ ...refusedPush, recordId: '</td><tr>', before: { email: '<i>' }, after: { email: null } }],
        changes: [
          {
            entityType: 'org',
            recordId: '<a href="x">',
            action: 'update',
            before: {},
            after: { a: 1 },
            rules: null,
          },
        ],
        entityTypes: [entityType('user', { received: 1_200, updated: 1, pushFailed: 1 })],
      },
      { state: 'partial' },
    );
    const open: string[] = [];
    for (const [, closes, name = ''] of page.matchAll(/<(\/?)([a-z]+\d?)[^>]*>/g)) {
      if (name === 'br') continue;
      if (closes === '') open.push(name);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
  });
});

describe('a step in words', () => {
  const failure = { code: 'verification_failed', message: 'Too few came', data: {} } as const;
  const over = { state: 'partial' };
  const busy = { state: 'running', finishedAt: null };

  test.each([
    ['done', {}, over, 'done'],
    ['done without some pushes', { counts: { pushFailed: 2 } }, over, 'done, but the vendor did not take 2'],
    ['done without deletes', { failure }, over, 'done, but: Too few came'],
    ['failed', { stage: 'failed', failure }, over, 'failed: Too few came'],
    ['skipped', { stage: 'skipped', failure }, over, 'skipped: Too few came'],
    [
      'not there',
      { stage: 'skipped', failure: { ...failure, code: 'not_found' } },
      over,
      'not offered by the vendor',
    ],
    [
      'under way',
      { stage: 'fetching', counts: { received: 1_500 }, evidence: { total: 9_000 } },
      busy,
      'reading: 1,500 of 9,000',
    ],
    ['held', { stage: 'planned' }, { state: 'held', finishedAt: null }, 'waits for a decision'],
    [
      'of a dry run',
      { stage: 'planned' },
      { state: 'succeeded', isDryRun: true },
      'looked at, and nothing changed',
    ],
    ['cut short', { stage: 'applying' }, { state: 'failed' }, 'broken off'],
  ] as const)('that is %s', (_name, step, run, words) => {
    const { counts, ...rest } = { counts: {}, ...step };
    const report = buildReport(source({ entityTypes: [entityType('user', counts, rest)] }, run));
    expect(report.steps[0]?.status).toBe(words);
  });
});
