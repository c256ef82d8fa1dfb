import { isForgottenSince, putMergeState } from '../../store/merge-states.ts';
import { putRunEntityType, type RunEntityType } from '../../store/runs.ts';
import { clearStaged, scanStaged } from '../../store/staged-records.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { mergeStaged, type TheirRecord } from '../plan/merge-staged.ts';
import { pushRecords } from '../push/push-records.ts';
import type { LatestRecord } from '../push/read-one.ts';
import { batchSize, isBatched, isWritable, writtenAction } from '../push/writable.ts';
import { commit, isoNow, type Slice, stopIfOver } from '../slice.ts';
import { commitApplied } from './commit-applied.ts';

/** Records a commit: far below Spanner's limits, and what its emulator takes at its best pace. */
const chunkSize = 250;
/** Records written to the vendor between two commits: each takes three requests, and the lease must outlive them all. */
const writesAtOnce = 25;

/**
 * Applies what was staged, chunk by chunk: writes to the vendor what goes there, reads it again, then commits records, base, changes,
 * conflicts, outcomes and checkpoint together. Where it writes, what is to be deleted at the vendor is left for `removeStage`: others may
 * still point to it.
 */
export async function applyStage(slice: Slice, entity: Entity, start: RunEntityType): Promise<RunEntityType> {
  const { isPushed } = slice.mergeOf(entity);
  const applying: RunEntityType =
    start.stage === 'applying' ? start : { ...start, stage: 'applying', position: null };
  const progress = await applyStaged(slice, entity, applying, { removes: !isPushed });
  if (!isPushed) return await endApplied(slice, entity, progress);
  const next: RunEntityType = { ...progress, stage: 'removing', position: null };
  await commit(slice, (transaction) => putRunEntityType(transaction, next));
  return next;
}

/** Deletes at the vendor what is gone on our side, after everything that points to it. Ends the entity type. */
export async function removeStage(
  slice: Slice,
  entity: Entity,
  start: RunEntityType,
): Promise<RunEntityType> {
  return await endApplied(slice, entity, await applyStaged(slice, entity, start, { removes: true }));
}

async function applyStaged(
  slice: Slice,
  entity: Entity,
  start: RunEntityType,
  { removes }: { readonly removes: boolean },
): Promise<RunEntityType> {
  let progress = start;
  for await (const staged of scanChunks(slice, entity, () => progress.position)) {
    const position = staged.at(-1)?.recordId ?? null;
    const groups = await groupByWrites(slice, entity, staged, removes);
    for (const [index, group] of groups.entries()) {
      stopIfOver(slice);
      const done = index === groups.length - 1 ? { ...progress, position } : progress;
      progress = await applyChunk(slice, entity, progress, done, group);
    }
    // All of it is left for later.
    progress = { ...progress, position };
  }
  return progress;
}

async function* scanChunks(
  slice: Slice,
  entity: Entity,
  position: () => string | null,
): AsyncGenerator<readonly TheirRecord[]> {
  const { customerId, runId } = slice.run;
  const scope = { customerId, runId, entityType: entity.entityType };
  for (;;) {
    stopIfOver(slice);
    const staged = await scanStaged(slice.worker.store, scope, position(), chunkSize);
    if (staged.length > 0) yield staged;
    if (staged.length < chunkSize) return;
  }
}

/** In groups with few enough records to write; without those that are to be deleted at the vendor, unless it `removes`. */
async function groupByWrites(
  slice: Slice,
  entity: Entity,
  staged: readonly TheirRecord[],
  removes: boolean,
): Promise<readonly (readonly TheirRecord[])[]> {
  if (!slice.mergeOf(entity).isPushed) return [staged];
  const groups: TheirRecord[][] = [];
  let singles = writesAtOnce;
  let batched = 0;
  for (const merged of await mergeStaged(slice, entity, slice.worker.store, staged)) {
    const isWritten = isWritable(entity, merged);
    const action = writtenAction(merged);
    if (isWritten && !removes && action === 'delete') continue;
    if (singles >= writesAtOnce || batched >= batchSize(entity)) {
      groups.push([]);
      singles = 0;
      batched = 0;
    }
    groups.at(-1)?.push(merged.theirs);
    if (isWritten && isBatched(slice.run, entity, action)) batched++;
    else if (isWritten) singles++;
  }
  return groups;
}

/**
 * Applies these records and commits what follows with `done` for progress. Where the vendor breaks off, those that came through are
 * committed with `start`, so that they are not written again, above all not created again, when the rest is retried. `fresh`: what was
 * read of the vendor a moment ago.
 */
export async function applyChunk(
  slice: Slice,
  entity: Entity,
  start: RunEntityType,
  done: RunEntityType,
  theirs: readonly TheirRecord[],
  fresh?: ReadonlyMap<string, LatestRecord>,
): Promise<RunEntityType> {
  if (!slice.mergeOf(entity).isPushed) return await commitApplied(slice, entity, done, theirs, []);
  const { byId, broken, batch = start.batch } = await pushRecords(slice, entity, start, theirs, fresh);
  const through = theirs.filter(({ recordId }) => broken?.recordIds.has(recordId) !== true);
  const latest = through.map((their) => byId.get(their.recordId)?.theirs ?? their);
  const outcomes = [...byId.values()].flatMap(({ push }) => (push === undefined ? [] : [push]));
  const next = broken === undefined ? done : { ...start, batch };
  const progress = await commitApplied(slice, entity, next, latest, outcomes);
  if (broken !== undefined) throw broken.reason;
  return progress;
}

async function endApplied(slice: Slice, entity: Entity, progress: RunEntityType): Promise<RunEntityType> {
  const { customerId, runId, integrationId } = slice.run;
  const { entityType } = entity;
  const { choicesDigest, isReexamined } = slice.mergeOf(entity);
  const next: RunEntityType = { ...progress, stage: 'done', position: null, finishedAt: isoNow(slice) };
  await commit(slice, async (transaction) => {
    clearStaged(transaction, { customerId, runId, entityType });
    putRunEntityType(transaction, next);
    if (!isReexamined || progress.failure !== null || !slice.settings.steps.persist) return;
    const scope = { customerId, integrationId, entityType };
    if (await isForgottenSince(transaction, scope, progress.startedAt)) return;
    putMergeState(transaction, {
      customerId,
      integrationId,
      entityType,
      choicesDigest,
      reachedAt: isoNow(slice),
      runId,
    });
  });
  return next;
}
