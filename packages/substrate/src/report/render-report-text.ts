import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import type { PlanLine } from '../merge/plan.ts';
import type { ReportProblem } from './describe-problem.ts';
import { closeDirection, toPlainText } from './plain-text.ts';
import type { RunCounts } from './run-counts.ts';
import type {
  ReportChange,
  ReportConflict,
  ReportField,
  ReportPlanned,
  ReportPush,
  ReportStep,
  RunReport,
} from './run-report.ts';

/** Pure. A report as plain text for a terminal or a mail: verdict first, then steps, problems and changes. */
export function renderReportText(report: RunReport): string {
  return [
    `${report.customerId} / ${report.integrationId}: ${show(report.verdict, 2_000)}`,
    `run ${report.runId}, ${report.context}, ${report.method}, ${report.state}${describeDuration(report.seconds)}`,
    ...renderDecision(report.decision),
    '',
    ...renderSteps(report.steps),
    ...renderSection('Problems', report.problems.flatMap(renderProblem), report.problemsOmitted),
    ...renderSection('Conflicts', report.conflicts.flatMap(renderConflict), 0),
    ...renderSection('Would change', report.planned.flatMap(renderPlanned), report.plannedOmitted),
    ...renderSection('Changes', report.changes.flatMap(renderChange), report.changesOmitted),
    ...renderSection('Written to the vendor', report.pushes.flatMap(renderPush), report.pushesOmitted),
  ].join('\n');
}

function renderDecision(decision: RunReport['decision']): readonly string[] {
  if (decision === null) return [];
  const { by, at, reason } = decision;
  return [`${decision.decision} by ${show(by)} at ${at}${reason === null ? '' : `: ${show(reason)}`}`];
}

const columns: readonly (readonly [keyof RunCounts, string])[] = [
  ['received', 'received'],
  ['unchanged', 'unchanged'],
  ['created', 'created'],
  ['updated', 'updated'],
  ['deleted', 'deleted'],
  ['withdrawn', 'withdrawn'],
  ['quarantined', 'quarantined'],
];

/** Only where there is something to tell: most runs only read. */
const rareColumns: readonly (readonly [keyof RunCounts, string])[] = [
  ['agreed', 'agreed'],
  ['conflicted', 'conflicts'],
  ['pushCreated', 'sent new'],
  ['pushUpdated', 'sent changed'],
  ['pushDeleted', 'sent deleted'],
  ['pushFailed', 'refused'],
];

function renderSteps(steps: readonly ReportStep[]): readonly string[] {
  const told = [...columns, ...rareColumns.filter(([name]) => steps.some(({ counts }) => counts[name] > 0))];
  const header = ['entity type', ...told.map(([, title]) => title), 'pages', 'seconds', 'status'];
  const rows = steps.map((step) => [
    step.entityType,
    ...told.map(([name]) => step.counts[name].toLocaleString('en-US')),
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

function renderProblem(problem: ReportProblem): readonly string[] {
  const { code, entityType, recordId, place, message, data, advice, again } = problem;
  const where = [entityType, recordId === null ? place : show(recordId)]
    .filter((part) => part !== null)
    .join(' ');
  return [
    `${code}${where === '' ? '' : ` · ${where}`}: ${show(message, 500)}`,
    ...describeData(data).map((line) => `    ${line}`),
    `    ${advice} ${again}`,
  ];
}

/** The issues of a schema, and of any other list its objects, one a line; other data as `name: value`. */
function describeData(data: JsonObject): readonly string[] {
  return Object.entries(data).flatMap(([name, value]) => {
    if (!Array.isArray(value) || !value.every(isJsonObject)) return [`${name}: ${show(value)}`];
    if (name === 'issues')
      return value.map((issue) => `${show(issue.pointer ?? '')} ${show(issue.message ?? '', 300)}`);
    return value.map((item) => describeItem(item));
  });
}

/** One of a list, such as the records that stand in the way of a revert: `user stu-1 · fields /email · changedBy 4a1f…`. */
function describeItem({ entityType, recordId, ...rest }: JsonObject): string {
  const named = [entityType, recordId].filter((part) => part !== undefined).map((part) => show(part));
  const facts = Object.entries(rest).map(
    ([name, value]) =>
      `${name} ${show(Array.isArray(value) ? value.map((one) => textOf(one) || 'the whole record').join(', ') : value, 200)}`,
  );
  return [...(named.length === 0 ? [] : [named.join(' ')]), ...facts].join(' · ');
}

function renderChange({ entityType, recordId, action, fields }: ReportChange): readonly string[] {
  if (action !== 'update') return [`${action} ${entityType} ${show(recordId)}`];
  return [`update ${entityType} ${show(recordId)}`, ...fields.map((field) => `    ${renderField(field)}`)];
}

function renderField({ pointer, before, after, rule }: ReportField): string {
  return `${show(pointer)}: ${show(before)} → ${show(after)}${rule === undefined ? '' : `   (${show(rule)})`}`;
}

function renderPush({ state, assignedId, ...change }: ReportPush): readonly string[] {
  const [first = '', ...rest] = renderChange(change);
  const got = assignedId === null ? '' : `, as ${show(assignedId)}`;
  return [`${first}: ${pushWords[state] ?? state}${got}`, ...rest];
}

const pushWords: Readonly<Record<string, string>> = {
  intended: 'not known yet',
  accepted: 'taken, and found there',
  refused: 'refused',
  unverified: 'taken, and not kept as it was sent',
};

function renderConflict(conflict: ReportConflict): readonly string[] {
  const { entityType, recordId, pointer, state, rule, conflictId, inputs } = conflict;
  const field = pointer === '' ? 'the whole record' : show(pointer);
  const waits = state === 'decided' ? 'decided, to be followed by the next run' : 'waits for a decision';
  return [
    `${entityType} ${show(recordId)} ${field}: ${waits}   (${show(rule)})`,
    ...renderSides(conflict),
    `    for conflicts.resolve.v1: {"conflictId": "${conflictId}", "inputs": "${inputs}", "choice": "ours" or "theirs"}`,
  ];
}

function renderSides({ base, ours, theirs }: Pick<ReportConflict, 'base' | 'ours' | 'theirs'>) {
  return [`    ours ${show(ours)} · theirs ${show(theirs)} · before ${show(base)}`];
}

function renderPlanned({
  entityType,
  recordId,
  toOurs,
  toTheirs,
  conflicts,
}: ReportPlanned): readonly string[] {
  return [
    ...renderPlanLines(`${entityType} ${show(recordId)} on our side`, toOurs),
    ...renderPlanLines(`${entityType} ${show(recordId)} at the vendor`, toTheirs),
    ...conflicts.flatMap((conflict) => [
      `conflict ${entityType} ${show(recordId)} ${conflict.pointer === '' ? 'the whole record' : show(conflict.pointer)}   (${show(conflict.rule)})`,
      ...renderSides(conflict),
    ]),
  ];
}

/** A readable diff: a created or deleted record is one line, of an updated one each field. */
function renderPlanLines(title: string, lines: readonly PlanLine[]): readonly string[] {
  const [first] = lines;
  if (first === undefined) return [];
  if (first.action !== 'update') return [`${first.action} ${title}   (${show(first.rule)})`];
  return [`update ${title}`, ...lines.map((line) => `    ${renderField(line)}`)];
}

function describeDuration(seconds: number | null): string {
  return seconds === null ? '' : ` in ${seconds.toFixed(1)} s`;
}

/** A value in at most 80 characters, safe in a terminal: vendor data may hold anything. */
function show(value: JsonValue | undefined, maximum = 80): string {
  if (value === undefined) return '(absent)';
  return closeDirection(toPlainText(textOf(value), maximum));
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
