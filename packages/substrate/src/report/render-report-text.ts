import { callRecord } from './call-record.ts';
import { describeData } from './describe-data.ts';
import { factsBesideAnswer, type ReportProblem, type VendorAnswer } from './describe-problem.ts';
import type { ReportNoise } from './find-noise.ts';
import { groupProblems, type ProblemGroup } from './group-problems.ts';
import { linkRecord } from './report-links.ts';
import type { RunCounts } from './run-counts.ts';
import type {
  ReportChange,
  ReportConflict,
  ReportField,
  ReportPlanLine,
  ReportPlanned,
  ReportPush,
  ReportStep,
  RunReport,
} from './run-report.ts';
import { showCut, showText } from './show-text.ts';

/** Pure. A report as plain text for a terminal or a mail: verdict first, then steps, problems and changes. */
export function renderReportText(whole: RunReport, reader: 'terminal' | 'mail' = 'terminal'): string {
  // A mail lies in many hands: it tells of a person no more than what changed.
  const report = reader === 'mail' ? withoutNames(whole) : whole;
  return [
    // A mail says above whose it is, by name.
    `${reader === 'mail' ? '' : `${report.customerId} / `}${report.integrationId}: ${showText(report.verdict, 2_000)}`,
    `run ${report.runId}, ${report.context}, ${report.method}, ${report.state}${describeDuration(report.seconds)}`,
    ...renderDecision(report.decision),
    '',
    ...renderSteps(report.steps),
    ...renderSection(
      'Problems',
      groupProblems(report.problems).flatMap(renderProblems),
      report.problemsOmitted,
    ),
    ...renderSection(
      'Conflicts',
      report.conflicts.flatMap((conflict) => [
        ...renderConflict(conflict, reader),
        ...renderWhole(report, conflict, [conflict]),
      ]),
      report.conflictsOmitted,
    ),
    ...renderSection(
      isPast(report) ? 'Would have changed' : 'Would change',
      report.planned.flatMap((planned) => [
        ...renderPlanned(planned),
        ...renderWhole(report, planned, [...planned.toOurs, ...planned.toTheirs].filter(isShown)),
      ]),
      report.plannedOmitted,
    ),
    ...renderSection(
      'Changes',
      report.changes.flatMap((change) => [...renderChange(change), ...renderWholeChange(report, change)]),
      report.changesOmitted,
    ),
    ...renderSection(
      'Written to the vendor',
      report.pushes.flatMap((push) => [...renderPush(push), ...renderWholeChange(report, push)]),
      report.pushesOmitted,
    ),
    ...renderSection('Noise', report.noise.flatMap(renderNoise), 0),
    ...renderSection('In the dashboard', renderLinks(report.links), 0),
  ].join('\n');
}

function withoutNames(report: RunReport): RunReport {
  function unnamed<Told extends { readonly name?: string }>({ name: _name, ...told }: Told) {
    return told;
  }
  return {
    ...report,
    problems: report.problems.map(unnamed),
    conflicts: report.conflicts.map(unnamed),
    planned: report.planned.map(unnamed),
    changes: report.changes.map(unnamed),
    pushes: report.pushes.map(unnamed),
  };
}

function renderDecision(decision: RunReport['decision']): readonly string[] {
  if (decision === null) return [];
  const { by, at, reason } = decision;
  // Who rejected it, and why, is the verdict.
  if (decision.decision === 'rejected') return [`rejected at ${at}`];
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

/** What those of one kind share is said once, after the last of them. */
function renderProblems({ problems, advice, again }: ProblemGroup<ReportProblem>): readonly string[] {
  return [...problems.flatMap(renderProblem), `    ${advice} ${again}`];
}

function renderProblem(problem: ReportProblem): readonly string[] {
  const { code, entityType, recordId, name, place, message, vendorAnswer, cut } = problem;
  const where =
    entityType === null || recordId === null
      ? [entityType, place].filter((part) => part !== null).join(' ')
      : callRecord({ entityType, recordId, name });
  return [
    `${code}${where === '' ? '' : ` · ${where}`}: ${showText(message, 500)}`,
    ...renderAnswer(vendorAnswer),
    ...describeData(factsBesideAnswer(problem), cut).map((line) => `    ${line}`),
  ];
}

/** What a vendor answered is what a school asks for. Characters. */
const longestAnswer = 2_000;

function renderAnswer(answer: VendorAnswer | null): readonly string[] {
  if (answer === null) return [];
  const { status, request, text } = answer;
  const what = `The vendor answered${status === null ? '' : ` ${status}`}${request === null ? '' : ` to ${showText(request, 200)}`}`;
  return [`    ${what}${text === null ? '.' : `: ${showText(text, longestAnswer)}`}`];
}

function renderChange(change: ReportChange): readonly string[] {
  const { action, fields, fieldsOmitted = 0 } = change;
  if (action !== 'update') return [`${action} ${callRecord(change)}`];
  return [
    `update ${callRecord(change)}`,
    ...fields.map((field) => `    ${renderField(field)}`),
    ...(fieldsOmitted === 0 ? [] : [`    … and ${fieldsOmitted.toLocaleString('en-US')} more fields`]),
  ];
}

/** Where the values are whole of which the lines above have the beginning only. */
function renderWhole(
  { links }: RunReport,
  { entityType, recordId }: { readonly entityType: string; readonly recordId: string },
  fields: readonly Pick<ReportField, 'cut'>[],
): readonly string[] {
  if (links === null || fields.every(({ cut }) => cut === undefined)) return [];
  return [`    whole in the record: ${linkRecord(links, entityType, recordId)}`];
}

function renderWholeChange(report: RunReport, change: ReportChange): readonly string[] {
  return change.action === 'update' ? renderWhole(report, change, change.fields) : [];
}

function renderField({ pointer, before, after, rule, cut = {} }: ReportField): string {
  return `${showText(pointer)}: ${showCut(before, cut.before)} → ${showCut(after, cut.after)}${rule === undefined ? '' : `   (${showText(rule)})`}`;
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
  const { pointer, state, rule, conflictId, inputs } = conflict;
  const field = pointer === '' ? 'the whole record' : showText(pointer);
  const waits = state === 'decided' ? 'decided, to be followed by the next run' : 'waits for a decision';
  return [
    `${callRecord(conflict)} ${field}: ${waits}   (${showText(rule)})`,
    ...renderSides(conflict),
    ...(reader === 'mail'
      ? []
      : [
          `    for conflicts.resolve.v1: {"conflictId": "${conflictId}", "inputs": "${inputs}", "choice": "ours" or "theirs"}`,
        ]),
  ];
}

function renderSides({
  base,
  ours,
  theirs,
  cut = {},
}: Pick<ReportConflict, 'base' | 'ours' | 'theirs' | 'cut'>): readonly string[] {
  const sides = [
    `ours ${showCut(ours, cut.ours)}`,
    `theirs ${showCut(theirs, cut.theirs)}`,
    `before ${showCut(base, cut.base)}`,
  ];
  return [`    ${sides.join(' · ')}`];
}

function renderPlanned(planned: ReportPlanned): readonly string[] {
  const { toOurs, toTheirs, conflicts, linesOmitted = 0 } = planned;
  const record = callRecord(planned);
  return [
    ...renderPlanLines(`${record} on our side`, toOurs),
    ...renderPlanLines(`${record} at the vendor`, toTheirs),
    ...conflicts.flatMap((conflict) => [
      `conflict ${record} ${conflict.pointer === '' ? 'the whole record' : showText(conflict.pointer)}   (${showText(conflict.rule)})`,
      ...renderSides(conflict),
    ]),
    ...(linesOmitted === 0 ? [] : [`    … and ${linesOmitted.toLocaleString('en-US')} more lines`]),
  ];
}

/** Held once, and ended without being carried out. */
function isPast({ state }: RunReport): boolean {
  return state === 'rejected' || state === 'expired';
}

/** A created or a deleted record is one line, without its values. */
function isShown({ action }: ReportPlanLine): boolean {
  return action === 'update';
}

/** A readable diff: a created or deleted record is one line, of an updated one each field. */
function renderPlanLines(title: string, lines: readonly ReportPlanLine[]): readonly string[] {
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
