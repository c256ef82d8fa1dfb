import { readReport } from '@flotilla/substrate/methods';
import { renderReportHtml } from '@flotilla/substrate/report/render-report-html';
import { renderReportText } from '@flotilla/substrate/report/render-report-text';
import { bidi } from '@flotilla/substrate/report/report-html-parts';
import { linkCustomer } from '@flotilla/substrate/report/report-links';
import type { RunReport } from '@flotilla/substrate/report/run-report';
import { html, noHtml, type SafeHtml } from '@flotilla/substrate/report/safe-html';
import { showText } from '@flotilla/substrate/report/show-text';
import { type Customer, type Notice, type NoticeItem, readRuns } from '@flotilla/substrate/store';
import type { Control } from '../control.ts';
import { link, type MailBody, renderPage } from './page.ts';
import { showMoment } from './show-moment.ts';
import { withoutDemographics } from './without-demographics.ts';

/** An item with the report of its run. */
interface Told {
  readonly item: NoticeItem;
  readonly report: RunReport;
  /** What is the matter, in a few words: `failed`. */
  readonly headline: string;
  /** With its report, not the verdict and the way there alone. */
  readonly isWhole: boolean;
}

/** So much of a report is in a mail; the rest is in the dashboard. */
const shown = 15;
/** Where a vendor that all use is down, mails with the report of each are cut off by mail programs (Gmail: at 102 kB). */
const mostWhole = 10;
/** Lists of mails show less. */
const previewed = 3;

const order: readonly NoticeItem['kind'][] = ['trouble', 'again', 'recovered'];

/** The mail that tells what is amiss, and what is well again. */
export async function composeProblems(
  { store, fleet }: Pick<Control, 'store' | 'fleet'>,
  customer: Customer,
  { items }: Pick<Notice, 'items'>,
): Promise<MailBody> {
  const { dashboardUrl } = fleet;
  const runs = await readRuns(
    store,
    customer.customerId,
    items.map(({ runId }) => runId),
  );
  const told: Told[] = [];
  for (const item of items.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))) {
    const run = runs.get(item.runId);
    if (run === undefined) continue;
    // Trouble comes first.
    const isWhole = item.kind === 'trouble' && told.length < mostWhole;
    const amount = isWhole ? shown : 1;
    const report = withoutDemographics(
      await readReport(store, run, { changes: amount, problems: amount, dashboardUrl }),
    );
    told.push({ item, report, headline: describeHeadline(item, report, customer), isWhole });
  }
  const title = describeTitle(told);
  const page = dashboardUrl === undefined ? undefined : linkCustomer(dashboardUrl, customer.customerId);
  const name = showText(customer.name);
  const why = 'You get this since you are told of problems of';
  return {
    subject: `[Flotilla] ${name}: ${title}`,
    text: [
      // Of one integration, this is its heading too.
      ...(told.length === 1 ? [] : [`${name}: ${title}`, '']),
      ...told.flatMap((one) => [renderText(one, customer, told.length === 1 ? `${name}: ` : ''), '']),
      '-- ',
      `${why} ${name}.`,
      ...(page === undefined ? [] : [`Who is told what: ${page}`]),
      '',
    ].join('\n'),
    html: renderPage({
      title: `${name}: ${title}`,
      heading: html`${bidi(name)}: ${title}`,
      preview: told
        .slice(0, previewed)
        .map(({ report }) => showText(report.verdict, 200))
        .join(' '),
      content: html`${told.map((one) => renderHtml(one, customer))}`,
      footer: [html`${why} ${bidi(name)}.`, link(page, 'Who is told what')],
    }),
  };
}

function describeTitle(told: readonly Told[]): string {
  const [first] = told;
  if (first === undefined) return 'nothing to tell any more';
  const integrations = new Set(told.map(({ item }) => item.integrationId));
  if (integrations.size === 1) return `${first.item.integrationId} ${first.headline}`;
  const ill = new Set(
    told.filter(({ item }) => item.kind !== 'recovered').map(({ item }) => item.integrationId),
  );
  if (ill.size === 0) return `${integrations.size} integrations are well again`;
  return `${ill.size === 1 ? 'one integration needs' : `${ill.size} integrations need`} attention`;
}

function describeHeadline({ kind, since }: NoticeItem, report: RunReport, { timeZone }: Customer): string {
  if (kind === 'recovered') return 'is well again';
  const words = stateWords(report);
  return kind === 'again'
    ? `${words} again, not well since ${showMoment(since, timeZone).slice(0, 10)}`
    : words;
}

function stateWords({ state, totals, conflicts }: RunReport): string {
  switch (state) {
    case 'failed':
      return 'failed';
    case 'partial':
      return 'could not do everything';
    case 'held':
      return 'waits for somebody to approve it';
    case 'expired':
      return 'was held, and nobody decided';
    default:
      if (totals.quarantined > 0) return 'left records out';
      return conflicts.length > 0 ? 'has new conflicts' : 'has news';
  }
}

/** What stands before the report: how long it has been so. */
function describeHistory({ kind, since, times }: NoticeItem, { timeZone }: Customer): string | undefined {
  const began = showMoment(since, timeZone);
  if (kind === 'recovered') return `It was in trouble since ${began}.`;
  if (kind === 'again')
    return `The same as before, told for the ${ordinal(times)} time. Not well since ${began}.`;
  return undefined;
}

function renderText({ item, report, headline, isWhole }: Told, customer: Customer, whose: string): string {
  const history = describeHistory(item, customer);
  const title = `${whose}${item.integrationId} ${headline}`;
  const before = [title, '='.repeat(title.length), ...(history === undefined ? [] : [history])];
  if (isWhole) return [...before, '', renderReportText(report, 'mail')].join('\n');
  const [problem] = report.problems;
  return [
    ...before,
    showText(report.verdict, 2_000),
    ...(item.kind !== 'recovered' && problem !== undefined ? [problem.advice] : []),
    ...(report.links === null ? [] : [report.links.plan ?? report.links.run]),
  ].join('\n');
}

function renderHtml({ item, report, headline, isWhole }: Told, customer: Customer): SafeHtml {
  const history = describeHistory(item, customer);
  const colour = item.kind === 'recovered' ? '#1b6e3c' : '#b3261e';
  const [problem] = report.problems;
  return html`<h2 class="line" style="margin:20px 0 4px;padding:14px 0 0;border-top:2px solid ${colour};font-size:18px">${item.integrationId} ${headline}</h2>
${history === undefined ? noHtml : html`<p style="margin:0 0 6px">${history}</p>`}
<p style="margin:0 0 6px"><b>${showText(report.verdict, 2_000)}</b></p>
${isWhole ? renderReportHtml(report) : html`${item.kind !== 'recovered' && problem !== undefined ? html`<p style="margin:0 0 6px">${problem.advice}</p>` : noHtml}<p style="margin:0 0 6px">${link(report.links?.plan ?? report.links?.run, 'Open the report')}</p>`}
`;
}

function ordinal(times: number): string {
  const ending = [undefined, 'st', 'nd', 'rd'][times % 100 > 10 && times % 100 < 14 ? 0 : times % 10];
  return `${times}${ending ?? 'th'}`;
}
