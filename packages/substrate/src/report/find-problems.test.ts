import { describe, expect, test } from 'vitest';
import { renderReportHtml } from './render-report-html.ts';
import { renderReportText } from './render-report-text.ts';
import { entityType, source } from './report-source.fixture.ts';
import { buildReport } from './run-report.ts';

const refused = {
  code: 'credentials_rejected',
  message: 'The vendor refuses the credentials',
  data: { status: 401, excerpt: 'expired' },
} as const;

function occurrences(text: string, part: string): number {
  return text.split(part).length - 1;
}

describe('what ended a run', () => {
  const after = {
    code: 'verification_failed',
    message: 'An entity type that this one refers to failed',
  } as const;
  const report = buildReport(
    source(
      {
        entityTypes: [
          entityType('org', {}, { stage: 'failed', failure: refused }),
          entityType('user', {}, { stage: 'failed', failure: refused }),
          entityType(
            'enrollment',
            {},
            { stage: 'skipped', failure: { ...after, data: { entityType: 'enrollment', refersTo: 'user' } } },
          ),
        ],
      },
      { state: 'failed', failure: refused },
    ),
  );

  test('is one problem, though the entity types that it struck have noted it too, and steps refer to it', () => {
    expect(report.problems).toEqual([
      expect.objectContaining({ code: 'credentials_rejected', entityType: null }),
    ]);
    expect(report.steps.map(({ status }) => status)).toEqual([
      'failed with the run',
      'failed with the run',
      'skipped, since it refers to user',
    ]);
  });

  test('stands in text and mail in the verdict and with what to do about it, and nowhere else', () => {
    expect(occurrences(renderReportText(report), refused.message)).toBe(2);
    // The verdict stands above it.
    expect(occurrences(renderReportHtml(report).markup, refused.message)).toBe(1);
  });

  test('leaves standing what is another matter', () => {
    const other = { ...refused, data: { status: 403, path: '/users' } };
    const entityTypes = [entityType('user', {}, { stage: 'failed', failure: other })];
    const { problems, steps } = buildReport(source({ entityTypes }, { state: 'failed', failure: refused }));
    expect(problems.map((problem) => [problem.entityType, problem.data])).toEqual([
      [null, refused.data],
      ['user', other.data],
    ]);
    expect(steps[0]?.status).toBe('failed: The vendor refuses the credentials');
  });
});

test('what is to be done about problems of one kind is said once', () => {
  const quarantined = ['u1', 'u2', 'u3'].map((recordId, ordinal) => ({
    entityType: 'user',
    recordId,
    page: 0,
    ordinal,
    failure: { code: 'record_quarantined', message: 'It has no name', data: {} } as const,
  }));
  const report = buildReport(
    source({ entityTypes: [entityType('user', { received: 9, quarantined: 3 })], quarantined }),
  );
  for (const said of [renderReportText(report), renderReportHtml(report).markup]) {
    expect(occurrences(said, 'Correct it in the vendor system.')).toBe(1);
    for (const recordId of ['u1', 'u2', 'u3']) expect(said).toContain(recordId);
  }
});
