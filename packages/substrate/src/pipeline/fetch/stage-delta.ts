import { Failure, isRetryable, toFailure } from '../../failure/failure.ts';
import type { JsonValue } from '../../json/json-value.ts';
import { putRunEntityType, type RunEntityType } from '../../store/runs.ts';
import { deleteStaged, insertStaged, readStagedHashes } from '../../store/staged-records.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import type { DeltaList } from '../../vendor/feed.ts';
import { concernsTheRun, readOne } from '../push/read-one.ts';
import { recordFailure } from '../record-failure.ts';
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
  const { readings, refusals, unread } = await readWords(slice, entity, page.records, list);
  reportBug(slice.worker, entity, refusals);
  const sorted = await sortReadings(slice, entity, references, new Set(), {
    readings,
    refusals: [...refusals, ...unread],
  });
  const staged = new Set(sorted.staged.map(({ recordId }) => recordId));
  const refused = new Set(sorted.refused.map(({ id }) => id));
  // As stored, though an earlier page may have said otherwise.
  const settled = readings.map(({ id }) => id).filter((id) => !staged.has(id) && !refused.has(id));
  const scope = { customerId, runId, entityType };
  const outdated = [...(await readStagedHashes(slice.worker.store, scope, settled)).keys()];

  const broken = countBroken(progress.evidence?.broken, sorted.broken);
  const next: RunEntityType = {
    ...withCounts(progress, {
      received: readings.length + refusals.length + unread.length,
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
        (progress.evidence?.unidentified ?? 0) +
        refusals.filter(({ id }) => id === undefined).length +
        unread.length,
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

/** Thrown where a vendor tells of something that cannot be made out. */
export const unclearDelta = new Failure(
  'incomplete_fetch',
  'The vendor tells of changes that cannot be made out',
);

interface Words {
  readonly readings: readonly PageReading[];
  readonly refusals: readonly Refusal[];
  /** Named, and could not be read: what happened to them is not known. */
  readonly unread: readonly Refusal[];
}

/** What a page says, one reading for each canonical record: the last. What it only names is asked for. */
async function readWords(
  slice: Slice,
  entity: Entity,
  records: readonly JsonValue[],
  list: DeltaList,
): Promise<Words> {
  const { hash } = slice.mergeOf(entity);
  const saidById = new Map<string, PageReading | Named>();
  const refusals: Refusal[] = [];
  function say(said: PageReading | Named): void {
    // Deleted first, so that the order is that of what was said last.
    saidById.delete(said.id);
    // What cannot be stored is not.
    if (isStorable(said.id)) saidById.set(said.id, said);
  }
  records.forEach((record, ordinal) => {
    for (const word of list.says(record)) {
      if ('unclear' in word) {
        const { entityType } = entity;
        slice.worker.log.warn('The vendor tells of a change that cannot be made out', {
          entityType,
          reason: word.unclear,
        });
        throw unclearDelta;
      }
      if ('deleted' in word) say({ ordinal, id: word.deleted, value: null, hash: deletedHash });
      else if ('named' in word) say({ ordinal, id: word.named, raw: record });
      else {
        const read = readPage(entity, [word.changed], hash);
        for (const reading of read.readings) say({ ...reading, ordinal });
        refusals.push(...read.refusals.map((refusal) => ({ ...refusal, ordinal })));
      }
    }
  });
  const unread: Refusal[] = [];
  const readings = await Promise.all(
    [...saidById.values()].map(async (said): Promise<PageReading | undefined> => {
      if (!('raw' in said)) return said;
      const found = await readNamed(slice, entity, said);
      if (!('failure' in found)) return found;
      if (found.failure.code === 'record_quarantined') refusals.push(found);
      else unread.push(found);
      return undefined;
    }),
  );
  return { readings: readings.filter((one) => one !== undefined), refusals, unread };
}

/** A record of which is only known that something happened to it. */
interface Named {
  readonly ordinal: number;
  readonly id: string;
  /** What says so. */
  readonly raw: JsonValue;
}

async function readNamed(
  slice: Slice,
  entity: Entity,
  { ordinal, id, raw }: Named,
): Promise<PageReading | Refusal> {
  try {
    const { theirs, isDoubtful } = await readOne(slice, entity, id);
    if (isDoubtful !== true) return { ordinal, id, value: theirs.value, hash: theirs.hash };
    throw new Failure('vendor_answer_invalid', 'The answer does not say for sure that the record is gone', {
      data: { recordId: id, found: 'a 404 that is not JSON' },
    });
  } catch (thrown) {
    const failure = toFailure(thrown);
    // 403: these credentials may read others, though not this one.
    const isItsOwn = failure.data.status === 403 || !concernsTheRun(failure);
    if (isRetryable(failure) || !isItsOwn) throw thrown;
    return { ordinal, id, failure: recordFailure(failure), raw };
  }
}
