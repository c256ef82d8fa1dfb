import { type RecordHashes, scanRecordHashes } from '../../store/records.ts';
import { putRunEntityType, type RunEntityType } from '../../store/runs.ts';
import { insertStaged } from '../../store/staged-records.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { deletedHash } from '../fetch/read-page.ts';
import { digestsOf, type SeenIds } from '../fetch/seen-ids.ts';
import { commit, type Slice, stopIfOver } from '../slice.ts';

/** Ids looked through at a time; they are read without their records. */
const scanSize = 2_000;
/** Absences a commit. */
const chunkSize = 500;

/**
 * Stages the absence of stored records that the fetch did not bring, and counts what is stored. Where the fetch was no proof that it was
 * complete (`progress.failure`), nothing can be called absent: then it only counts.
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
    const isSeen = seen.holds(digestsOf(rows.map(({ recordId }) => recordId)));
    const missing = rows.filter((row, index) => !isSeen[index] && isLookedFor(slice, entity, progress, row));
    const next: RunEntityType = {
      ...progress,
      stored: progress.stored + rows.length,
      position: isLast ? null : (rows.at(-1)?.recordId ?? null),
      stage: isLast ? 'planning' : 'comparing',
    };
    for (let from = 0; from < missing.length; from += chunkSize) {
      stopIfOver(slice);
      const absences = missing
        .slice(from, from + chunkSize)
        .map(({ recordId }) => ({ customerId, runId, entityType, recordId, hash: deletedHash, value: null }));
      // Staged again after a crash, an absence is the same row.
      await commit(slice, (transaction) => insertStaged(transaction, absences));
    }
    await commit(slice, (transaction) => putRunEntityType(transaction, next));
    progress = next;
    if (isLast) return progress;
  }
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
