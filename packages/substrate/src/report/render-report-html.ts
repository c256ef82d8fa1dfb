import type { JsonObject, JsonValue } from '../json/json-value.ts';
import { describeData } from './describe-data.ts';
import type { ReportProblem, VendorAnswer } from './describe-problem.ts';
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
  report.problems.map((problem) => renderProblem(report, problem)),
  report.problemsOmitted,
)}
${section('Waiting for a decision', renderConflicts(report), 0)}
${section('What would change', renderPlanned(report), report.plannedOmitted)}
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

function describeRun({ vendor, context, runId, startedAt, finishedAt, seconds }: RunReport): string {
  const took = seconds === null ? '' : ` in ${seconds.toFixed(1)} s`;
  const when = finishedAt ?? startedAt;
  return `${vendor}, ${context} run ${runId}${when === null ? '' : `, ${when}`}${took}`;
}

function renderProblem({ links }: RunReport, problem: ReportProblem): SafeHtml {
  const { title, code, entityType, recordId, place, message, data, vendorAnswer, advice, again } = problem;
  const facts = describeData(vendorAnswer === null ? data : withoutAnswer(data));
  return html`<div class="line" style="margin:0 0 14px;padding:0 0 0 12px;border-left:3px solid #b3261e">
<p style="margin:0"><b>${title}</b>${entityType === null ? '' : ` · ${entityType}`}${recordId === null ? noHtml : html` ${linkedRecord(links, entityType, recordId)}`}${recordId === null && place !== null ? ` ${place}` : ''}</p>
<p style="margin:2px 0">${showText(message, 500)}. <span class="quiet" style="color:#5b6675">${code}</span></p>
${renderAnswer(vendorAnswer)}
${facts.length === 0 ? noHtml : html`<p class="quiet" style="margin:2px 0;font-size:13px;color:#5b6675;word-break:break-word">${facts.map((fact) => html`${bidi(fact)}<br>`)}</p>`}
<p style="margin:4px 0 0"><b>What to do:</b> ${advice} ${again}</p>
</div>`;
}

function renderAnswer(answer: VendorAnswer | null): SafeHtml {
  if (answer === null) return noHtml;
  const { status, request, text } = answer;
  const what = `The vendor answered${status === null ? '' : ` ${status}`}`;
  return html`<p style="margin:6px 0 2px">${what}${request === null ? noHtml : html` to ${bidi(showText(request, valueLength))}`}${text === null ? '.' : ':'}</p>
${text === null ? noHtml : html`<div class="words" style="margin:0 0 6px;padding:8px;background:#f1f3f6;font-family:Consolas,Menlo,monospace;font-size:13px;word-break:break-word">${bidi(showText(text, 2_000))}</div>`}`;
}

/** What the vendor's answer has told already. */
function withoutAnswer({
  excerpt: _excerpt,
  status: _status,
  method: _method,
  path: _path,
  contentType: _contentType,
  ...rest
}: JsonObject): JsonObject {
  const { problem, ...others } = rest;
  return problem === 'status' ? others : rest;
}

function renderConflicts({ conflicts, links }: RunReport): readonly SafeHtml[] {
  if (conflicts.length === 0) return [];
  const rows = conflicts.map(({ entityType, recordId, pointer, ours, theirs, base, rule }) => [
    html`${entityType} ${linkedRecord(links, entityType, recordId)}<br>${fieldName(pointer)}<br>${quiet(showText(rule))}`,
    value(ours),
    value(theirs),
    value(base),
  ]);
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
  return first.action === 'update' ? fieldRows(record, lines) : [[record, noHtml, noHtml, noHtml]];
}

function renderChanges(
  { links }: RunReport,
  changes: readonly (RunReport['changes'][number] & { readonly state?: string })[],
): readonly SafeHtml[] {
  if (changes.length === 0) return [];
  const rows = changes.flatMap(({ entityType, recordId, action, fields, state }) => {
    const record = html`${action} ${entityType} ${linkedRecord(links, entityType, recordId)}${state === undefined ? noHtml : html` ${quiet(pushWords[state] ?? state)}`}`;
    return action === 'update' ? fieldRows(record, fields) : [[record, noHtml, noHtml, noHtml]];
  });
  return [renderTable(['Record', 'Field', 'Before', 'After'], rows)];
}

const pushWords: Readonly<Record<string, string>> = {
  intended: 'not known yet',
  accepted: 'taken, and found there',
  refused: 'refused',
  unverified: 'taken, and not kept as it was sent',
};

function fieldRows(record: SafeHtml, fields: readonly ReportField[]): readonly Row[] {
  return fields.map(({ pointer, before, after, rule }, index) => [
    index === 0 ? record : noHtml,
    html`${fieldName(pointer)}${rule === undefined ? noHtml : html`<br>${quiet(showText(rule))}`}`,
    value(before),
    value(after),
  ]);
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

function value(side: JsonValue | undefined): SafeHtml {
  return side === undefined ? quiet('(absent)') : bidi(showText(side, valueLength));
}

function quiet(text: string): SafeHtml {
  return html`<span class="quiet" style="color:#5b6675">${bidi(text)}</span>`;
}
