import { scanRecordIds } from '../../store/records.ts';
import { putRunEntityType, type RunEntityType } from '../../store/runs.ts';
import { clearStaged } from '../../store/staged-records.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { mergeChunk } from './merge-stage.ts';
import { digestsOf, type SeenIds } from '../fetch/seen-ids.ts';
import { commit, isoNow, type Slice, stopIfOver } from '../slice.ts';

/** Ids looked through at a time; they are read without their records. */
const scanSize = 2_000;
/** Deletions a commit. */
const chunkSize = 250;

/**
 * Merges the absence of stored records that the vendor no longer has, and ends the entity type. Where the fetch was no proof that it was
 * complete (`progress.failure`), nothing is looked for.
 */
export async function deleteStage(
  slice: Slice,
  entity: Entity,
  start: RunEntityType,
  seen: SeenIds,
): Promise<RunEntityType> {
  const { customerId, integrationId, runId } = slice.run;
  const { entityType } = entity;
  let progress = start;
  let position = start.position;
  while (start.failure === null) {
    stopIfOver(slice);
    const scope = { customerId, integrationId, entityType };
    const recordIds = await scanRecordIds(slice.worker.store, scope, position, scanSize);
    const isSeen = seen.holds(digestsOf(recordIds));
    const missing = recordIds.filter((_id, index) => !isSeen[index]);
    for (let from = 0; from < missing.length; from += chunkSize) {
      stopIfOver(slice);
      const chunk = missing.slice(from, from + chunkSize);
      progress = await mergeChunk(slice, entity, progress, new Map(chunk.map((id) => [id, undefined])));
    }
    position = recordIds.at(-1) ?? position;
    if (recordIds.length < scanSize) break;
  }
  const next: RunEntityType = { ...progress, stage: 'done', position: null, finishedAt: isoNow(slice) };
  await commit(slice, (transaction) => {
    clearStaged(transaction, { customerId, runId, entityType });
    putRunEntityType(transaction, next);
  });
  return next;
}
