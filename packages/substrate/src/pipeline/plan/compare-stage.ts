import { type RecordHashes, readRecords, scanRecordHashes } from '../../store/records.ts';
import { putRunEntityType, type RunEntityType } from '../../store/runs.ts';
import { insertStaged, readStagedHashes } from '../../store/staged-records.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { deletedHash } from '../fetch/read-page.ts';
import { digestsOf, type SeenIds } from '../fetch/seen-ids.ts';
import { isSettled } from '../fetch/sort-readings.ts';
import { commit, type Slice, stopIfOver } from '../slice.ts';
import { baseOf, type TheirRecord } from './merge-staged.ts';

/** Ids looked through at a time; they are read without their records. */
const scanSize = 2_000;
/** Absences a commit. */
const chunkSize = 500;

/**
 * Stages the absence of stored records that the fetch did not bring, and counts what is stored. Where the fetch was no proof that it was
 * complete (`progress.failure`), nothing can be called absent: then it only counts. Where only changes were fetched, it stages what we have to
 * say ourselves.
 */
export async function compareStage(
  slice: Slice,
  entity: Entity,
  start: RunEntityType,
  seen: SeenIds,
): Promise<RunEntityType> {
  const { customerId, integrationId, runId } = slice.run;
  const { entityType } = entity;
  const scope = { customerId, integrationId, entityType };
  let progress = start;
  for (;;) {
    stopIfOver(slice);
    const rows = await scanRecordHashes(slice.worker.store, scope, progress.position, scanSize);
    const isLast = rows.length < scanSize;
    const missing =
      progress.window === null
        ? absencesAmong(slice, entity, progress, seen, rows)
        : await ownNewsAmong(slice, entity, rows);
    const next: RunEntityType = {
      ...progress,
      stored: progress.stored + rows.length,
      position: isLast ? null : (rows.at(-1)?.recordId ?? null),
      stage: isLast ? 'planning' : 'comparing',
    };
    for (let from = 0; from < missing.length; from += chunkSize) {
      stopIfOver(slice);
      const staged = missing
        .slice(from, from + chunkSize)
        .map((theirs) => ({ customerId, runId, entityType, ...theirs }));
      // Staged again after a crash, it is the same row.
      await commit(slice, (transaction) => insertStaged(transaction, staged));
    }
    await commit(slice, (transaction) => putRunEntityType(transaction, next));
    progress = next;
    if (isLast) return progress;
  }
}

type HashedRow = RecordHashes & { readonly recordId: string };

/** Stored records that did not come. */
function absencesAmong(
  slice: Slice,
  entity: Entity,
  progress: RunEntityType,
  seen: SeenIds,
  rows: readonly HashedRow[],
): readonly TheirRecord[] {
  const isSeen = seen.holds(digestsOf(rows.map(({ recordId }) => recordId)));
  return rows
    .filter((row, index) => !isSeen[index] && isLookedFor(slice, entity, progress, row))
    .map(({ recordId }) => ({ recordId, hash: deletedHash, value: null }));
}

/**
 * Where only the vendor's changes were fetched: stored records that the merge must look at though the vendor has no news of them. Theirs is
 * what it was.
 */
async function ownNewsAmong(
  slice: Slice,
  entity: Entity,
  rows: readonly HashedRow[],
): Promise<readonly TheirRecord[]> {
  const { customerId, integrationId, runId } = slice.run;
  const { entityType } = entity;
  const { store } = slice.worker;
  const own = rows
    .filter((row) => !isSettled(slice, entity, row, row.baseHash))
    .map(({ recordId }) => recordId);
  const told = await readStagedHashes(store, { customerId, runId, entityType }, own);
  const stored = await readRecords(
    store,
    { customerId, integrationId, entityType },
    own.filter((id) => !told.has(id)),
  );
  return [...stored.values()].map((record) => ({
    recordId: record.recordId,
    hash: record.baseHash ?? deletedHash,
    value: baseOf(record) ?? null,
  }));
}

/** What the vendor was known to have is missed; what only we have is, where it can be written to the vendor or is in conflict. */
function isLookedFor(
  slice: Slice,
  entity: Entity,
  { failure }: RunEntityType,
  { baseHash, openConflicts }: RecordHashes,
): boolean {
  if (failure !== null) return false;
  const { isPushed, isReexamined } = slice.mergeOf(entity);
  return baseHash !== null || openConflicts > 0 || isPushed || isReexamined;
}
