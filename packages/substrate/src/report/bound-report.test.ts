import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../json/json-value.ts';
import { jsonSize } from './json-size.ts';
import { renderReportHtml } from './render-report-html.ts';
import { renderReportText } from './render-report-text.ts';
import { entityType, source } from './report-source.fixture.ts';
import type { ReportSource } from './report-source.ts';
import { buildReport } from './run-report.ts';

const dashboardUrl = 'https://flotilla.district.example';
/** More than there is room for. */
const many = Array.from({ length: 1_000 }, (_, index) => index);

function change(
  recordId: string,
  before: JsonObject | null,
  after: JsonObject | null,
): ReportSource['changes'][number] {
  return { entityType: 'user', recordId, action: 'update', before, after, rules: null };
}

/** More of everything than there is room for, each longer than it may be. */
function worst(text: string, state: string): ReportSource {
  const record = Object.fromEntries(many.slice(0, 40).map((index) => [`${text}${index}`, text]));
  const lines = Object.entries(record).map(
    ([name, after]) => ({ action: 'update', pointer: `/${name}`, before: text, after, rule: text }) as const,
  );
  const conflicts = lines.map(({ pointer }) => ({
    pointer,
    kind: 'modify/modify' as const,
    inputs: 'i'.repeat(64),
    rule: text,
    base: text,
    ours: text,
    theirs: text,
  }));
  const longId = 'r'.repeat(255);
  const failure = {
    code: 'push_rejected',
    message: 'The vendor refuses the write',
    data: {
      status: 422,
      excerpt: text.slice(0, 8_000),
      [`other`]: text,
      issues: Array(50).fill({ pointer: text, message: text }) as never,
    },
  } as const;
  const counts = { received: 9, updated: 1_000, pushFailed: 1_000, quarantined: 1_000, conflicted: 1_000 };
  return source(
    {
      entityTypes: ['org', 'user', 'class', 'course', 'enrollment', 'demographics', 'result', 'lineItem'].map(
        (name) =>
          entityType(name, counts, {
            stage: 'failed',
            failure: { ...failure, data: { name, ...failure.data } },
          }),
      ),
      changes: many.slice(0, 30).map(() => change(longId, null, record)),
      pushes: many.slice(0, 30).map(() => ({
        ...change(longId, null, record),
        state: 'refused',
        assignedId: longId,
        failure,
      })),
      quarantined: many
        .slice(0, 60)
        .map((page) => ({ entityType: 'user', recordId: longId, page, ordinal: 1, failure })),
      conflicts: conflicts.map(({ pointer, kind, inputs, rule, ...sides }, index) => ({
        conflictId: `${index}`.padStart(64),
        entityType: 'user',
        recordId: longId,
        state: 'open',
        pointer,
        kind,
        inputs,
        rule,
        sides,
      })),
      planned: many.slice(0, 30).map(() => ({
        entityType: 'user',
        recordId: longId,
        toOurs: lines,
        toTheirs: lines,
        conflicts,
      })),
      fieldUpdates: Array(3).fill([
        {
          entityType: 'user',
          updated: 50,
          stored: 50,
          fields: Object.fromEntries(many.slice(0, 40).map((index) => [`/${index}${text}`, 50])),
        },
      ]) as ReportSource['fieldUpdates'],
      dashboardUrl,
    },
    { state, isDryRun: false },
  );
}

describe('a report of records with long fields', () => {
  const long = 'x'.repeat(10_000);

  test('tells the beginning of each and how long it is, beside the value, and leaves short ones alone', () => {
    const { changes } = buildReport(
      source({ changes: [change('u1', { a: 'old', b: 1 }, { a: long, b: [long] })] }),
    );

    expect(changes[0]?.fields).toEqual([
      { pointer: '/a', before: 'old', after: 'x'.repeat(1_000), cut: { after: 10_000 } },
      { pointer: '/b', before: 1, after: `["${'x'.repeat(998)}`, cut: { after: 10_004 } },
    ]);
  });

  test('cannot be made to call a value cut by what a vendor sends', () => {
    const forged = { cut: { after: 10_000 }, length: 10_000 };
    const [field] =
      buildReport(source({ changes: [change('u1', null, { a: [forged] })] })).changes[0]?.fields ?? [];
    expect(field).toEqual({ pointer: '/a', after: [forged] });
  });

  test('cuts no character in two', () => {
    const { changes } = buildReport(source({ changes: [change('u1', null, { a: `x${'🙂'.repeat(800)}` })] }));
    const [field] = changes[0]?.fields ?? [];
    expect(field?.after).toBe(`x${'🙂'.repeat(499)}`);
    expect(field?.cut).toEqual({ after: 1_601 });
  });

  test('says in text and mail how long they are, and where they are whole', () => {
    const conflict = {
      conflictId: 'c1',
      inputs: 'i1',
      entityType: 'user',
      recordId: 'u2',
      state: 'open',
      pointer: '/b',
      kind: 'modify/modify',
      rule: 'manual (default)',
      sides: { ours: long, theirs: 'short' },
    };
    const report = buildReport(
      source({ changes: [change('u1', { a: 'old' }, { a: long })], conflicts: [conflict], dashboardUrl }),
    );
    const record = `${dashboardUrl}/customers/springfield/integrations/oneroster/records/user`;

    const text = renderReportText(report);
    expect(text).toMatch(
      /\/a: old → x{79}… \(10,000 characters\)\n +whole in the record: \S+\/records\/user\/u1/,
    );
    expect(text).toMatch(/ours x{79}… \(10,000 characters\) · theirs short/);
    const page = renderReportHtml(report).markup;
    for (const recordId of ['u1', 'u2'])
      expect(page).toMatch(new RegExp(`href="${record}/${recordId}"[^>]*><bdi>10,000 characters</bdi>`));
  });

  test('keeps the answer of a vendor word for word to 8,000 characters, and of lists what fits', () => {
    const answer = Array.from({ length: 1_000 }, (_, index) => `line ${index}\n`)
      .join('')
      .slice(0, 8_000);
    const issues = many.map((index) => ({ pointer: `/f${index}`, message: 'is not a date' }));
    const failure = {
      code: 'push_rejected',
      message: 'No',
      data: { status: 422, excerpt: answer, issues },
    } as const;
    const push = { ...change('u1', null, { a: 1 }), state: 'refused', assignedId: null, failure };
    const [problem] = buildReport(source({ pushes: [push] })).problems;

    expect(problem?.vendorAnswer?.text).toBe(answer);
    expect(problem?.data['excerpt']).toBe(answer.slice(0, 500));
    expect(problem?.cut).toEqual({ excerpt: 8_000, issues: 1_000 });
    expect(renderReportText(buildReport(source({ pushes: [push] })))).toMatch(/… and 9\d\d more/);
  });
});

test.each([
  ['letters', 'x', 'failed'],
  ['letters, held', 'x', 'held'],
  ['characters of three bytes', '語', 'partial'],
  ['what JSON writes in six', '\u0001', 'failed'],
])('the heaviest report of %s is below 140 kB, and counts what it leaves out', (_name, letter, state) => {
  const isHeld = state === 'held';
  const from = worst(letter.repeat(10_000), state);
  // Nothing is changed before somebody has approved it.
  const report = buildReport(isHeld ? { ...from, changes: [] } : from);

  expect(jsonSize(report)).toBeLessThan(140_000);
  expect(report.problems.length + report.problemsOmitted).toBeGreaterThan(8_000);
  expect(report.changes.length + report.changesOmitted).toBe(8_000);
  const [first] = report.changes;
  expect(first === undefined).toBe(isHeld);
  expect(first?.fieldsOmitted ?? 0).toBe(isHeld ? 0 : 40 - (first?.fields.length ?? 0));
  expect(report.pushes.length + report.pushesOmitted).toBe(8_000);
  expect(report.conflicts.length + report.conflictsOmitted).toBe(40);
  expect(report.conflicts.length).toBeGreaterThan(0);
  expect(report.planned.length > 0).toBe(isHeld);
});
