import { describe, expect, test } from 'vitest';
import { renderReportHtml } from './render-report-html.ts';
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
  test('calls records by name on a terminal, and not in a mail', () => {
    const rest = { entityType: 'user', before: {}, after: { a: 1 }, rules: null } as const;
    const report = buildReport(
      source({
        quarantined: [quarantined],
        changes: [{ ...rest, recordId: 'u1', action: 'update' }],
        names: new Map([
          [
            'user',
            new Map([
              ['u1', 'Ada\u202e Bee'],
              ['u7', 'Cy Dee'],
            ]),
          ],
        ]),
      }),
    );

    const text = renderReportText(report);
    expect(text).toContain('update user Ada� Bee (u1)');
    expect(text).toContain('record_quarantined · user Cy Dee (u7): ');
    const mail = renderReportText(report, 'mail') + renderReportHtml(report).markup;
    expect(mail).toContain('update user u1');
    expect(mail).not.toMatch(/Ada|Cy Dee/);
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
