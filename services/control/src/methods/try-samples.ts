import {
  listHeldRecordIds,
  listLatestChanges,
  listOpenConflictsOf,
  listRecordChanges,
  type RecordedChange,
  type RecordScope,
  readRecords,
  readRuns,
  type Store,
  type StoredConflict,
  type StoredRecord,
  scanEditedRecords,
} from '@flotilla/substrate/store';
import type { Trial } from './try-settings.ts';
import { type SampledRecord, sampleChange, sampleConflict, sampleStored } from './try-sides.ts';

export interface Samples {
  readonly records: readonly SampledRecord[];
  /** Asked for, and there is no such record. */
  readonly missing: readonly string[];
  /** Whose conflicts do not fit them any more: the next run finds them anew. */
  readonly unclear: readonly string[];
}

/** Looked through for records that were lately changed. */
const mostChanges = 2_000;
const changesAtOnce = 200;
/** Of a record, for one by a run. */
const latestOfRecord = 10;
/** More conflicts of one record are not looked at. */
const mostConflicts = 200;

/** These records; a change by a run is replayed where a record is in step now. */
export async function sampleNamed(
  store: Store,
  scope: RecordScope,
  recordIds: readonly string[],
  trial: Trial,
): Promise<Samples> {
  const ids = [...new Set(recordIds)];
  const storedById = await readRecords(store, scope, ids);
  const conflictsById = await readConflicts(store, scope, ids);
  const calm = ids.filter(
    (id) => (conflictsById.get(id) ?? []).length === 0 && storedById.get(id)?.editedAt == null,
  );
  const changeLists = await Promise.all(
    calm.map((recordId) => listRecordChanges(store, { ...scope, recordId }, undefined, latestOfRecord)),
  );
  const changes = await keepMerged(store, scope.customerId, changeLists.flat());
  return sampleEach(ids, { storedById, conflictsById, changes }, trial);
}

/** Those in conflict, those with edits of ours that the vendor does not have, and those that runs have lately changed; at most so many. */
export async function sampleLately(
  store: Store,
  scope: RecordScope,
  size: number,
  trial: Trial,
): Promise<Samples> {
  const held = await listHeldRecordIds(store, scope, null, size);
  const edited = (await scanEditedRecords(store, scope, null, size)).map(({ recordId }) => recordId);
  const ids = [...new Set([...held, ...edited])].slice(0, size);
  const changes = await findChanges(store, scope, new Set(ids), size - ids.length);
  const storedById = await readRecords(store, scope, ids);
  const conflictsById = await readConflicts(store, scope, held);
  const all = [...ids, ...changes.map(({ recordId }) => recordId)];
  return sampleEach(all, { storedById, conflictsById, changes }, trial);
}

interface KnownOfRecords {
  readonly storedById: ReadonlyMap<string, StoredRecord>;
  readonly conflictsById: ReadonlyMap<string, readonly StoredConflict[]>;
  /** Latest first. */
  readonly changes: readonly RecordedChange[];
}

function sampleEach(
  ids: readonly string[],
  { storedById, conflictsById, changes }: KnownOfRecords,
  trial: Trial,
): Samples {
  const records: SampledRecord[] = [];
  const missing: string[] = [];
  const unclear: string[] = [];
  for (const recordId of ids) {
    const stored = storedById.get(recordId);
    const conflicts = conflictsById.get(recordId) ?? [];
    const change = changes.find((each) => each.recordId === recordId);
    const rules = trial.rulesFor(recordId);
    if (conflicts.length > 0) {
      const sample = sampleConflict(conflicts, stored, rules);
      if (sample === undefined) unclear.push(recordId);
      else records.push(sample);
    } else if (stored?.editedAt != null) records.push(sampleStored(stored));
    else if (change !== undefined) records.push(sampleChange(change, rules));
    else if (stored === undefined) missing.push(recordId);
    else records.push(sampleStored(stored));
  }
  return { records, missing, unclear };
}

async function readConflicts(
  store: Store,
  scope: RecordScope,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly StoredConflict[]>> {
  return new Map(
    await Promise.all(
      ids.map(async (recordId) => {
        const open = await listOpenConflictsOf(store, { ...scope, recordId }, undefined, mostConflicts);
        return [recordId, open] as const;
      }),
    ),
  );
}

/** The latest change of each record, of those that say what a merge did; without these records. */
async function findChanges(
  store: Store,
  scope: RecordScope,
  without: ReadonlySet<string>,
  size: number,
): Promise<readonly RecordedChange[]> {
  const found = new Map<string, RecordedChange>();
  let before: number | undefined;
  for (let examined = 0; examined < mostChanges && found.size < size; examined += changesAtOnce) {
    const page = await listLatestChanges(store, scope, before, changesAtOnce);
    const ofType = page.filter(
      ({ entityType, recordId }) => entityType === scope.entityType && !without.has(recordId),
    );
    for (const change of await keepMerged(store, scope.customerId, ofType)) {
      if (found.size < size && !found.has(change.recordId)) found.set(change.recordId, change);
    }
    before = page.at(-1)?.sequence;
    if (page.length < changesAtOnce) break;
  }
  return [...found.values()];
}

/** What a merge did to a record that was there. Nobody's edit, nothing that was taken back: of those nothing was merged. */
async function keepMerged(
  store: Store,
  customerId: string,
  changes: readonly RecordedChange[],
): Promise<readonly RecordedChange[]> {
  const merged = changes.filter(({ actor, before }) => actor == null && before !== null);
  const runs = await readRuns(
    store,
    customerId,
    merged.map(({ runId }) => runId),
  );
  return merged.filter(({ runId }) => runs.get(runId)?.reverts === null);
}
