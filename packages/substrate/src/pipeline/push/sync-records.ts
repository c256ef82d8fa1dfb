import { Failure, isRetryable, toFailure } from '../../failure/failure.ts';
import type { EntityType } from '../../model/entity-types.ts';
import { readAliases } from '../../store/aliases.ts';
import { insertQuarantined } from '../../store/quarantine.ts';
import { readHashes } from '../../store/records.ts';
import { putRunEntityType, type RunEntityType } from '../../store/runs.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { applyChunk } from '../apply/apply-stage.ts';
import { recordFailure } from '../record-failure.ts';
import { commit, isoNow, type Slice, stopIfOver, withCounts } from '../slice.ts';
import { concernsTheRun, type LatestRecord, readOne } from './read-one.ts';

/** What could not be read is kept this long for people to look at. */
const keepMs = 30 * 24 * 60 * 60_000;
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
    progress = await syncSome(slice, entity, chunk, progress, { received: chunk.length });
  }
  const next: RunEntityType = { ...progress, stage: 'done', position: null, finishedAt: isoNow(slice) };
  await commit(slice, (transaction) => putRunEntityType(transaction, next));
  return next;
}

/** Reads some records from the vendor, merges, writes and commits them; the checkpoint moves to the last one. `received` is counted. */
export async function syncSome(
  slice: Slice,
  entity: Entity,
  recordIds: readonly string[],
  start: RunEntityType,
  { received }: { readonly received: number },
): Promise<RunEntityType> {
  const { latest, unread } = await readLatest(slice, entity, recordIds);
  const progress = await noteUnread(slice, entity, start, unread);
  const done: RunEntityType = {
    ...withCounts(progress, { received, quarantined: unread.length }),
    position: recordIds.at(-1) ?? null,
  };
  const theirs = latest.map((one) => one.theirs);
  const fresh = new Map(latest.map((one) => [one.theirs.recordId, one]));
  return await applyChunk(slice, entity, progress, done, theirs, fresh);
}

interface Unread {
  readonly recordId: string;
  readonly failure: Failure;
}

/** A record that cannot be read holds up no other. */
async function readLatest(
  slice: Slice,
  entity: Entity,
  recordIds: readonly string[],
): Promise<{ readonly latest: readonly LatestRecord[]; readonly unread: readonly Unread[] }> {
  const latest: LatestRecord[] = [];
  const unread: Unread[] = [];
  const known = await readKnown(slice, entity, recordIds);
  await Promise.all(
    recordIds.map(async (recordId) => {
      try {
        const one = await readOne(slice, entity, recordId);
        if (one.isDoubtful && known.has(recordId)) throw doubt(recordId);
        latest.push(one);
      } catch (thrown) {
        const failure = toFailure(thrown);
        if (isRetryable(failure) || concernsTheRun(failure)) throw thrown;
        unread.push({ recordId, failure });
      }
    }),
  );
  return { latest, unread };
}

/** Those that the vendor was known to have. */
async function readKnown(
  { run, worker }: Slice,
  { entityType }: Entity,
  recordIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { customerId, integrationId } = run;
  const hashes = await readHashes(worker.store, { customerId, integrationId, entityType }, recordIds);
  return new Set([...hashes].filter(([, { baseHash }]) => baseHash !== null).map(([id]) => id));
}

/** Nothing is deleted because of a wrong address or a proxy; the next whole set will tell. */
function doubt(recordId: string): Failure {
  return new Failure('vendor_answer_invalid', 'The answer does not say for sure that the record is gone', {
    data: { recordId, found: 'a 404 that is not JSON' },
  });
}

async function noteUnread(
  slice: Slice,
  { entityType }: Entity,
  progress: RunEntityType,
  unread: readonly Unread[],
): Promise<RunEntityType> {
  const [first] = unread;
  if (first === undefined) return progress;
  const { customerId, integrationId, runId } = slice.run;
  const expiresAt = new Date(slice.worker.clock.now() + keepMs).toISOString();
  const rows = unread.map(({ recordId, failure }, index) => ({
    customerId,
    integrationId,
    runId,
    entityType,
    page: 0,
    ordinal: progress.counts.quarantined + index,
    recordId,
    failure: recordFailure(failure),
    raw: null,
    expiresAt,
  }));
  const next = { ...progress, failure: recordFailure(first.failure) };
  await commit(slice, (transaction) => {
    insertQuarantined(transaction, rows);
    putRunEntityType(transaction, next);
  });
  return next;
}

/** In order; a record that the vendor has given another id goes by that one. */
async function currentIds(
  { run, worker }: Slice,
  entityType: EntityType,
  recordIds: readonly string[],
): Promise<readonly string[]> {
  const { customerId, integrationId } = run;
  const scope = { customerId, integrationId, entityType };
  const moved = await readAliases(worker.store, scope, recordIds);
  // An id that a record has again is its own.
  const taken = await readHashes(worker.store, scope, [...moved.keys()]);
  return [...new Set(recordIds.map((id) => (taken.has(id) ? id : (moved.get(id) ?? id))))].sort();
}
