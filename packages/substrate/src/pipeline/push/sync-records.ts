import { Failure } from '../../failure/failure.ts';
import type { EntityType } from '../../model/entity-types.ts';
import { readAliases } from '../../store/aliases.ts';
import { putRunEntityType, type RunEntityType } from '../../store/runs.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { applyChunk } from '../apply/apply-stage.ts';
import { commit, isoNow, type Slice, stopIfOver } from '../slice.ts';
import { type LatestRecord, readOne } from './read-one.ts';

/** Records read, written and committed together. */
const chunkSize = 25;

/**
 * Brings some records of one entity type in step, one by one and at once: each is read from the vendor, merged, written where it may be, and
 * committed. Absence is what the vendor says of the one record, so no whole set is needed to know it. Answers the progress at its end.
 */
export async function syncRecords(
  slice: Slice,
  entity: Entity,
  recordIds: readonly string[],
  start: RunEntityType,
): Promise<RunEntityType> {
  if (entity.one === undefined) {
    throw new Failure('invalid_params', 'The vendor shows no single record of this entity type', {
      data: { entityType: entity.entityType },
    });
  }
  let progress: RunEntityType = { ...start, stage: 'applying' };
  const ids = await currentIds(slice, entity.entityType, recordIds);
  const left = ids.filter((id) => progress.position === null || id > progress.position);
  for (let from = 0; from < left.length; from += chunkSize) {
    stopIfOver(slice);
    const chunk = left.slice(from, from + chunkSize);
    const latest = await Promise.all(chunk.map((recordId) => readOne(slice, entity, recordId)));
    const fresh = new Map<string, LatestRecord>(latest.map((one) => [one.theirs.recordId, one]));
    const theirs = latest.map((one) => one.theirs);
    const counts = { ...progress.counts, received: progress.counts.received + chunk.length };
    progress = await applyChunk(
      slice,
      entity,
      { ...progress, counts, position: chunk.at(-1) ?? null },
      theirs,
      fresh,
    );
  }
  const next: RunEntityType = { ...progress, stage: 'done', position: null, finishedAt: isoNow(slice) };
  await commit(slice, (transaction) => putRunEntityType(transaction, next));
  return next;
}

/** In order; a record that the vendor has given another id goes by that one. */
async function currentIds(
  { run, worker }: Slice,
  entityType: EntityType,
  recordIds: readonly string[],
): Promise<readonly string[]> {
  const { customerId, integrationId } = run;
  const moved = await readAliases(worker.store, { customerId, integrationId, entityType }, recordIds);
  return [...new Set(recordIds.map((id) => moved.get(id) ?? id))].sort();
}
