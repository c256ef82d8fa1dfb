import { Failure } from '@flotilla/substrate/failure';
import { placeOf } from '@flotilla/substrate/settings/schedule';
import {
  type Customer,
  type Integration,
  listIntegrations,
  listNights,
  type Night,
  type NightScope,
  putNight,
  readCustomer,
  readCustomers,
  readNight,
} from '@flotilla/substrate/store';
import type { Control } from './control.ts';
import { graceMs, horizonMs, planDate, planDue, type Scheduled, type Start } from './night-plan.ts';
import { arrangeStart, controlQueue, keyOf, noteVerdict, type Target } from './night-start.ts';

/** The path of the task that begins a night's runs. */
export const fanOutTask = 'fan-out';

export interface FanOutTask {
  readonly night: string;
  /** Of the asking that queued it; a later one makes it stale. */
  readonly requestedAt: string;
}

/** How far ahead a night may be asked for by hand: no task waits longer than 30 days in Cloud Tasks. */
export const farthestNightMs = 28 * 24 * 3_600_000;

/** Rows of nights that are looked through: those that may have been asked for ahead, and the last few. */
const latestNights = 32;

/** Integrations read at a time. */
const pageSize = 100;

/**
 * Notes that a night is wanted and queues its fan-out. With a date: all of that date, on each customer's own calendar. Without: what is due
 * from now on, on whatever date, and for customers without a schedule today's date in UTC. The row commits first; asking again creates
 * the task again if it was lost. `created` says whether nobody had asked for this date before.
 */
export async function requestNight(
  control: Control,
  asked: string | undefined,
): Promise<{ readonly night: string; readonly created: boolean }> {
  const now = control.clock.now();
  const night = asked ?? new Date(now).toISOString().slice(0, 10);
  const scope: NightScope = asked === undefined ? 'due' : 'date';
  const { row, created } = await control.store.transaction(async (transaction) => {
    const known = await readNight(transaction, night);
    const wanted = known?.state === 'queued' ? known.wanted : [];
    if (known !== undefined && wanted.includes(scope)) return { row: known, created: false };
    const requested = {
      ...(known ?? { night, runs: 0, startedAt: null, plannedUntil: null }),
      state: 'queued',
      wanted: [...wanted, scope],
      // Never the same twice: it names the task.
      requestedAt: new Date(
        known === undefined ? now : Math.max(now, Date.parse(known.requestedAt) + 1),
      ).toISOString(),
    };
    putNight(transaction, requested);
    return { row: requested, created: known === undefined };
  });
  await enqueueFanOut(control, row);
  return { night, created };
}

/** Queues the fan-out of nights again that were asked for and never begun. A no-op where its task is there. */
export async function sweepNights(control: Control): Promise<void> {
  const nights = await listNights(control.store, latestNights);
  for (const night of nights) if (night.state === 'queued') await enqueueFanOut(control, night);
}

/**
 * Begins the runs of a night, or queues the task of each that has its own time. Run ids follow from the night, so a fan-out that is
 * repeated from its start begins nothing twice. Answers how many runs there are; undefined for a task that is stale.
 */
export async function fanOut(
  control: Control,
  { night, requestedAt }: FanOutTask,
  signal: AbortSignal,
): Promise<number | undefined> {
  const asked = await readNight(control.store, night);
  if (asked?.requestedAt !== requestedAt || asked.state !== 'queued') return undefined;
  const now = control.clock.now();
  let runs = 0;
  for await (const page of pagesOfTargets(control)) {
    const begun = await Promise.all(page.map((target) => fanOutTo(control, target, asked, now)));
    if (signal.aborted) throw new Failure('unavailable', 'The service stops; the fan-out goes on later');
    runs += begun.reduce((sum, count) => sum + count, 0);
  }
  await control.store.transaction(async (transaction) => {
    const row = await readNight(transaction, night);
    // Asked for again meanwhile: that fan-out has the last word.
    if (row?.requestedAt !== requestedAt) return;
    const startedAt = new Date(control.clock.now()).toISOString();
    const planned = asked.wanted.includes('due')
      ? { plannedUntil: new Date(now + horizonMs).toISOString() }
      : {};
    putNight(transaction, { ...row, ...planned, state: 'started', runs, startedAt });
  });
  return runs;
}

/**
 * Plans a customer anew whose schedule has changed, as far as the clock has planned already: without it a night would pass between the old
 * schedule, whose starts come to nothing, and the clock's next asking.
 */
export async function replanCustomer(control: Control, customerId: string): Promise<void> {
  const now = control.clock.now();
  const nights = await listNights(control.store, latestNights);
  const until = Math.max(0, ...nights.map(({ plannedUntil }) => Date.parse(plannedUntil ?? '1970-01-01')));
  const customer = await readCustomer(control.store, customerId);
  if (customer === undefined || !isScheduled(customer)) return;
  const integrations = await listIntegrations(control.store, { customerId, limit: 1000 });
  for (const integration of integrations) {
    for (const start of planDue(customer, integration, { from: now, until, now })) {
      await arrangeStart(control, { customer, integration }, start);
    }
  }
}

async function enqueueFanOut(control: Control, { night, requestedAt }: Night): Promise<void> {
  await control.tasks.enqueue({
    queue: controlQueue,
    name: `fan-out-${night}-${Date.parse(requestedAt)}`,
    url: `${control.serviceUrl('control')}/tasks/${fanOutTask}`,
    body: { night, requestedAt },
  });
}

async function* pagesOfTargets({ store }: Control): AsyncGenerator<readonly Target[]> {
  let after: Integration | undefined;
  for (;;) {
    const page = await listIntegrations(store, {
      limit: pageSize,
      ...(after === undefined ? {} : { after }),
    });
    const customers = await readCustomers(
      store,
      page.map(({ customerId }) => customerId),
    );
    yield page.flatMap((integration) => {
      const customer = customers.get(integration.customerId);
      // Removed since the page was read.
      return customer === undefined ? [] : [{ customer, integration }];
    });
    after = page.at(-1);
    if (page.length < pageSize) return;
  }
}

/** Answers how many runs the integration has by this fan-out. */
async function fanOutTo(control: Control, target: Target, asked: Night, now: number): Promise<number> {
  const { customer, integration } = target;
  if (!isScheduled(customer)) {
    const startAt = now + Math.floor(control.nightlySpreadMs * placeOf(integration));
    return (await arrangeStart(control, target, { night: asked.night, at: null, startAt })) ? 1 : 0;
  }
  const starts = await planStarts(control, target, customer, asked, now);
  let runs = 0;
  for (const start of starts) if (await arrangeStart(control, target, start)) runs++;
  return runs;
}

/** A schedule that cannot be followed is the trouble of one customer; the night of everybody else goes on. */
async function planStarts(
  control: Control,
  target: Target,
  customer: Scheduled,
  { night, wanted }: Night,
  now: number,
): Promise<readonly Start[]> {
  const wholeNight = keyOf(target, { night, at: null });
  try {
    const ofDate = wanted.includes('date') ? planDate(customer, target.integration, night, now) : [];
    const due = wanted.includes('due')
      ? planDue(customer, target.integration, { from: now - graceMs, until: now + horizonMs, now })
      : [];
    if (wanted.includes('date')) {
      const verdict = ofDate.length === 0 ? ({ reason: 'no_occurrence', note: null } as const) : undefined;
      await noteVerdict(control, wholeNight, verdict);
    }
    return [...ofDate, ...due];
  } catch (thrown) {
    if (!(thrown instanceof RangeError || thrown instanceof TypeError)) throw thrown;
    await noteVerdict(control, wholeNight, {
      reason: 'schedule_invalid',
      note: thrown.message.slice(0, 200),
    });
    return [];
  }
}

function isScheduled(customer: Customer): customer is Customer & Scheduled {
  return customer.schedule !== null;
}
