import { digestJson } from '../../json/digest.ts';
import type { Conflict } from '../../merge/conflict.ts';
import { putConflicts, type StoredConflict } from '../../store/conflicts.ts';
import type { StoreTransaction } from '../../store/schema.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import type { MergedRecord } from '../plan/merge-staged.ts';
import { isoNow, type Slice } from '../slice.ts';

/**
 * Buffers a record's conflicts: new ones are opened, those found again stay as they are, and those that the merge no longer finds are closed,
 * as resolved where a person had decided. Answers how many keep the record waiting.
 */
export function recordConflicts(
  slice: Slice,
  entity: Entity,
  transaction: StoreTransaction,
  record: MergedRecord,
): number {
  const { recordId, merge, conflicts: known } = record;
  if (merge.conflicts.length === 0 && known.length === 0) return 0;
  const knownById = new Map(known.map((row) => [row.conflictId, row]));
  const rows = merge.conflicts.map((conflict) => openConflict(slice, entity, recordId, conflict, knownById));
  const foundIds = new Set(rows.map(({ conflictId }) => conflictId));
  const others = known.filter(({ conflictId, openSince }) => openSince !== null && !foundIds.has(conflictId));
  // A record is held until the last of its conflicts is decided; what was decided before waits with it.
  const waiting = others.filter((row) => merge.isHeld && isFollowed(record, row));
  const closed = others
    .filter((row) => !waiting.includes(row))
    .map((row): StoredConflict => {
      const state = isFollowed(record, row) ? 'resolved' : 'obsolete';
      const { runId: endedByRunId } = slice.run;
      return {
        ...row,
        state,
        openSince: null,
        endedByRunId,
        endedAt: isoNow(slice),
        version: row.version + 1,
      };
    });
  const changed = [...rows.filter((row) => row !== knownById.get(row.conflictId)), ...closed];
  if (changed.length > 0) putConflicts(transaction, changed);
  return rows.length + waiting.length;
}

/** Whether the merge did what a person had decided. */
function isFollowed({ merge }: MergedRecord, { state, pointer }: StoredConflict): boolean {
  return state === 'decided' && !merge.stale.includes(pointer);
}

/** The conflict's row: the one that is there if it is open already, else a new one. */
function openConflict(
  slice: Slice,
  { entityType }: Entity,
  recordId: string,
  conflict: Conflict,
  known: ReadonlyMap<string, StoredConflict>,
): StoredConflict {
  const { pointer, kind, inputs, rule, ...sides } = conflict;
  const { customerId, integrationId, runId } = slice.run;
  const conflictId = conflictIdOf({ integrationId, entityType, recordId }, conflict);
  const existing = known.get(conflictId);
  if (existing?.state === 'open') return existing;
  const now = isoNow(slice);
  return {
    customerId,
    integrationId,
    entityType,
    recordId,
    conflictId,
    pointer,
    kind,
    sides,
    inputs,
    rule,
    state: 'open',
    decision: null,
    runId,
    foundAt: now,
    openSince: now,
    endedByRunId: null,
    endedAt: null,
    version: (existing?.version ?? 0) + 1,
  };
}

/** Pure. The same difference of a record has the same id whenever it comes. */
export function conflictIdOf(
  { integrationId, entityType, recordId }: Pick<StoredConflict, 'integrationId' | 'entityType' | 'recordId'>,
  { pointer, inputs }: Conflict,
): string {
  return digestJson([integrationId, entityType, recordId, pointer, inputs]).replace(/^j1:/, '');
}
