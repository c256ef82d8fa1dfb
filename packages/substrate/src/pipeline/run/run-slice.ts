import { relayChanges } from '../../egress/relay.ts';
import { Failure, isFailure, isRetryable, toFailure } from '../../failure/failure.ts';
import { type EntityType, entityTypeFacts } from '../../model/entity-types.ts';
import { createChangeSource } from '../../store/changes.ts';
import { type Integration, readCredential, readIntegration } from '../../store/integrations.ts';
import { type Run, type RunEntityType, readRun, readRunEntityTypes } from '../../store/runs.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import type { Context, Vendor } from '../../vendor/define-vendor.ts';
import { failRun, finishRun } from './finish-run.ts';
import { acquireLease, type Fence } from '../lease.ts';
import { openVendor } from './open-vendor.ts';
import type { RunWorker } from '../parts.ts';
import { type Slice, sliceOver, stopIfOver } from '../slice.ts';
import { enqueueNextSlice, enqueueSlice } from './start-run.ts';
import { skipEntityType, syncEntityType } from '../apply/sync-entity-type.ts';

/** The body of a slice's task. */
export interface SliceTask {
  readonly customerId: string;
  readonly runId: string;
  readonly slice: number;
}

export interface SliceDelivery {
  /** How often this task was tried before. */
  readonly retryCount: number;
  /** Aborts when the process is told to stop. */
  readonly signal: AbortSignal;
}

export type SliceOutcome = 'finished' | 'continued' | 'waiting' | 'stale';

/** How long a run waits for another one of its integration before it looks again. */
const leaseWaitMs = 30_000;
const longestWaitMs = 6 * 60 * 60_000;
const longestRunMs = 24 * 60 * 60_000;

/**
 * Works on a run until it is finished or the slice's time is over; then the next slice is queued. A task that arrives twice, late or beside
 * another worker's does nothing twice. Throws what the queue should retry; all else ends the run and is in its report.
 */
export async function runSlice(
  worker: RunWorker,
  vendor: Vendor,
  task: SliceTask,
  delivery: SliceDelivery,
): Promise<SliceOutcome> {
  const run = await readRun(worker.store, task.customerId, task.runId);
  if (run.vendor !== vendor.id) {
    throw new Failure('forbidden', "The run is another vendor's", {
      data: { runId: run.runId, vendor: run.vendor },
    });
  }
  if (run.openSince === null) return 'stale';
  if (task.slice < run.slice) {
    // Whoever moved the run on may have died before it queued the next slice. A no-op where it did queue it.
    await enqueueSlice(worker, run);
    return 'stale';
  }
  const fence = await takeLease(worker, run);
  if (typeof fence === 'string') return fence;
  try {
    return await workOnRun(worker, vendor, run, fence, delivery);
  } catch (thrown) {
    if (thrown === sliceOver || delivery.signal.aborted) return await handOver(worker, run, undefined);
    const failure = toFailure(thrown);
    if (failure.code === 'lease_lost') return 'stale';
    if (failure.code === 'rate_limited' && !isOverdue(worker, run)) {
      return await handOver(worker, run, worker.clock.now() + boundWait(failure.retryAfterMs));
    }
    const { maxAttempts } = vendor.queues[run.context as Context].retry;
    const isLastAttempt =
      isOverdue(worker, run) || (maxAttempts !== -1 && delivery.retryCount + 1 >= maxAttempts);
    if (isRetryable(failure) && !isLastAttempt) throw failure;
    worker.log.error('A run failed', { error: thrown, runId: run.runId });
    await failRun(worker, run, fence, failure);
    return 'finished';
  }
}

/** `waiting`: another run of the integration is under way, and this one will look again. `stale`: it has ended or moved on. */
async function takeLease(worker: RunWorker, run: Run): Promise<Fence | 'waiting' | 'stale'> {
  try {
    return await acquireLease(worker.store, worker.clock, run);
  } catch (thrown) {
    if (isFailure(thrown, 'lease_lost')) return 'stale';
    if (!isFailure(thrown, 'lease_held')) throw thrown;
    const waitMs = Math.min(thrown.retryAfterMs ?? leaseWaitMs, leaseWaitMs);
    await handOver(worker, run, worker.clock.now() + waitMs);
    return 'waiting';
  }
}

/** A vendor may ask for any wait; a run looks again in time. */
function boundWait(askedMs: number | undefined): number {
  return Math.min(Math.max(askedMs ?? leaseWaitMs, 1_000), longestWaitMs);
}

/** A run that has been open for so long ends at the next failure, whatever it is: waiting for ever says nothing to anybody. */
function isOverdue({ clock }: RunWorker, { openSince }: Run): boolean {
  return openSince !== null && clock.now() - Date.parse(openSince) > longestRunMs;
}

async function workOnRun(
  worker: RunWorker,
  vendor: Vendor,
  run: Run,
  fence: Fence,
  { signal }: SliceDelivery,
): Promise<SliceOutcome> {
  const { customerId, integrationId } = run;
  const integration = await readIntegration(worker.store, customerId, integrationId);
  const credential = await readCredential(worker.store, customerId, integrationId);
  await worker.prepareKey({ customerId, integrationId });
  const deadline = worker.clock.now() + worker.sliceMs;
  const opened = openVendor(worker, vendor, integration.connection, credential, signal);
  const slice: Slice = {
    worker,
    run,
    fence,
    client: opened.client,
    collectionOf: opened.collectionOf,
    paging: vendor.api.paging,
    isOver: () => signal.aborted || worker.clock.now() >= deadline,
    signal,
  };
  try {
    const progress = new Map(await readRunEntityTypes(worker.store, customerId, run.runId));
    for (const entity of entitiesOf(vendor, run, integration)) {
      const checkpoint = progress.get(entity.entityType);
      if (checkpoint?.finishedAt == null)
        progress.set(entity.entityType, await advance(slice, entity, checkpoint, progress));
      await sendChanges(slice);
    }
    await finishRun(slice, [...progress.values()]);
    return 'finished';
  } finally {
    await opened.close();
  }
}

/** The entity types that this run covers, in dependency order. */
function entitiesOf(vendor: Vendor, run: Run, { settings }: Integration): readonly Entity[] {
  return vendor.entities.filter(
    ({ entityType }) =>
      (run.entityTypes.length === 0 || run.entityTypes.includes(entityType)) &&
      !settings.disabledEntityTypes.includes(entityType),
  );
}

/** Syncs an entity type unless one that it refers to failed in this run: then what it points to may be missing. */
async function advance(
  slice: Slice,
  entity: Entity,
  checkpoint: RunEntityType | undefined,
  progress: ReadonlyMap<EntityType, RunEntityType>,
): Promise<RunEntityType> {
  const missing = entityTypeFacts(entity.entityType).refersTo.find(
    (name) =>
      progress.get(name as EntityType)?.stage === 'failed' ||
      isSkippedAfterFailure(progress.get(name as EntityType)),
  );
  if (checkpoint === undefined && missing !== undefined) {
    const failure = new Failure('verification_failed', 'An entity type that this one refers to failed', {
      data: { entityType: entity.entityType, refersTo: missing },
    });
    return await skipEntityType(slice, entity, failure);
  }
  return await syncEntityType(slice, entity, checkpoint);
}

function isSkippedAfterFailure(progress: RunEntityType | undefined): boolean {
  return progress?.stage === 'skipped' && progress.failure?.code === 'verification_failed';
}

async function sendChanges(slice: Slice): Promise<void> {
  const { worker, run, signal } = slice;
  const { customerId, integrationId } = run;
  stopIfOver(slice);
  const { isDrained } = await relayChanges({
    source: createChangeSource(worker.store),
    bus: worker.bus,
    clock: worker.clock,
    integration: { customerId, integrationId },
    signal,
  });
  // Broken off by the signal: the next slice sends the rest, and only then may the run end.
  if (!isDrained) throw sliceOver;
}

async function handOver(worker: RunWorker, run: Run, scheduleAt: number | undefined): Promise<SliceOutcome> {
  if (!(await enqueueNextSlice(worker, run, scheduleAt))) return 'stale';
  return scheduleAt === undefined ? 'continued' : 'waiting';
}
