import type { Control } from '../control.ts';
import { gatherDigests } from './gather-digests.ts';
import { type GatherScope, gatherNotices } from './gather-notices.ts';
import { type SentMails, sendNotices } from './send-notices.ts';

export interface MailRound extends SentMails {
  /** New mails. */
  readonly composed: number;
}

/** Makes mails of what people have to be told, then sends what waits to be sent. May be repeated, and run by several at once. */
export async function sendMailRound(
  control: Control,
  signal: AbortSignal,
  scope: GatherScope,
): Promise<MailRound> {
  const notices = await gatherNotices(control, scope, signal);
  const { mailer } = control;
  if (mailer === undefined) return { composed: notices, sent: 0, failed: 0 };
  const digests = await gatherDigests(control, scope.customerId, signal);
  return { composed: notices + digests, ...(await sendNotices({ ...control, mailer }, signal, scope)) };
}
