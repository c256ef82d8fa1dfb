import { hash } from 'node:crypto';
import { Failure, isFailure } from '@flotilla/substrate/failure';
import { startRun } from '@flotilla/substrate/pipeline';
import {
  type Integration,
  listIntegrations,
  listNights,
  putNight,
  readNight,
} from '@flotilla/substrate/store';
import type { Control } from './control.ts';

/** The queue of control's own tasks, and the path of the one that begins a night's runs. */
export const controlQueue = 'control';
export const fanOutTask = 'fan-out';

/** A night that is older than these is over. */
const sweptNights = 3;

/** Integrations read at a time. */
const pageSize = 100;

/** Notes that a night is wanted and queues its fan-out. The row commits first; asking again creates the task again if it was lost. */
export async function requestNight(
  control: Control,
  night: string,
): Promise<{ readonly night: string; readonly created: boolean }> {
  const created = await control.store.transaction(async (transaction) => {
    if ((await readNight(transaction, night)) !== undefined) return false;
    const requestedAt = new Date(control.clock.now()).toISOString();
    putNight(transaction, { night, state: 'queued', runs: 0, requestedAt, startedAt: null });
    return true;
  });
  await control.tasks.enqueue({
    queue: controlQueue,
    name: `fan-out-${night}`,
    url: `${control.serviceUrl('control')}/tasks/${fanOutTask}`,
    body: { night },
  });
  return { night, created };
}

/** Queues the fan-out of nights again that were asked for and never begun. A no-op where its task is there. */
export async function sweepNights(control: Control): Promise<void> {
  const nights = await listNights(control.store, sweptNights);
  for (const { night, state } of nights) if (state === 'queued') await requestNight(control, night);
}

/**
 * Begins a run for every active integration, spread over the night's window. Run ids follow from the night, so a fan-out that is repeated
 * from its start begins nothing twice.
 */
export async function fanOut(control: Control, night: string, signal: AbortSignal): Promise<number> {
  let runs = 0;
  let after: Integration | undefined;
  for (;;) {
    const page = await listIntegrations(control.store, {
      limit: pageSize,
      ...(after === undefined ? {} : { after }),
    });
    const active = page.filter(({ state }) => state === 'active');
    const begun = await Promise.all(active.map((integration) => startNightly(control, night, integration)));
    if (signal.aborted) throw new Failure('unavailable', 'The service stops; the fan-out goes on later');
    runs += begun.filter((hasRun) => hasRun).length;
    after = page.at(-1);
    if (page.length < pageSize) break;
  }
  await control.store.transaction(async (transaction) => {
    const row = await readNight(transaction, night);
    const startedAt = new Date(control.clock.now()).toISOString();
    if (row !== undefined) putNight(transaction, { ...row, state: 'started', runs, startedAt });
  });
  return runs;
}

/** Answers whether the integration has its run. */
async function startNightly(
  control: Control,
  night: string,
  { customerId, integrationId }: Integration,
): Promise<boolean> {
  const spread = Math.floor(control.nightlySpreadMs * fractionOf(`${customerId}/${integrationId}`));
  try {
    await startRun(control, {
      customerId,
      integrationId,
      context: 'nightly',
      method: 'nightly.run.v1',
      entityTypes: [],
      idempotencyKey: night,
      night,
      ...(spread === 0 ? {} : { startAt: control.clock.now() + spread }),
    });
    return true;
  } catch (thrown) {
    // Paused or removed since it was listed: as if it had been so from the start.
    if (isFailure(thrown, 'invalid_params') || isFailure(thrown, 'not_found')) return false;
    if (!isFailure(thrown, 'config_invalid')) throw thrown;
    // A vendor's service was taken out of the fleet: the night of everybody else goes on.
    control.log.error('An integration has no nightly run', { error: thrown, customerId, integrationId });
    return false;
  }
}

/** From 0 up to 1, the same for the same text: an integration keeps its place in the window. */
function fractionOf(text: string): number {
  return hash('sha256', text, 'buffer').readUInt32BE(0) / 2 ** 32;
}
