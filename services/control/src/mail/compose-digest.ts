import { bidi } from '@flotilla/substrate/report/report-html-parts';
import { linkCustomer } from '@flotilla/substrate/report/report-links';
import { html, noHtml, type SafeHtml } from '@flotilla/substrate/report/safe-html';
import { showText } from '@flotilla/substrate/report/show-text';
import type { Customer, Notice } from '@flotilla/substrate/store';
import type { Control } from '../control.ts';
import { link, type MailBody, renderPage } from './page.ts';
import { type IntegrationDay, readDay } from './read-day.ts';
import { showMoment } from './show-moment.ts';

/** The mail that tells once a day how every integration stands. */
export async function composeDigest(
  control: Pick<Control, 'store' | 'fleet'>,
  customer: Customer,
  { since, until }: Notice,
): Promise<MailBody> {
  const days = await readDay(control, customer, since, until);
  const ill = days.filter(({ needs }) => needs.length > 0);
  const { dashboardUrl } = control.fleet;
  const page = dashboardUrl === undefined ? undefined : linkCustomer(dashboardUrl, customer.customerId);
  const name = showText(customer.name);
  const title = describeTitle(days.length, ill.length);
  const date = showMoment(until, customer.timeZone).slice(0, 10);
  const period = `From ${showMoment(since, customer.timeZone)} to ${showMoment(until, customer.timeZone)}`;
  const ordered = [...ill, ...days.filter(({ needs }) => needs.length === 0)];
  return {
    subject: `[Flotilla] ${name}, ${date}: ${title}`,
    text: [
      `${name}: ${title}`,
      period,
      '',
      ...ordered.flatMap(renderText),
      '-- ',
      `You get this every day since you are told of ${name} by a digest.`,
      ...(page === undefined ? [] : [`Who is told what: ${page}`]),
      '',
    ].join('\n'),
    html: renderPage({
      title: `${name}: ${title}`,
      heading: html`${bidi(name)}: ${title}`,
      preview: period,
      content: html`<p style="margin:4px 0 12px">${period}</p>${ordered.map(renderHtml)}`,
      footer: [
        html`You get this every day since you are told of ${bidi(name)} by a digest.`,
        link(page, 'Who is told what'),
      ],
    }),
  };
}

function describeTitle(all: number, ill: number): string {
  if (all === 0) return 'nothing is connected yet';
  if (ill === 0) return 'all is well';
  return `${ill} of ${all} integration${all === 1 ? '' : 's'} need${ill === 1 ? 's' : ''} attention`;
}

function renderText({
  integrationId,
  vendor,
  verdict,
  needs,
  url,
  totals,
}: IntegrationDay): readonly string[] {
  return [
    `${needs.length === 0 ? 'ok' : '!!'}  ${integrationId} (${vendor}): ${showText(verdict, 500)}`,
    ...needs.map((need) => `    ${need}`),
    ...(totals === null ? [] : [`    ${totals}`]),
    ...(url === null ? [] : [`    ${url}`]),
    '',
  ];
}

function renderHtml({ integrationId, vendor, verdict, needs, url, totals }: IntegrationDay): SafeHtml {
  const colour = needs.length === 0 ? '#1b6e3c' : '#b3261e';
  return html`<div style="margin:0 0 14px;padding:0 0 0 12px;border-left:4px solid ${colour}">
<p style="margin:0"><b>${url === null ? html`${integrationId}` : link(url, integrationId)}</b> <span class="quiet" style="color:#5b6675">${vendor}</span></p>
<p style="margin:2px 0">${showText(verdict, 500)}</p>
${needs.map((need) => html`<p style="margin:2px 0"><b>${need}</b></p>`)}
${totals === null ? noHtml : html`<p class="quiet" style="margin:2px 0;font-size:13px;color:#5b6675">${totals}</p>`}
</div>
`;
}
