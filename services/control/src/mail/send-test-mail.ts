import { randomUUID } from 'node:crypto';
import { toFailure } from '@flotilla/substrate/failure';
import { bidi } from '@flotilla/substrate/report/report-html-parts';
import { linkCustomer } from '@flotilla/substrate/report/report-links';
import { html } from '@flotilla/substrate/report/safe-html';
import { showText } from '@flotilla/substrate/report/show-text';
import type { Customer } from '@flotilla/substrate/store';
import type { Control } from '../control.ts';
import type { Mailer } from './mailer.ts';
import { messageIdOf } from './message-id.ts';
import { link, type MailBody, renderPage } from './page.ts';

/** What became of a test mail. */
export interface TestedAddress {
  readonly address: string;
  readonly failure: {
    readonly code: string;
    readonly message: string;
    /** The mail server's, word for word. */
    readonly answer: string | null;
  } | null;
}

/** Sends a mail that says nothing but that it came. Never fails: what went wrong is the answer. */
export async function sendTestMail(
  { fleet, mailer, log }: Pick<Control, 'fleet' | 'log'> & { readonly mailer: Mailer },
  customer: Customer,
  address: string,
  signal: AbortSignal,
): Promise<TestedAddress> {
  const messageId = messageIdOf(mailer.from, randomUUID());
  try {
    await mailer.send({ to: address, messageId, ...composeTest(customer, fleet.dashboardUrl) }, signal);
    return { address, failure: null };
  } catch (thrown) {
    const { code, message, data } = toFailure(thrown);
    log.warn('A test mail was not taken', { customerId: customer.customerId, code, reason: message });
    const answer = typeof data.excerpt === 'string' ? data.excerpt : null;
    return { address, failure: { code, message, answer } };
  }
}

function composeTest(customer: Customer, dashboardUrl: string | undefined): MailBody {
  const { customerId } = customer;
  const name = showText(customer.name);
  const subject = `[Flotilla] ${name}: a test mail`;
  const [before, after] = [
    'Somebody wanted to see whether mails about',
    'reach you. They do; nothing else is to be done.',
  ];
  const says = `${before} ${name} ${after}`;
  const page = dashboardUrl === undefined ? undefined : linkCustomer(dashboardUrl, customerId);
  return {
    subject,
    text: [says, ...(page === undefined ? [] : ['', page])].join('\n'),
    html: renderPage({
      title: 'Mails arrive',
      preview: says,
      content: html`<p>${before} ${bidi(name)} ${after}</p>`,
      footer: page === undefined ? [] : [link(page, html`${bidi(name)} in the dashboard`)],
    }),
  };
}
