import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Failure } from '../../failure/failure.ts';
import type { VendorPage } from '../../http/vendor-client.ts';
import { digestText } from '../../json/digest.ts';
import { toWellFormedJson } from '../../json/well-formed.ts';
import { insertPage, prolongPageBody, putPageBody, readBodyExpiry } from '../../store/pages.ts';
import { insertQuarantined } from '../../store/quarantine.ts';
import { type RecordHashes, readHashes } from '../../store/records.ts';
import { putRunEntityType, type RunEntityType } from '../../store/runs.ts';
import type { StoreTransaction } from '../../store/schema.ts';
import { insertStaged, readStagedHashes, type StagedRecord } from '../../store/staged-records.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { recordFailure } from '../record-failure.ts';
import { commit, isoNow, type Slice, withCounts } from '../slice.ts';
import { canonicalFault } from './canonical-fault.ts';
import { type PageReading, type Refusal, readPage } from './read-page.ts';
import { digestsOf, type SeenIds } from './seen-ids.ts';

const compress = promisify(gzip);

/** Raw pages and quarantined records are kept this long. */
const keepMs = 30 * 24 * 60 * 60_000;
const renewMs = 24 * 60 * 60_000;

/**
 * Reads one fetched page and commits, together: the raw page, the records that differ from what is stored, those that were refused, the
 * ids seen, and the checkpoint. Answers the new progress. Unchanged records cost no write.
 */
export async function stagePage(
  slice: Slice,
  entity: Entity,
  progress: RunEntityType,
  seen: SeenIds,
  page: VendorPage,
): Promise<RunEntityType> {
  // Begun first: it is compressed beside this thread while the records are read.
  const preparing = prepareBody(slice, page.body);
  // It is awaited below; if the records fail first, nobody is left to hear of it.
  preparing.catch(() => undefined);
  const { readings, refusals } = readPage(entity, page.records, slice.mergeOf(entity).hash);
  const ids = [
    ...readings.map((reading) => reading.id),
    ...refusals.flatMap(({ id }) => (id === undefined ? [] : [id])),
  ];
  reportBug(slice, entity, refusals);
  const digests = digestsOf(ids);
  const isSeen = seen.holds(digests);
  const seenBefore = new Set(ids.filter((_id, index) => isSeen[index]));
  const sorted = await sortReadings(slice, entity, seenBefore, readings);
  const refused = [...refusals, ...sorted.refusals];
  seen.add(digests);

  const unidentified = refusals.filter(({ id }) => id === undefined).length;
  const next: RunEntityType = {
    ...withCounts(progress, {
      received: page.records.length,
      repeated: sorted.repeated,
      unchanged: sorted.unchanged,
      quarantined: refused.length,
      withdrawn: readings.filter(({ value }) => value === null).length,
    }),
    cursor: page.cursor,
    pages: progress.pages + 1,
    evidence: {
      ...page.evidence,
      unidentified: (progress.evidence?.unidentified ?? 0) + unidentified,
      distinct: seen.size,
      ...(isUnsteady(progress, page) ? { isUnsteady: true as const } : {}),
    },
  };
  const putBody = await preparing;
  const { customerId, runId, integrationId } = slice.run;
  const { entityType } = entity;
  const expiresAt = expiry(slice);
  await commit(slice, (transaction) => {
    putBody.write(transaction);
    insertPage(transaction, {
      customerId,
      runId,
      entityType,
      page: progress.pages,
      digest: putBody.digest,
      seen: digests,
      receivedAt: isoNow(slice),
      expiresAt,
    });
    insertStaged(transaction, sorted.staged);
    insertQuarantined(
      transaction,
      refused.map(({ ordinal, id, failure, raw }) => ({
        customerId,
        runId,
        integrationId,
        entityType,
        page: progress.pages,
        ordinal,
        recordId: id?.toWellFormed() ?? null,
        failure,
        raw: toWellFormedJson(raw),
        expiresAt,
      })),
    );
    putRunEntityType(transaction, next);
  });
  return next;
}

/** Rows that slide to another page can be missed though the last page's total adds up: a total that moves gives it away. */
function isUnsteady({ evidence }: RunEntityType, page: VendorPage): boolean {
  const { total } = page.evidence;
  const hasMoved = total !== undefined && evidence?.total !== undefined && total !== evidence.total;
  return evidence?.isUnsteady === true || hasMoved;
}

interface SortedReadings {
  readonly staged: readonly StagedRecord[];
  readonly refusals: readonly Refusal[];
  readonly unchanged: number;
  readonly repeated: number;
}

/** Tells apart what is new or different, what is stored already, and what came before in this fetch. */
async function sortReadings(
  slice: Slice,
  entity: Entity,
  seenOnEarlierPages: ReadonlySet<string>,
  readings: readonly PageReading[],
): Promise<SortedReadings> {
  const { customerId, runId, integrationId } = slice.run;
  const { entityType } = entity;
  const recordIds = [...new Set(readings.map((reading) => reading.id))];
  const storedHashes = await readHashes(
    slice.worker.store,
    { customerId, integrationId, entityType },
    recordIds,
  );
  const seenIds = recordIds.filter((id) => seenOnEarlierPages.has(id));
  // What this fetch said of an id before: staged if it differed from base, else as base.
  const earlierHashes = new Map<string, string | null>([
    ...seenIds.map((id) => [id, storedHashes.get(id)?.baseHash ?? null] as const),
    ...(await readStagedHashes(slice.worker.store, { customerId, runId, entityType }, seenIds)),
  ]);
  const seenBefore = new Set(seenIds);
  const staged: StagedRecord[] = [];
  const refusals: Refusal[] = [];
  let unchanged = 0;
  let repeated = 0;
  for (const reading of readings) {
    const { id, hash, value } = reading;
    if (seenBefore.has(id)) {
      if (earlierHashes.get(id) === hash) repeated++;
      else
        refusals.push(
          refuse(
            reading,
            new Failure('duplicate_id', 'Another record of this fetch has the same id', { data: { id } }),
          ),
        );
      continue;
    }
    seenBefore.add(id);
    earlierHashes.set(id, hash);
    if (isSettled(slice, entity, storedHashes.get(id), value === null ? null : hash)) {
      if (value !== null) unchanged++;
      continue;
    }
    const fault = value === null ? undefined : canonicalFault(entity, value);
    if (fault === undefined) staged.push({ customerId, runId, entityType, recordId: id, hash, value });
    else refusals.push(refuse(reading, fault));
  }
  return { staged, refusals, unchanged, repeated };
}

/** Whether the merge would find nothing to do: theirs is base, and ours is too, or goes nowhere now as at the last merge. */
function isSettled(
  slice: Slice,
  entity: Entity,
  stored: RecordHashes | undefined,
  theirs: string | null,
): boolean {
  if (stored === undefined) return theirs === null;
  if (theirs !== stored.baseHash) return false;
  if (stored.hash === stored.baseHash) return true;
  const { isPushed, isReexamined } = slice.mergeOf(entity);
  return !isPushed && !isReexamined;
}

/** A mapping that breaks is a fault of ours that a report cannot explain: once a page, the log does. */
function reportBug({ worker }: Slice, { entityType }: Entity, refusals: readonly Refusal[]): void {
  const broken = refusals.filter((refusal) => 'bug' in refusal);
  const [first] = broken;
  if (first === undefined) return;
  const { bug: error, ordinal } = first;
  worker.log.error('The mapping of a record broke', { error, entityType, ordinal, records: broken.length });
}

function refuse({ ordinal, id, value }: PageReading, failure: Failure): Refusal {
  return { ordinal, id, failure: recordFailure(failure), raw: value };
}

/** The body's part in the commit: nothing if it is kept already, a longer life if that ends soon, else the body itself. */
async function prepareBody(
  slice: Slice,
  body: Uint8Array,
): Promise<{ readonly digest: string; readonly write: (transaction: StoreTransaction) => void }> {
  const { customerId, integrationId } = slice.run;
  const digest = digestText(body);
  const key = { customerId, integrationId, digest, expiresAt: expiry(slice) };
  const keptUntil = await readBodyExpiry(slice.worker.store, customerId, integrationId, digest);
  const keptForMs = keptUntil === undefined ? 0 : Date.parse(keptUntil) - slice.worker.clock.now();
  // One that is about to expire may be gone before the commit: it is written again.
  if (keptForMs > renewMs) {
    const endsSoon = keptForMs < keepMs / 2;
    return { digest, write: (transaction) => endsSoon && prolongPageBody(transaction, key) };
  }
  const compressed = await compress(body, { level: 1 });
  return { digest, write: (transaction) => putPageBody(transaction, { ...key, body: compressed }) };
}

function expiry({ worker }: Slice): string {
  return new Date(worker.clock.now() + keepMs).toISOString();
}
