import { type Failure, toFailure } from '@flotilla/substrate/failure';
import type { RecordedFailure } from '@flotilla/substrate/report/recorded-failure';
import {
  type Delivery,
  listUnsentNotices,
  type Notice,
  type Notifications,
  putNotice,
  readNotice,
  readNotifications,
} from '@flotilla/substrate/store';
import type { Control } from '../control.ts';
import { composeNotice } from './compose-notice.ts';
import type { GatherScope } from './gather-notices.ts';
import type { Mailer } from './mailer.ts';
import { messageIdOf } from './message-id.ts';

export interface SentMails {
  /** Mails that the mail server took for a recipient. */
  readonly sent: number;
  readonly failed: number;
}

type Sender = Control & { readonly mailer: Mailer };

const pageSize = 100;
/** Whoever has claimed a mail and has noted nothing of any recipient for so long has been killed. */
const longestAttemptMs = 10 * 60_000;
/** Between two attempts of one mail; doubled each time. */
const firstPauseMs = 5 * 60_000;
const longestPauseMs = 2 * 3_600_000;
/** News of three days ago is none. */
const givenUpAfterMs = 3 * 24 * 3_600_000;

/**
 * Sends the mails whose time has come. Each is claimed in a transaction first, so that two rounds at once do not send it twice; what became of
 * a recipient's is noted as soon as it is known. Where the mail server itself is the trouble, the rest waits for the next round.
 */
export async function sendNotices(
  sender: Sender,
  signal: AbortSignal,
  { customerId, isAtOnce }: GatherScope,
): Promise<SentMails> {
  let sent = 0;
  let failed = 0;
  for (const notice of await readUnsent(sender, customerId)) {
    if (signal.aborted) break;
    if (!isFree(notice, sender.clock.now(), isAtOnce)) continue;
    const outcome = await sendNotice(sender, notice, isAtOnce, signal);
    sent += outcome.sent;
    failed += outcome.failed;
    if (outcome.isServerDown) break;
  }
  return { sent, failed };
}

/** All of them first: those that are tried move to another place of the index. */
async function readUnsent({ store }: Sender, customerId: string | undefined): Promise<readonly Notice[]> {
  const unsent: Notice[] = [];
  for (;;) {
    const after = unsent.at(-1);
    const page = await listUnsentNotices(store, {
      limit: pageSize,
      ...(customerId === undefined ? {} : { customerId }),
      ...(after === undefined ? {} : { after }),
    });
    unsent.push(...page);
    if (page.length < pageSize) return unsent;
  }
}

/** Whether it may be tried now: nobody is at it, and it is due, or is wanted at once. */
function isFree({ dueAt, claimedUntil }: Notice, now: number, isAtOnce: boolean): boolean {
  if (dueAt === null || (claimedUntil !== null && Date.parse(claimedUntil) > now)) return false;
  return isAtOnce || Date.parse(dueAt) <= now;
}

async function sendNotice(
  sender: Sender,
  found: Notice,
  isAtOnce: boolean,
  signal: AbortSignal,
): Promise<SentMails & { readonly isServerDown: boolean }> {
  const { mailer, log } = sender;
  const { customerId, noticeId } = found;
  const notice = await claim(sender, found, isAtOnce);
  const waiting = notice?.deliveries.filter(({ state }) => state === 'waiting') ?? [];
  if (notice === undefined || waiting.length === 0) return { sent: 0, failed: 0, isServerDown: false };
  let sent = 0;
  let failed = 0;
  try {
    const body = await composeNotice(sender, notice);
    for (const { address } of waiting) {
      const messageId = messageIdOf(mailer.from, noticeId, String(indexOf(notice, address)));
      const failure = await trySend(() => mailer.send({ to: address, messageId, ...body }, signal));
      const isOurs = await note(sender, notice, address, failure);
      if (failure === undefined) sent++;
      else failed++;
      // Whoever took it over sends the rest.
      if (!isOurs) break;
      if (failure === undefined) continue;
      log.warn('A mail was not taken', { customerId, noticeId, code: failure.code, reason: failure.message });
      if (isOfServer(failure)) return { sent, failed, isServerDown: true };
    }
  } catch (error) {
    // A mail that cannot be written, or noted, is one customer's trouble, and no reason to keep the others waiting.
    log.error('A mail could not be composed or noted', { customerId, noticeId, error });
    failed = waiting.length - sent;
  } finally {
    await release(sender, notice);
  }
  return { sent, failed, isServerDown: false };
}

/** Takes the mail for this attempt: for others it is due again only after a pause. Undefined: somebody else has it, or nobody is to get it any more. */
async function claim(
  { store, clock, log }: Sender,
  found: Notice,
  isAtOnce: boolean,
): Promise<Notice | undefined> {
  const now = clock.now();
  return await store.transaction(async (transaction) => {
    const notice = await readNotice(transaction, found.customerId, found.noticeId);
    if (notice === undefined || !isFree(notice, now, isAtOnce)) return undefined;
    const isOld = now - Date.parse(notice.createdAt) > givenUpAfterMs;
    if (isOld) log.error('A mail was given up', { customerId: notice.customerId, noticeId: notice.noticeId });
    const chosen = await readNotifications(transaction, notice.customerId);
    const deliveries = notice.deliveries.map((each) =>
      each.state === 'waiting' && (isOld || !isRecipient(chosen, notice, each.address))
        ? { ...each, state: 'refused' as const }
        : each,
    );
    if (isOver(deliveries)) {
      putNotice(transaction, { ...notice, deliveries, dueAt: null });
      return undefined;
    }
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** notice.attempts);
    const claimed = {
      ...notice,
      deliveries,
      attempts: notice.attempts + 1,
      dueAt: new Date(now + pauseMs).toISOString(),
      claimedUntil: claimUntil(now),
    };
    putNotice(transaction, claimed);
    return claimed;
  });
}

/** Whoever was left out, or wants other mails, since this one was made gets it no more. */
function isRecipient(chosen: Notifications | undefined, { kind }: Notice, address: string): boolean {
  return chosen?.recipients.some((each) => each.address === address && each.mode === kind) === true;
}

function isOver(deliveries: readonly Delivery[]): boolean {
  return deliveries.every(({ state }) => state !== 'waiting');
}

function claimUntil(now: number): string {
  return new Date(now + longestAttemptMs).toISOString();
}

/** Each claim is an attempt of its own. */
function isSameClaim(notice: Notice, claimed: Notice): boolean {
  return notice.attempts === claimed.attempts;
}

async function release({ store }: Sender, claimed: Notice): Promise<void> {
  await store.transaction(async (transaction) => {
    const notice = await readNotice(transaction, claimed.customerId, claimed.noticeId);
    if (notice !== undefined && isSameClaim(notice, claimed))
      putNotice(transaction, { ...notice, claimedUntil: null });
  });
}

async function trySend(send: () => Promise<void>): Promise<Failure | undefined> {
  try {
    await send();
    return undefined;
  } catch (thrown) {
    return toFailure(thrown);
  }
}

/** What became of one recipient's mail, and that the others' follow: the claim holds on. False where somebody else has taken it over. */
async function note(
  { store, clock }: Sender,
  claimed: Notice,
  address: string,
  failure: Failure | undefined,
): Promise<boolean> {
  const now = clock.now();
  const at = new Date(now).toISOString();
  return await store.transaction(async (transaction) => {
    const notice = await readNotice(transaction, claimed.customerId, claimed.noticeId);
    if (notice === undefined) return false;
    const isOurs = isSameClaim(notice, claimed);
    const deliveries = notice.deliveries.map((each) =>
      each.address === address && each.state === 'waiting' ? noteOn(each, at, failure) : each,
    );
    putNotice(transaction, {
      ...notice,
      deliveries,
      dueAt: isOver(deliveries) ? null : notice.dueAt,
      claimedUntil: isOurs ? claimUntil(now) : notice.claimedUntil,
    });
    return isOurs;
  });
}

function noteOn(delivery: Delivery, at: string, failure: Failure | undefined): Delivery {
  if (failure === undefined) return { ...delivery, state: 'sent', at, failure: null };
  const isForGood = failure.code === 'invalid_params';
  return { ...delivery, state: isForGood ? 'refused' : 'waiting', at, failure: recorded(failure) };
}

function recorded({ code, message, data }: Failure): RecordedFailure {
  const { problem, status, command, excerpt } = data;
  const told = Object.entries({ problem, status, command, excerpt }).filter(
    (entry): entry is [string, string | number] =>
      typeof entry[1] === 'string' || typeof entry[1] === 'number',
  );
  return { code, message, data: Object.fromEntries(told) };
}

/**
 * Another mail would fare no better. A server that asks to come again later says so of one recipient alone, and one that refuses what a mail says
 * (`DATA`) says so of that mail.
 */
function isOfServer({ code, data }: Failure): boolean {
  if (data.command === 'DATA') return false;
  return code === 'config_invalid' || (code === 'unavailable' && data.status === undefined);
}

function indexOf({ deliveries }: Notice, address: string): number {
  return deliveries.findIndex((each) => each.address === address);
}
