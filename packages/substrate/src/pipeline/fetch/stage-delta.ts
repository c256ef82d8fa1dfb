import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import { putRunEntityType, type RunEntityType } from '../../store/runs.ts';
import { deleteStaged, insertStaged, readStagedHashes } from '../../store/staged-records.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import type { DeltaList } from '../../vendor/feed.ts';
import { commit, type Slice, withCounts } from '../slice.ts';
import type { FetchedPage } from './fetched-page.ts';
import { countBroken } from './judge-references.ts';
import { prepareKept } from './keep-page.ts';
import type { References } from './open-references.ts';
import { deletedHash, isStorable, type PageReading, type Refusal, readPage, reportBug } from './read-page.ts';
import { digestsOf } from './seen-ids.ts';
import { sortReadings } from './sort-readings.ts';

/**
 * Reads one page that tells of changes, and commits, together: the raw page, the records that it leaves different from what is stored, those
 * that were refused, and the checkpoint. What is said later of a record holds, on this page and on others.
 */
export async function stageDelta(
  slice: Slice,
  entity: Entity,
  progress: RunEntityType,
  references: References,
  page: FetchedPage,
  list: DeltaList,
): Promise<RunEntityType> {
  const { customerId, runId } = slice.run;
  const { entityType } = entity;
  const preparing = prepareKept(slice, page);
  preparing.catch(() => undefined);
  const { readings, refusals } = readWords(entity, page.records, list, slice.mergeOf(entity).hash);
  reportBug(slice.worker, entity, refusals);
  const sorted = await sortReadings(slice, entity, references, new Set(), { readings, refusals });
  const staged = new Set(sorted.staged.map(({ recordId }) => recordId));
  const refused = new Set(sorted.refused.map(({ id }) => id));
  // As stored, though an earlier page may have said otherwise.
  const settled = readings.map(({ id }) => id).filter((id) => !staged.has(id) && !refused.has(id));
  const scope = { customerId, runId, entityType };
  const outdated = [...(await readStagedHashes(slice.worker.store, scope, settled)).keys()];

  const broken = countBroken(progress.evidence?.broken, sorted.broken);
  const next: RunEntityType = {
    ...withCounts(progress, {
      received: readings.length + refusals.length,
      unchanged: sorted.unchanged,
      quarantined: sorted.refused.length,
      withdrawn: readings.filter(({ value }) => value === null).length,
    }),
    cursor: page.cursor,
    position: page.position,
    pages: progress.pages + 1,
    evidence: {
      records: page.records.length,
      unidentified:
        (progress.evidence?.unidentified ?? 0) + refusals.filter(({ id }) => id === undefined).length,
      distinct: (progress.evidence?.distinct ?? 0) + readings.length,
      ...(broken === undefined ? {} : { broken }),
    },
  };
  const keep = await preparing;
  await commit(slice, (transaction) => {
    keep(transaction, entity, progress.pages, {
      seen: digestsOf(sorted.present.map(({ id }) => id)),
      listed: null,
      gone: digestsOf(sorted.gone),
      refused: sorted.refused,
    });
    deleteStaged(transaction, scope, outdated);
    insertStaged(transaction, sorted.staged);
    putRunEntityType(transaction, next);
  });
  return next;
}

/** What a page says, one reading for each canonical record: the last. */
function readWords(
  entity: Entity,
  records: readonly JsonValue[],
  list: DeltaList,
  hash: (value: JsonObject) => string,
): { readonly readings: readonly PageReading[]; readonly refusals: readonly Refusal[] } {
  const byId = new Map<string, PageReading>();
  const refusals: Refusal[] = [];
  function say(reading: PageReading): void {
    // Deleted first, so that the order is that of what was said last.
    byId.delete(reading.id);
    byId.set(reading.id, reading);
  }
  records.forEach((record, ordinal) => {
    for (const word of list.says(record)) {
      if ('deleted' in word) {
        // What cannot be stored is not.
        if (isStorable(word.deleted)) say({ ordinal, id: word.deleted, value: null, hash: deletedHash });
        continue;
      }
      const read = readPage(entity, [word.changed], hash);
      for (const reading of read.readings) say({ ...reading, ordinal });
      refusals.push(...read.refusals.map((refusal) => ({ ...refusal, ordinal })));
    }
  });
  return { readings: [...byId.values()], refusals };
}
