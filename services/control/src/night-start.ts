import { isFailure } from '@flotilla/substrate/failure';
import { digestText } from '@flotilla/substrate/json/digest';
import { startRun } from '@flotilla/substrate/pipeline';
import { blackoutOn, occurrencesAfter, startOf } from '@flotilla/substrate/settings/schedule';
import {
  type Customer,
  deleteOmission,
  type Integration,
  type OmissionKey,
  type OmissionReason,
  putOmission,
  readCustomer,
  readIntegration,
  readOmission,
} from '@flotilla/substrate/store';
import type { Control } from './control.ts';
import type { Start } from './night-plan.ts';

/** The queue of control's own tasks, and the path of the one that begins a run at its time. */
export const controlQueue = 'control';
export const beginTask = 'begin-run';

/** Whose run it is. */
export interface Target {
  readonly customer: Customer;
  readonly integration: Integration;
}

export interface BeginTask {
  readonly customerId: string;
  readonly integrationId: string;
  readonly night: string;
  /** When the schedule comes, in milliseconds since 1970. */
  readonly at: number;
}

/** Why an integration gets no run. */
interface Verdict {
  readonly reason: OmissionReason;
  readonly note: string | null;
}

/**
 * Begins a run whose time has come; queues a task for one whose time is to come, and notes already now why it would get none. Answers
 * whether it has its run. May be repeated: a run's id and a task's name follow from the integration, the night and the occurrence.
 */
export async function arrangeStart(control: Control, target: Target, start: Start): Promise<boolean> {
  const { at, startAt } = start;
  // Whoever has no schedule has no other time that could be meant: the run itself waits for its place in the window.
  if (at === null || startAt <= control.clock.now()) return await beginRun(control, target, start);
  const { customerId, integrationId } = target.integration;
  const body: BeginTask = { customerId, integrationId, night: start.night, at };
  await control.tasks.enqueue({
    queue: controlQueue,
    name: digestText(JSON.stringify([customerId, integrationId, start.night, at])),
    url: `${control.serviceUrl('control')}/tasks/${beginTask}`,
    body: { ...body },
    scheduleAt: startAt,
  });
  await noteVerdict(control, keyOf(target, start), judge(control, target, start.night));
  return false;
}

/**
 * The task of a run whose time has come. Everything is looked at as it is now: an occurrence that the customer's schedule has no more, and
 * one whose successor is due as well, begin nothing.
 */
export async function beginDue(
  control: Control,
  { customerId, integrationId, night, at }: BeginTask,
): Promise<'begun' | 'left-out' | 'rescheduled' | 'overtaken' | 'gone'> {
  const target = await findTarget(control, customerId, integrationId);
  if (target === undefined) return 'gone';
  const { schedule, timeZone } = target.customer;
  const [own, next] = schedule === null ? [] : occurrencesAfter(schedule, timeZone, at - 1).take(2);
  const start = { night, at, startAt: control.clock.now() };
  if (schedule === null || own?.at !== at || own.night !== night) {
    await noteVerdict(control, keyOf(target, start), undefined);
    return 'rescheduled';
  }
  if (next !== undefined && startOf(schedule, target.integration, next) <= control.clock.now())
    return 'overtaken';
  return (await beginRun(control, target, start)) ? 'begun' : 'left-out';
}

/** Notes why an integration gets no run for an occurrence of a night; without a verdict, forgets what was noted. */
export async function noteVerdict(
  control: Control,
  key: OmissionKey,
  verdict: Verdict | undefined,
): Promise<void> {
  const { store, clock, log } = control;
  const known = await readOmission(store, key);
  if (known?.reason === verdict?.reason && (known?.note ?? null) === (verdict?.note ?? null)) return;
  await store.transaction(async (transaction) => {
    if (verdict === undefined) deleteOmission(transaction, key);
    else putOmission(transaction, { ...key, ...verdict, notedAt: new Date(clock.now()).toISOString() });
  });
  // The others are somebody's wish.
  if (verdict?.reason === 'vendor_not_deployed' || verdict?.reason === 'schedule_invalid') {
    log.error('An integration has no nightly run', { ...key, reason: verdict.reason });
  }
}

/** Under which it is noted that a night began nothing: an occurrence of the schedule, or, without one, the asking itself. */
export function keyOf({ integration }: Target, { night, at }: Pick<Start, 'night' | 'at'>): OmissionKey {
  const { customerId, integrationId } = integration;
  return { customerId, integrationId, night, occurrence: occurrenceName(at) };
}

/** Why an integration gets no run in any night, as things stand. */
export function judgeIntegration(
  { vendors }: Pick<Control, 'vendors'>,
  { state, vendor }: Integration,
): Verdict | undefined {
  if (state !== 'active') return { reason: 'paused', note: null };
  return vendors.includes(vendor) ? undefined : { reason: 'vendor_not_deployed', note: null };
}

function judge(control: Control, { customer, integration }: Target, night: string): Verdict | undefined {
  const blackout = customer.schedule === null ? undefined : blackoutOn(customer.schedule, night);
  return (
    judgeIntegration(control, integration) ??
    (blackout === undefined ? undefined : { reason: 'blackout', note: blackout.note })
  );
}

async function beginRun(control: Control, target: Target, start: Start): Promise<boolean> {
  const verdict = judge(control, target, start.night) ?? (await tryStart(control, target, start));
  if (verdict === 'gone') return false;
  await noteVerdict(control, keyOf(target, start), verdict);
  return verdict === undefined;
}

async function tryStart(
  control: Control,
  { integration }: Target,
  { night, at, startAt }: Start,
): Promise<Verdict | 'gone' | undefined> {
  const { customerId, integrationId } = integration;
  try {
    await startRun(control, {
      customerId,
      integrationId,
      context: 'nightly',
      method: 'nightly.run.v1',
      entityTypes: [],
      idempotencyKey: at === null ? night : `${night} ${occurrenceName(at)}`,
      night,
      ...(startAt > control.clock.now() ? { startAt } : {}),
    });
    return undefined;
  } catch (thrown) {
    // Paused or removed since it was looked at.
    if (isFailure(thrown, 'invalid_params')) return { reason: 'paused', note: null };
    if (isFailure(thrown, 'not_found')) return 'gone';
    throw thrown;
  }
}

async function findTarget(
  { store }: Control,
  customerId: string,
  integrationId: string,
): Promise<Target | undefined> {
  try {
    const integration = await readIntegration(store, customerId, integrationId);
    const customer = await readCustomer(store, customerId);
    return customer === undefined ? undefined : { customer, integration };
  } catch (thrown) {
    if (isFailure(thrown, 'not_found')) return undefined;
    throw thrown;
  }
}

function occurrenceName(at: number | null): string {
  return at === null ? '' : new Date(at).toISOString();
}
