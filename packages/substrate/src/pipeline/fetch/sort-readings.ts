import { Failure } from '../../failure/failure.ts';
import { type RecordHashes, readHashes } from '../../store/records.ts';
import { readStagedHashes, type StagedRecord } from '../../store/staged-records.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { recordFailure } from '../record-failure.ts';
import type { Slice } from '../slice.ts';
import { canonicalFault } from './canonical-fault.ts';
import { brokenReferenceFailure } from './judge-references.ts';
import type { BrokenReference, References } from './open-references.ts';
import { isStorable, type PageReading, type PageReadings, type Refusal } from './read-page.ts';

export interface SortedReadings {
  readonly staged: readonly StagedRecord[];
  /** Those of `readPage`, and what was left out here. */
  readonly refused: readonly Refusal[];
  /** Records that are good and there: staged or stored as they came. */
  readonly present: readonly PageReading[];
  readonly unchanged: number;
  readonly repeated: number;
  readonly broken: readonly BrokenReference[];
  /** Ids that no record may name: withdrawn by the vendor, or left out and not stored. */
  readonly gone: readonly string[];
}

/** Tells apart what is new or different, what is stored already, what came before in this fetch, and what is left out. */
export async function sortReadings(
  slice: Slice,
  entity: Entity,
  references: References,
  seenOnEarlierPages: ReadonlySet<string>,
  { readings, refusals }: PageReadings,
): Promise<SortedReadings> {
  const { customerId, runId, integrationId } = slice.run;
  const { entityType } = entity;
  const { store } = slice.worker;
  const refusedIds = refusals.flatMap(({ id }) => (id === undefined ? [] : [id]));
  const recordIds = [...new Set([...readings.map(({ id }) => id), ...refusedIds.filter(isStorable)])];
  const storedHashes = await readHashes(store, { customerId, integrationId, entityType }, recordIds);
  const seenIds = recordIds.filter((id) => seenOnEarlierPages.has(id));
  // What this fetch said of an id before: staged if it differed from base, else as base.
  const earlierHashes = new Map<string, string | null>([
    ...seenIds.map((id) => [id, storedHashes.get(id)?.baseHash ?? null] as const),
    ...(await readStagedHashes(store, { customerId, runId, entityType }, seenIds)),
  ]);
  const brokenOnes = await references.findBroken(readings);
  const seenBefore = new Set(seenIds);
  const staged: StagedRecord[] = [];
  const refused: Refusal[] = [...refusals];
  const present: PageReading[] = [];
  const broken: BrokenReference[] = [];
  const gone = new Set(refusedIds.filter((id) => !seenBefore.has(id) && !storedHashes.has(id)));
  let unchanged = 0;
  let repeated = 0;
  for (const [index, reading] of readings.entries()) {
    const { id, hash, value } = reading;
    if (seenBefore.has(id)) {
      if (earlierHashes.get(id) === hash) repeated++;
      else refused.push(refuse(reading, sameId(id)));
      continue;
    }
    seenBefore.add(id);
    earlierHashes.set(id, hash);
    const stored = storedHashes.get(id);
    const isKnown = isSettled(slice, entity, stored, value === null ? null : hash);
    const leadsNowhere = brokenOnes[index];
    const fault =
      (isKnown || value === null ? undefined : canonicalFault(entity, value)) ??
      (leadsNowhere && brokenReferenceFailure(leadsNowhere));
    if (fault !== undefined) {
      refused.push(refuse(reading, fault));
      if (leadsNowhere !== undefined) broken.push(leadsNowhere);
      if (stored === undefined) gone.add(id);
      continue;
    }
    if (value === null) gone.add(id);
    else {
      gone.delete(id);
      present.push(reading);
    }
    if (!isKnown) staged.push({ customerId, runId, entityType, recordId: id, hash, value });
    else if (value !== null) unchanged++;
  }
  return { staged, refused, present, unchanged, repeated, broken, gone: [...gone] };
}

/**
 * Whether the merge would find nothing to do: theirs is base, and ours is too, or goes nowhere now as at the last merge. Where a conflict is
 * open it may be gone.
 */
export function isSettled(
  slice: Slice,
  entity: Entity,
  stored: RecordHashes | undefined,
  theirs: string | null,
): boolean {
  if (stored === undefined) return theirs === null;
  if (theirs !== stored.baseHash) return false;
  if (stored.openConflicts > 0) return false;
  if (stored.hash === stored.baseHash) return true;
  const { isPushed, isReexamined } = slice.mergeOf(entity);
  return !isPushed && !isReexamined;
}

function sameId(id: string): Failure {
  return new Failure('duplicate_id', 'Another record of this fetch has the same id', { data: { id } });
}

function refuse({ ordinal, id, value }: PageReading, failure: Failure): Refusal {
  return { ordinal, id, failure: recordFailure(failure), raw: value };
}
