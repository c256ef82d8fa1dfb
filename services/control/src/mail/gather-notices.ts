import { digestText } from '@flotilla/substrate/json/digest';
import {
  deleteReportedTrouble,
  listNoticedRuns,
  listRuns,
  putNotice,
  putReportedTrouble,
  type Run,
  readNotifications,
  readReportedTroubles,
  readRuns,
  updateRun,
} from '@flotilla/substrate/store';
import type { Control } from '../control.ts';
import { gatherApart } from './gather-apart.ts';
import { judgeRun } from './judge-run.ts';
import { newNotice } from './new-notice.ts';
import { type JudgedRun, overtakes, planNotice } from './plan-notice.ts';

export interface GatherScope {
  /** Left out: all customers. */
  readonly customerId?: string | undefined;
  /** What is marked is told now, though more may be about to end. */
  readonly isAtOnce: boolean;
}

const pageSize = 200;
/** So many runs of a customer go into one mail at most: they are looked at all at once. What is left goes into the next. */
const mostInOneMail = 500;
/** A mail waits for the rest of its night, but no longer than this. */
const longestWaitMs = 60 * 60_000;

/** Makes mails of the runs that are marked, one a customer, and takes the marks away. Answers how many mails were made. */
export async function gatherNotices(
  control: Control,
  { customerId, isAtOnce }: GatherScope,
  signal: AbortSignal,
): Promise<number> {
  let made = 0;
  for (const [owner, marked] of await readMarked(control, customerId)) {
    if (signal.aborted) break;
    const runs = marked.slice(0, mostInOneMail);
    const gather = async () => (isAtOnce || (await isTime(control, runs))) && gatherOf(control, owner, runs);
    if (await gatherApart(control, owner, gather)) made++;
  }
  return made;
}

/** Customer by customer. */
async function readMarked(
  { store }: Control,
  customerId: string | undefined,
): Promise<ReadonlyMap<string, readonly Run[]>> {
  const marked: Run[] = [];
  for (;;) {
    const after = marked.at(-1);
    const page = await listNoticedRuns(store, {
      limit: pageSize,
      ...(customerId === undefined ? {} : { customerId }),
      ...(after === undefined ? {} : { after }),
    });
    marked.push(...page);
    if (page.length < pageSize) break;
  }
  return Map.groupBy(marked, (run) => run.customerId);
}

/** Whether the first is due, and nothing of its night is still at work, or has been for too long. */
async function isTime({ store, clock }: Control, runs: readonly Run[]): Promise<boolean> {
  const now = clock.now();
  const [first] = runs;
  const dueAt = Math.min(...runs.map(({ noticeDueAt }) => Date.parse(noticeDueAt ?? '9999-01-01')));
  if (first === undefined || dueAt > now) return false;
  if (now - dueAt >= longestWaitMs) return true;
  const nights = new Set(runs.flatMap(({ night }) => (night === null ? [] : [night])));
  if (nights.size === 0) return true;
  const { customerId } = first;
  const open = await listRuns(store, { customerId, states: ['queued', 'running'], limit: pageSize });
  return !open.some(
    ({ night, dueAt: startAt }) =>
      night !== null && nights.has(night) && (startAt === null || Date.parse(startAt) <= now),
  );
}

async function gatherOf(control: Control, customerId: string, marked: readonly Run[]): Promise<boolean> {
  const { store, clock, mailer } = control;
  // What a run that has ended was like does not change any more, so it is looked at before the transaction.
  const judged = mailer === undefined ? [] : await judgeAll(control, customerId, marked);
  return await store.transaction(async (transaction) => {
    const current = await readRuns(
      transaction,
      customerId,
      marked.map(({ runId }) => runId),
    );
    const same = marked.filter(({ runId, noticeDueAt }) => current.get(runId)?.noticeDueAt === noticeDueAt);
    for (const run of same) updateRun(transaction, run, { noticeDueAt: null });
    const chosen = await readNotifications(transaction, customerId);
    const recipients = (chosen?.recipients ?? []).filter(({ mode }) => mode === 'problems');
    const reported = await readReportedTroubles(
      transaction,
      customerId,
      same.map(({ integrationId }) => integrationId),
    );
    if (mailer === undefined || recipients.length === 0) {
      // Nobody hears how it goes on: whoever is told later is told from the beginning.
      for (const trouble of reported.values()) deleteReportedTrouble(transaction, trouble);
      return false;
    }
    const ids = new Set(same.map(({ runId }) => runId));
    const runs = judged.filter(({ run }) => ids.has(run.runId));
    const { items, troubles } = planNotice(runs, reported, clock.now());
    for (const [integrationId, trouble] of troubles)
      if (trouble !== reported.get(integrationId)) putReportedTrouble(transaction, trouble);
    for (const trouble of reported.values())
      if (!troubles.has(trouble.integrationId)) deleteReportedTrouble(transaction, trouble);
    if (items.length === 0) return false;
    const told = same.map(({ runId, state, noticeDueAt }) => [runId, state, noticeDueAt]);
    const notice = newNotice({
      customerId,
      noticeId: digestText(JSON.stringify(['problems', ...told])),
      kind: 'problems',
      items,
      since: items[0]?.since ?? '',
      until: new Date(clock.now()).toISOString(),
      recipients,
      now: clock.now(),
    });
    putNotice(transaction, notice);
    return true;
  });
}

/** In the order of their ends. */
async function judgeAll(
  { store }: Control,
  customerId: string,
  marked: readonly Run[],
): Promise<readonly JudgedRun[]> {
  const latest = new Map(
    await Promise.all(
      [...new Set(marked.map(({ integrationId }) => integrationId))].map(
        async (integrationId) =>
          [integrationId, await listRuns(store, { customerId, integrationId, limit: 20 })] as const,
      ),
    ),
  );
  const judged = await Promise.all(
    marked.map(async (run) => ({
      run,
      trouble: await judgeRun(store, run),
      isOvertaken: (latest.get(run.integrationId) ?? []).some((later) => overtakes(later, run)),
    })),
  );
  return judged.toSorted((a, b) => endOf(a.run).localeCompare(endOf(b.run)));
}

function endOf({ finishedAt, heldSince, requestedAt }: Run): string {
  return finishedAt ?? heldSince ?? requestedAt;
}
