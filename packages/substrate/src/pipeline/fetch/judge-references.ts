import { Failure } from '../../failure/failure.ts';
import type { EntityType } from '../../model/entity-types.ts';
import type { BrokenReferences, FetchedEvidence } from '../../store/list-progress.ts';
import type { RunEntityType } from '../../store/runs.ts';
import type { BrokenReference } from './open-references.ts';

/** So many records of a set may point to what is not there; with more the sets do not belong together, and one of them is not whole. */
const toleratedPercent = 20;
/** However small the set is, so many may. */
const toleratedRecords = 25;

/** Pure. Why a record is left out that points to what is not there. */
export function brokenReferenceFailure({ entityType, id, pointer, target }: BrokenReference): Failure {
  return new Failure('record_quarantined', reasons[target], { data: { pointer, refersTo: entityType, id } });
}

const reasons = {
  missing: 'The record points to one that the vendor did not send',
  'left out': 'The record points to one that the vendor withdrew, or that was left out itself',
  'not stored': 'The record points to one that is not stored',
} as const satisfies Record<BrokenReference['target'], string>;

/** Pure. What earlier pages showed, with some more. */
export function countBroken(
  before: BrokenReferences | undefined,
  broken: readonly BrokenReference[],
): BrokenReferences | undefined {
  if (broken.length === 0) return before;
  const records = new Map(Object.entries(before?.records ?? {}));
  const vanished = new Map(Object.entries(before?.vanished ?? {}));
  for (const { entityType, isVanished } of broken) {
    records.set(entityType, (records.get(entityType) ?? 0) + 1);
    if (isVanished) vanished.set(entityType, (vanished.get(entityType) ?? 0) + 1);
  }
  return { records: Object.fromEntries(records), vanished: Object.fromEntries(vanished) };
}

/**
 * Pure. `verification_failed` for a set of which too many records point to what is not there. Asked before the last page it is as mild as
 * all pages to come can make it: undefined where the vendor has not said how many there are.
 */
export function judgeReferences(
  entityType: string,
  { broken, distinct, total = distinct, endMarker }: FetchedEvidence,
): Failure | undefined {
  if (broken === undefined) return undefined;
  if (endMarker === undefined && total <= distinct) return undefined;
  const size = Math.max(total, distinct);
  const count = Object.values(broken.records).reduce((sum, one) => sum + one, 0);
  if (!isTooMany(count, size)) return undefined;
  return new Failure('verification_failed', 'Too many records point to records that are not there', {
    data: { entityType, records: size, broken: count, refersTo: broken.records },
  });
}

/** Throws `verification_failed` where an entity type has come to be unsound, as `judgeReferences`. */
export function assertReferences({
  entityType,
  evidence,
}: Pick<RunEntityType, 'entityType' | 'evidence'>): void {
  const failure = evidence === null ? undefined : judgeReferences(entityType, evidence);
  if (failure !== undefined) throw failure;
}

/** Pure. The entity types that are missing so many records which a set names and which were there until now, that they cannot be whole. */
export function doubtedTargets(entityType: string, evidence: FetchedEvidence): readonly EntityType[] {
  if (judgeReferences(entityType, evidence) === undefined) return [];
  const { broken, distinct, total = distinct } = evidence;
  return Object.entries(broken?.vanished ?? {})
    .filter(([, count]) => isTooMany(count, Math.max(total, distinct)))
    .map(([name]) => name as EntityType);
}

function isTooMany(broken: number, size: number): boolean {
  return broken > toleratedRecords && broken * 100 > size * toleratedPercent;
}
