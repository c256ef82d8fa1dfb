import type { JsonObject, JsonValue } from '../json/json-value.ts';
import type { ReportChange, ReportProblem, ReportStep, RunReport } from './run-report.ts';

/** Pure. A report as plain text for a terminal or a mail: verdict first, then steps, problems and changes. */
export function renderReportText(report: RunReport): string {
  return [
    `${report.customerId} / ${report.integrationId}: ${report.verdict}`,
    `run ${report.runId}, ${report.context}, ${report.method}, ${report.state}${describeDuration(report.seconds)}`,
    '',
    ...renderSteps(report.steps),
    ...renderSection(
      'Problems',
      report.problems.flatMap((problem) => renderProblem(problem, report.finishedAt !== null)),
      report.problemsOmitted,
    ),
    ...renderSection('Changes', report.changes.flatMap(renderChange), report.changesOmitted),
  ].join('\n');
}

const columns = [
  'received',
  'unchanged',
  'created',
  'updated',
  'deleted',
  'withdrawn',
  'quarantined',
] as const;

function renderSteps(steps: readonly ReportStep[]): readonly string[] {
  const header = ['entity type', ...columns, 'pages', 'seconds', 'status'];
  const rows = steps.map((step) => [
    step.entityType,
    ...columns.map((name) => step.counts[name].toLocaleString('en-US')),
    String(step.pages),
    step.seconds === null ? '…' : step.seconds.toFixed(1),
    step.stage,
  ]);
  const widths = header.map((name, index) =>
    Math.max(name.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  return [header, ...rows].map((row) =>
    row
      .map((cell, index) =>
        index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0),
      )
      .join('  '),
  );
}

function renderSection(title: string, lines: readonly string[], omitted: number): readonly string[] {
  if (lines.length === 0 && omitted === 0) return [];
  const more = omitted === 0 ? [] : [`  … and ${omitted.toLocaleString('en-US')} more`];
  return ['', title, ...lines.map((line) => `  ${line}`), ...more];
}

function renderProblem(problem: ReportProblem, isEnded: boolean): readonly string[] {
  const { code, entityType, recordId, place, message, data, advice, retry } = problem;
  const where = [entityType, recordId === null ? place : show(recordId)]
    .filter((part) => part !== null)
    .join(' ');
  const goesOn = isEnded
    ? 'It was tried again until the run gave up; the next run tries anew.'
    : 'Retried by itself.';
  const again = retry === 'never' ? 'Not retried in this run.' : goesOn;
  return [
    `${code}${where === '' ? '' : ` · ${where}`}: ${message}`,
    ...describeData(data).map((line) => `    ${line}`),
    `    ${advice} ${again}`,
  ];
}

/** The issues of a schema one a line; other data as `name: value`. */
function describeData(data: JsonObject): readonly string[] {
  return Object.entries(data).flatMap(([name, value]) => {
    if (name !== 'issues' || !Array.isArray(value)) return [`${name}: ${show(value)}`];
    return value.map((issue: JsonObject) => `${show(issue.pointer ?? '')} ${show(issue.message ?? '')}`);
  });
}

function renderChange({ entityType, recordId, action, fields }: ReportChange): readonly string[] {
  if (action !== 'update') return [`${action} ${entityType} ${show(recordId)}`];
  return [
    `update ${entityType} ${show(recordId)}`,
    ...fields.map(({ pointer, before, after }) => `    ${pointer}: ${show(before)} → ${show(after)}`),
  ];
}

function describeDuration(seconds: number | null): string {
  return seconds === null ? '' : ` in ${seconds.toFixed(1)} s`;
}

/** A value in at most 80 characters, without control characters: vendor data may hold anything. */
function show(value: JsonValue | undefined): string {
  if (value === undefined) return '(absent)';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach a terminal
  const plain = text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '�');
  return plain.length > 80 ? `${plain.slice(0, 79)}…` : plain;
}
