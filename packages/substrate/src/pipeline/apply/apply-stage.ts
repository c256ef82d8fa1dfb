import type { RunCounts } from '../../report/run-counts.ts';
import { isForgottenSince, putMergeState } from '../../store/merge-states.ts';
import { type Push, putPushes } from '../../store/pushes.ts';
import { putRunEntityType, type RunEntityType } from '../../store/runs.ts';
import { clearStaged, deleteStaged, scanStaged } from '../../store/staged-records.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { mergeStaged, type TheirRecord } from '../plan/merge-staged.ts';
import { type PushedRecord, pushRecords } from '../push/push-records.ts';
import type { LatestRecord } from '../push/read-one.ts';
import { isWritable, writtenAction } from '../push/writable.ts';
import { commit, isoNow, type Slice, stopIfOver, withCounts } from '../slice.ts';
import { persistRecords } from './persist-records.ts';

/** Records a commit: far below Spanner's limits, and what its emulator takes at its best pace. */
const chunkSize = 250;

/**
 * Applies what was staged, chunk by chunk: writes to the vendor what goes there, reads it again, then commits records, base, changes,
 * conflicts, outcomes and checkpoint together. Where it writes, what is to be deleted at the vendor is left for `removeStage`: others may
 * still point to it.
 */
export async function applyStage(slice: Slice, entity: Entity, start: RunEntityType): Promise<RunEntityType> {
  let progress: RunEntityType =
    start.stage === 'applying' ? start : { ...start, stage: 'applying', position: null };
  const { isPushed } = slice.mergeOf(entity);
  for await (const staged of scanChunks(slice, entity, () => progress.position)) {
    const now = isPushed ? await withoutRemovals(slice, entity, staged) : staged;
    progress = await applyChunk(
      slice,
      entity,
      { ...progress, position: staged.at(-1)?.recordId ?? null },
      now,
    );
  }
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
  let progress = start;
  for await (const staged of scanChunks(slice, entity, () => progress.position)) {
    progress = await applyChunk(
      slice,
      entity,
      { ...progress, position: staged.at(-1)?.recordId ?? null },
      staged,
    );
  }
  return await endApplied(slice, entity, progress);
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

async function withoutRemovals(
  slice: Slice,
  entity: Entity,
  staged: readonly TheirRecord[],
): Promise<readonly TheirRecord[]> {
  const merged = await mergeStaged(slice, entity, slice.worker.store, staged);
  const removed = new Set(
    merged
      .filter((one) => isWritable(entity, one) && writtenAction(one) === 'delete')
      .map(({ recordId }) => recordId),
  );
  return staged.filter(({ recordId }) => !removed.has(recordId));
}

/** Applies these records and commits what follows with `progress`. `fresh`: what was read of the vendor a moment ago. */
export async function applyChunk(
  slice: Slice,
  entity: Entity,
  progress: RunEntityType,
  theirs: readonly TheirRecord[],
  fresh?: ReadonlyMap<string, LatestRecord>,
): Promise<RunEntityType> {
  const { customerId, runId } = slice.run;
  const { entityType } = entity;
  const { isPushed } = slice.mergeOf(entity);
  const pushed: ReadonlyMap<string, PushedRecord> = isPushed
    ? await pushRecords(slice, entity, theirs, fresh)
    : new Map();
  const latest = theirs.map((their) => pushed.get(their.recordId)?.theirs ?? their);
  const outcomes = [...pushed.values()].flatMap(({ push }) => (push === undefined ? [] : [push]));
  return await commit(slice, async (transaction, nextSequence) => {
    const counted = slice.settings.steps.persist
      ? persistRecords(
          slice,
          entity,
          transaction,
          nextSequence,
          await mergeStaged(slice, entity, transaction, latest),
        )
      : {};
    putPushes(transaction, outcomes);
    // Ours moves with what is applied: merged once more, what was staged would look like a change back.
    if (isPushed) {
      deleteStaged(
        transaction,
        { customerId, runId, entityType },
        theirs.map(({ recordId }) => recordId),
      );
    }
    const next = withCounts(withCounts(progress, counted), countOutcomes(outcomes));
    putRunEntityType(transaction, next);
    return next;
  });
}

const countOf = { create: 'pushCreated', update: 'pushUpdated', delete: 'pushDeleted' } as const;

function countOutcomes(outcomes: readonly Push[]): Partial<RunCounts> {
  const counts = { pushCreated: 0, pushUpdated: 0, pushDeleted: 0, pushFailed: 0 };
  for (const { action, state } of outcomes) {
    counts[state === 'accepted' ? countOf[action as keyof typeof countOf] : 'pushFailed']++;
  }
  return counts;
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
