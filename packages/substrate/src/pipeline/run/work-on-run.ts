import { relayChanges } from '../../egress/relay.ts';
import { Failure } from '../../failure/failure.ts';
import { type EntityType, entityTypeFacts } from '../../model/entity-types.ts';
import { createChangeSource } from '../../store/changes.ts';
import { readCredential, readIntegration } from '../../store/integrations.ts';
import { readMergeStates } from '../../store/merge-states.ts';
import { type Run, type RunEntityType, readRunEntityTypes, readRunSettings } from '../../store/runs.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import type { Vendor } from '../../vendor/define-vendor.ts';
import { vendorUnder } from '../../vendor/vendor-under.ts';
import { applyStage, removeStage } from '../apply/apply-stage.ts';
import { keepLease } from '../keep-lease.ts';
import type { Fence } from '../lease.ts';
import type { RunWorker } from '../parts.ts';
import { settleBatches } from '../push/settle-batches.ts';
import { settleCreates } from '../push/settle-creates.ts';
import { syncRecords } from '../push/sync-records.ts';
import { revertRun } from '../revert/revert-run.ts';
import { createEntityMerges, type Slice, sliceOver, stopIfOver } from '../slice.ts';
import { isFeedUnchanged, rememberFeed } from './feed.ts';
import { finishRun, finishUnchanged } from './finish-run.ts';
import { holdRun, previewChanges, unapprovedLimits } from './hold-run.ts';
import { openVendor } from './open-vendor.ts';
import { beginEntityType, prepareEntityType, skipEntityType } from './prepare-entity-type.ts';

type Progress = Map<EntityType, RunEntityType>;

/**
 * Works on a run from its checkpoint to its end, or until the slice is over (`sliceOver`), keeping its lease. Fails with `lease_lost` where
 * somebody else has taken it over.
 */
export async function workOnRun(
  worker: RunWorker,
  vendor: Vendor,
  run: Run,
  fence: Fence,
  signal: AbortSignal,
): Promise<void> {
  const { lost, release } = keepLease(worker, fence);
  try {
    await workUnderLease(worker, vendor, run, fence, AbortSignal.any([signal, lost]));
  } catch (thrown) {
    throw lost.aborted ? lost.reason : thrown;
  } finally {
    release();
  }
}

async function workUnderLease(
  worker: RunWorker,
  vendor: Vendor,
  run: Run,
  fence: Fence,
  signal: AbortSignal,
): Promise<void> {
  const { customerId, integrationId } = run;
  const { store, clock } = worker;
  const integration = await readIntegration(store, customerId, integrationId);
  const credential = await readCredential(store, customerId, integrationId);
  const settings = await readRunSettings(store, run);
  const mergedUnder = await readMergeStates(store, customerId, integrationId);
  await worker.prepareKey({ customerId, integrationId });
  const deadline = clock.now() + worker.sliceMs;
  const { client, connection, close } = await openVendor(
    worker,
    vendor,
    integration.connection,
    credential,
    signal,
  );
  const slice: Slice = {
    worker,
    run,
    fence,
    vendor: vendorUnder(vendor, connection),
    client,
    connection,
    settings,
    mergeOf: createEntityMerges(settings, mergedUnder),
    isOver: () => signal.aborted || clock.now() >= deadline,
    signal,
  };
  try {
    const progress: Progress = new Map(await readRunEntityTypes(store, customerId, run.runId));
    await settleBatches(slice, progress);
    await settleCreates(slice, progress);
    if (run.reverts !== null) await takeBack(slice, run.reverts, progress);
    else if (run.recordIds.length > 0) await syncChosen(slice, progress);
    else await syncWholeSets(slice, progress);
  } finally {
    await close();
  }
}

/**
 * Fetches, verifies and plans every entity type before any of them is applied: what a safety limit holds, it holds as a whole. Then applies
 * them in dependency order, and deletes at the vendor in the opposite one.
 */
async function syncWholeSets(slice: Slice, progress: Progress): Promise<void> {
  const entities = entitiesOf(slice);
  if (progress.size === 0 && (await isFeedUnchanged(slice, entities))) return await finishUnchanged(slice);
  await prepareAll(slice, entities, progress);
  if (slice.run.isDryRun) {
    await previewChanges(slice, entities, progress);
    return await finishRun(slice, [...progress.values()]);
  }
  if (Object.keys(unapprovedLimits(slice.run, progress.values())).length > 0) {
    await previewChanges(slice, entities, progress);
    return await holdRun(slice, progress);
  }
  for (const entity of entities) {
    const { entityType } = entity;
    const planned = progress.get(entityType);
    if (planned?.stage === 'planned' || planned?.stage === 'applying')
      progress.set(entityType, await applyStage(slice, entity, planned));
    await sendChanges(slice);
  }
  for (const entity of entities.toReversed()) {
    const applied = progress.get(entity.entityType);
    if (applied?.stage === 'removing')
      progress.set(entity.entityType, await removeStage(slice, entity, applied));
  }
  await sendChanges(slice);
  await rememberFeed(slice, entities, progress.values());
  await finishRun(slice, [...progress.values()]);
}

/** Takes another run's changes back, and sends its own. */
async function takeBack(slice: Slice, revertedId: string, progress: Progress): Promise<void> {
  await revertRun(slice, revertedId, progress);
  await sendChanges(slice);
  await finishRun(slice, [...progress.values()]);
}

/** Brings the records that the run names in step. */
async function syncChosen(slice: Slice, progress: Progress): Promise<void> {
  const { run, vendor } = slice;
  const entity = vendor.entities.find(({ entityType }) => run.entityTypes.includes(entityType));
  if (entity === undefined) {
    throw new Failure('invalid_params', 'The vendor has no such entity type', {
      data: { entityTypes: run.entityTypes },
    });
  }
  const checkpoint = progress.get(entity.entityType) ?? (await beginEntityType(slice, entity));
  const done =
    checkpoint.finishedAt === null ? await syncRecords(slice, entity, run.recordIds, checkpoint) : checkpoint;
  await sendChanges(slice);
  await finishRun(slice, [done]);
}

/** The entity types that this run covers, in dependency order. */
function entitiesOf({ vendor, run, settings }: Slice): readonly Entity[] {
  return vendor.entities.filter(
    ({ entityType }) =>
      (run.entityTypes.length === 0 || run.entityTypes.includes(entityType)) &&
      !settings.disabledEntityTypes.includes(entityType),
  );
}

/** Takes every entity type to `planned`, in order; one that fails can show that another must be planned again. */
async function prepareAll(slice: Slice, entities: readonly Entity[], progress: Progress): Promise<void> {
  const { customerId, runId } = slice.run;
  for (;;) {
    const next = entities.find(({ entityType }) => isToBePrepared(progress.get(entityType)));
    if (next === undefined) return;
    const prepared = await prepare(slice, next, progress.get(next.entityType), progress);
    progress.set(next.entityType, prepared);
    if (prepared.stage !== 'failed') continue;
    for (const [name, one] of await readRunEntityTypes(slice.worker.store, customerId, runId))
      progress.set(name, one);
  }
}

function isToBePrepared(progress: RunEntityType | undefined): boolean {
  const stage = progress?.stage ?? 'fetching';
  return stage === 'fetching' || stage === 'comparing' || stage === 'planning';
}

/** Prepares an entity type unless one that it refers to failed in this run: then what it points to may be missing. */
async function prepare(
  slice: Slice,
  entity: Entity,
  checkpoint: RunEntityType | undefined,
  progress: ReadonlyMap<EntityType, RunEntityType>,
): Promise<RunEntityType> {
  const { from, within, joins = {} } = entity;
  const readFrom = [from, within, ...Object.values(joins).map((join) => join.from)];
  const missing = [...entityTypeFacts(entity.entityType).refersTo, ...readFrom].find(
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
  return await prepareEntityType(slice, entity, checkpoint);
}

function isSkippedAfterFailure(progress: RunEntityType | undefined): boolean {
  return progress?.stage === 'skipped' && progress.failure?.code === 'verification_failed';
}

/** Sends the integration's changes on; ends the slice where that was broken off. */
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
