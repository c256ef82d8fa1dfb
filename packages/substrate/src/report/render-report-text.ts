import type { PlanLine } from '../merge/plan.ts';
import { describeData } from './describe-data.ts';
import type { ReportProblem } from './describe-problem.ts';
import type { ReportNoise } from './find-noise.ts';
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
import { showText } from './show-text.ts';

/** Pure. A report as plain text for a terminal or a mail: verdict first, then steps, problems and changes. */
export function renderReportText(report: RunReport, reader: 'terminal' | 'mail' = 'terminal'): string {
  return [
    `${report.customerId} / ${report.integrationId}: ${showText(report.verdict, 2_000)}`,
    `run ${report.runId}, ${report.context}, ${report.method}, ${report.state}${describeDuration(report.seconds)}`,
    ...renderDecision(report.decision),
    '',
    ...renderSteps(report.steps),
    ...renderSection('Problems', report.problems.flatMap(renderProblem), report.problemsOmitted),
    ...renderSection(
      'Conflicts',
      report.conflicts.flatMap((conflict) => renderConflict(conflict, reader)),
      0,
    ),
    ...renderSection('Would change', report.planned.flatMap(renderPlanned), report.plannedOmitted),
    ...renderSection('Changes', report.changes.flatMap(renderChange), report.changesOmitted),
    ...renderSection('Written to the vendor', report.pushes.flatMap(renderPush), report.pushesOmitted),
    ...renderSection('Noise', report.noise.flatMap(renderNoise), 0),
    ...renderSection('In the dashboard', renderLinks(report.links), 0),
  ].join('\n');
}

function renderDecision(decision: RunReport['decision']): readonly string[] {
  if (decision === null) return [];
  const { by, at, reason } = decision;
  return [
    `${decision.decision} by ${showText(by)} at ${at}${reason === null ? '' : `: ${showText(reason)}`}`,
  ];
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
    showText(step.status, 120),
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
  const where = [entityType, recordId === null ? place : showText(recordId)]
    .filter((part) => part !== null)
    .join(' ');
  return [
    `${code}${where === '' ? '' : ` · ${where}`}: ${showText(message, 500)}`,
    ...describeData(data).map((line) => `    ${line}`),
    `    ${advice} ${again}`,
  ];
}

function renderChange({ entityType, recordId, action, fields }: ReportChange): readonly string[] {
  if (action !== 'update') return [`${action} ${entityType} ${showText(recordId)}`];
  return [
    `update ${entityType} ${showText(recordId)}`,
    ...fields.map((field) => `    ${renderField(field)}`),
  ];
}

function renderField({ pointer, before, after, rule }: ReportField): string {
  return `${showText(pointer)}: ${showText(before)} → ${showText(after)}${rule === undefined ? '' : `   (${showText(rule)})`}`;
}

function renderPush({ state, assignedId, ...change }: ReportPush): readonly string[] {
  const [first = '', ...rest] = renderChange(change);
  const got = assignedId === null ? '' : `, as ${showText(assignedId)}`;
  return [`${first}: ${pushWords[state] ?? state}${got}`, ...rest];
}

const pushWords: Readonly<Record<string, string>> = {
  intended: 'not known yet',
  accepted: 'taken, and found there',
  refused: 'refused',
  unverified: 'taken, and not kept as it was sent',
};

function renderConflict(conflict: ReportConflict, reader: 'terminal' | 'mail'): readonly string[] {
  const { entityType, recordId, pointer, state, rule, conflictId, inputs } = conflict;
  const field = pointer === '' ? 'the whole record' : showText(pointer);
  const waits = state === 'decided' ? 'decided, to be followed by the next run' : 'waits for a decision';
  return [
    `${entityType} ${showText(recordId)} ${field}: ${waits}   (${showText(rule)})`,
    ...renderSides(conflict),
    ...(reader === 'mail'
      ? []
      : [
          `    for conflicts.resolve.v1: {"conflictId": "${conflictId}", "inputs": "${inputs}", "choice": "ours" or "theirs"}`,
        ]),
  ];
}

function renderSides({ base, ours, theirs }: Pick<ReportConflict, 'base' | 'ours' | 'theirs'>) {
  return [`    ours ${showText(ours)} · theirs ${showText(theirs)} · before ${showText(base)}`];
}

function renderPlanned({
  entityType,
  recordId,
  toOurs,
  toTheirs,
  conflicts,
}: ReportPlanned): readonly string[] {
  return [
    ...renderPlanLines(`${entityType} ${showText(recordId)} on our side`, toOurs),
    ...renderPlanLines(`${entityType} ${showText(recordId)} at the vendor`, toTheirs),
    ...conflicts.flatMap((conflict) => [
      `conflict ${entityType} ${showText(recordId)} ${conflict.pointer === '' ? 'the whole record' : showText(conflict.pointer)}   (${showText(conflict.rule)})`,
      ...renderSides(conflict),
    ]),
  ];
}

/** A readable diff: a created or deleted record is one line, of an updated one each field. */
function renderPlanLines(title: string, lines: readonly PlanLine[]): readonly string[] {
  const [first] = lines;
  if (first === undefined) return [];
  if (first.action !== 'update') return [`${first.action} ${title}   (${showText(first.rule)})`];
  return [`update ${title}`, ...lines.map((line) => `    ${renderField(line)}`)];
}

function renderNoise({ entityType, pointer, runs, share }: ReportNoise): readonly string[] {
  const often = `${Math.round(share * 100)} % of the updated records in each of the last ${runs} runs`;
  return [
    `${entityType} ${showText(pointer)} changed in ${often}. If it means nothing, declare it volatile.`,
  ];
}

function renderLinks(links: RunReport['links']): readonly string[] {
  if (links === null) return [];
  return [
    ...(links.plan === null ? [] : [`what would change, to approve or reject it: ${links.plan}`]),
    `this report: ${links.run}`,
    `what waits for a decision: ${links.conflicts}`,
  ];
}

function describeDuration(seconds: number | null): string {
  return seconds === null ? '' : ` in ${seconds.toFixed(1)} s`;
}
