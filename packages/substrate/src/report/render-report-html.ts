import type { JsonValue } from '../json/json-value.ts';
import { describeData } from './describe-data.ts';
import { factsBesideAnswer, type ReportProblem, type VendorAnswer } from './describe-problem.ts';
import { groupProblems, type ProblemGroup } from './group-problems.ts';
import { bidi, link, note, type Row, renderTable, section } from './report-html-parts.ts';
import { linkRecord } from './report-links.ts';
import type { RunCounts } from './run-counts.ts';
import type { ReportField, ReportPlanned, RunReport } from './run-report.ts';
import { html, noHtml, type SafeHtml } from './safe-html.ts';
import { showText } from './show-text.ts';

/** A value in a mail: enough to know it again. Characters. */
const valueLength = 200;

/**
 * Pure. A report as a part of a mail's page: what to do first, then what is wrong, then what changed. How much of it there is follows from
 * what the report was built with.
 */
export function renderReportHtml(report: RunReport): SafeHtml {
  const { links, noise } = report;
  return html`${note(describeRun(report))}
${links === null ? noHtml : html`<p style="margin:0 0 12px">${links.plan === null ? noHtml : html`<b>${link(links.plan, 'Look at what would change, then approve or reject it')}</b><br>`}${link(links.run, 'Open this report')} · ${link(links.conflicts, 'What waits for a decision')} · ${link(links.integration, 'The integration')}</p>`}
${section(
  'Problems',
  groupProblems(report.problems).map((group) => renderProblems(report, group)),
  report.problemsOmitted,
)}
${section('Waiting for a decision', renderConflicts(report), report.conflictsOmitted)}
${section(isPast(report) ? 'What would have changed' : 'What would change', renderPlanned(report), report.plannedOmitted)}
${section('Steps', renderSteps(report), 0)}
${section('Changes on our side', renderChanges(report, report.changes), report.changesOmitted)}
${section('Written to the vendor', renderChanges(report, report.pushes), report.pushesOmitted)}
${section(
  'Noise',
  noise.map(
    ({ entityType, pointer, runs, share }) =>
      html`<p style="margin:0 0 6px">${entityType} ${bidi(showText(pointer))} changed in ${Math.round(share * 100)} % of the updated records in each of the last ${runs} runs. If it means nothing, declare it volatile in the merge settings: then no change is seen in it.</p>`,
  ),
  0,
)}`;
}

/** Held once, and ended without being carried out. */
function isPast({ state }: RunReport): boolean {
  return state === 'rejected' || state === 'expired';
}

function describeRun({ vendor, context, runId, startedAt, finishedAt, seconds }: RunReport): string {
  const took = seconds === null ? '' : ` in ${seconds.toFixed(1)} s`;
  const when = finishedAt ?? startedAt;
  return `${vendor}, ${context} run ${runId}${when === null ? '' : `, ${when}`}${took}`;
}

/** What those of one kind share is said once, after the last of them. */
function renderProblems(
  report: RunReport,
  { problems, advice, again }: ProblemGroup<ReportProblem>,
): SafeHtml {
  return html`<div class="line" style="margin:0 0 14px;padding:0 0 0 12px;border-left:3px solid #b3261e">
${problems.map((problem) => renderProblem(report, problem))}
<p style="margin:4px 0 0"><b>What to do:</b> ${advice} ${again}</p>
</div>`;
}

function renderProblem({ links }: RunReport, problem: ReportProblem): SafeHtml {
  const { title, code, entityType, recordId, place, message, vendorAnswer, cut } = problem;
  const facts = describeData(factsBesideAnswer(problem), cut);
  const words = message === title ? noHtml : html`${showText(message, 500)}. `;
  return html`<p style="margin:0"><b>${title}</b>${entityType === null ? '' : ` · ${entityType}`}${recordId === null ? noHtml : html` ${linkedRecord(links, entityType, recordId)}`}${recordId === null && place !== null ? ` ${place}` : ''}</p>
<p style="margin:2px 0">${words}<span class="quiet" style="color:#5b6675">${code}</span></p>
${renderAnswer(vendorAnswer)}
${facts.length === 0 ? noHtml : html`<p class="quiet" style="margin:2px 0;font-size:13px;color:#5b6675;word-break:break-word">${facts.map((fact) => html`${bidi(fact)}<br>`)}</p>`}`;
}

function renderAnswer(answer: VendorAnswer | null): SafeHtml {
  if (answer === null) return noHtml;
  const { status, request, text } = answer;
  const what = `The vendor answered${status === null ? '' : ` ${status}`}`;
  return html`<p style="margin:6px 0 2px">${what}${request === null ? noHtml : html` to ${bidi(showText(request, valueLength))}`}${text === null ? '.' : ':'}</p>
${text === null ? noHtml : html`<div class="words" style="margin:0 0 6px;padding:8px;background:#f1f3f6;font-family:Consolas,Menlo,monospace;font-size:13px;word-break:break-word">${bidi(showText(text, 2_000))}</div>`}`;
}

function renderConflicts({ conflicts, links }: RunReport): readonly SafeHtml[] {
  if (conflicts.length === 0) return [];
  const rows = conflicts.map(({ entityType, recordId, pointer, ours, theirs, base, rule, cut = {} }) => {
    const whole = wholeRecord(links, entityType, recordId);
    return [
      html`${entityType} ${linkedRecord(links, entityType, recordId)}<br>${fieldName(pointer)}<br>${quiet(showText(rule))}`,
      value(ours, cut.ours, whole),
      value(theirs, cut.theirs, whole),
      value(base, cut.base, whole),
    ];
  });
  return [renderTable(['Record and field', 'Ours', 'Theirs', 'Before'], rows)];
}

function renderPlanned({ planned, links }: RunReport): readonly SafeHtml[] {
  if (planned.length === 0) return [];
  const rows = planned.flatMap((one) => [
    ...planRows(links, one, one.toOurs, 'on our side'),
    ...planRows(links, one, one.toTheirs, 'at the vendor'),
  ]);
  return [renderTable(['Record', 'Field', 'Before', 'After'], rows)];
}

function planRows(
  links: RunReport['links'],
  { entityType, recordId }: ReportPlanned,
  lines: ReportPlanned['toOurs'],
  side: string,
): readonly Row[] {
  const [first] = lines;
  if (first === undefined) return [];
  const record = html`${first.action} ${entityType} ${linkedRecord(links, entityType, recordId)} ${quiet(side)}`;
  return first.action === 'update'
    ? fieldRows(record, lines, 0, wholeRecord(links, entityType, recordId))
    : [[record, noHtml, noHtml, noHtml]];
}

function renderChanges(
  { links }: RunReport,
  changes: readonly (RunReport['changes'][number] & { readonly state?: string })[],
): readonly SafeHtml[] {
  if (changes.length === 0) return [];
  const rows = changes.flatMap(({ entityType, recordId, action, fields, fieldsOmitted = 0, state }) => {
    const record = html`${action} ${entityType} ${linkedRecord(links, entityType, recordId)}${state === undefined ? noHtml : html` ${quiet(pushWords[state] ?? state)}`}`;
    return action === 'update'
      ? fieldRows(record, fields, fieldsOmitted, wholeRecord(links, entityType, recordId))
      : [[record, noHtml, noHtml, noHtml]];
  });
  return [renderTable(['Record', 'Field', 'Before', 'After'], rows)];
}

const pushWords: Readonly<Record<string, string>> = {
  intended: 'not known yet',
  accepted: 'taken, and found there',
  refused: 'refused',
  unverified: 'taken, and not kept as it was sent',
};

function fieldRows(
  record: SafeHtml,
  fields: readonly ReportField[],
  omitted: number,
  whole: string | undefined,
): readonly Row[] {
  const rows = fields.map(({ pointer, before, after, rule, cut = {} }, index) => [
    index === 0 ? record : noHtml,
    html`${fieldName(pointer)}${rule === undefined ? noHtml : html`<br>${quiet(showText(rule))}`}`,
    value(before, cut.before, whole),
    value(after, cut.after, whole),
  ]);
  if (omitted === 0) return rows;
  const more = quiet(`… and ${omitted.toLocaleString('en-US')} more fields`);
  return [...rows, [rows.length === 0 ? record : noHtml, more, noHtml, noHtml]];
}

/** Where a value is whole of which the report has the beginning only. */
function wholeRecord(links: RunReport['links'], entityType: string, recordId: string): string | undefined {
  return links === null ? undefined : linkRecord(links, entityType, recordId);
}

const counted: readonly (readonly [keyof RunCounts, string])[] = [
  ['received', 'read'],
  ['created', 'new'],
  ['updated', 'changed'],
  ['deleted', 'deleted'],
  ['quarantined', 'left out'],
  ['conflicted', 'waiting'],
];

function renderSteps({ steps }: RunReport): readonly SafeHtml[] {
  if (steps.length === 0) return [];
  const rows = steps.map(({ entityType, status, counts, seconds }) => [
    html`${entityType}`,
    html`${showText(status, valueLength)}`,
    html`${counted.flatMap(([name, word]) => (counts[name] === 0 ? [] : [`${counts[name].toLocaleString('en-US')} ${word}`])).join(', ')}`,
    html`${seconds === null ? '' : `${seconds.toFixed(1)} s`}`,
  ]);
  return [renderTable(['Step', 'How it stands', 'Records', 'Took'], rows)];
}

function linkedRecord(links: RunReport['links'], entityType: string | null, recordId: string): SafeHtml {
  const shown = showText(recordId);
  if (links === null || entityType === null) return bidi(shown);
  return link(linkRecord(links, entityType, recordId), shown);
}

function fieldName(pointer: string): SafeHtml {
  return pointer === '' ? html`the whole record` : bidi(showText(pointer));
}

/** `length`: of a value that was cut how long it is. */
function value(side: JsonValue | undefined, length: number | undefined, whole: string | undefined): SafeHtml {
  if (side === undefined) return quiet('(absent)');
  if (length === undefined) return bidi(showText(side, valueLength));
  const words = `${length.toLocaleString('en-US')} characters`;
  return html`${bidi(showText(side, valueLength))} ${whole === undefined ? quiet(`(${words})`) : link(whole, words)}`;
}

function quiet(text: string): SafeHtml {
  return html`<span class="quiet" style="color:#5b6675">${bidi(text)}</span>`;
}
