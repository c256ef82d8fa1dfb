import type { JsonObject } from '../../json/json-value.ts';
import type { Decision } from '../../merge/decision.ts';
import { mergeRecord, type RecordMerge } from '../../merge/merge-record.ts';
import type { Reader } from '../../orm/database.ts';
import { readKnownConflicts, readRecordConflicts, type StoredConflict } from '../../store/conflicts.ts';
import { type RecordScope, readRecords, type StoredRecord } from '../../store/records.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { conflictIdOf } from '../apply/record-conflicts.ts';
import { mergeSent, type SentRecord } from '../push/merge-sent.ts';
import type { EntityMerge, Slice } from '../slice.ts';
import { resolveAliases } from './resolve-aliases.ts';

/** A record as the vendor has it; null: it does not. */
export interface TheirRecord {
  readonly recordId: string;
  readonly value: JsonObject | null;
  readonly hash: string;
  /** Present where theirs is what it is because we have just written it. */
  readonly sent?: SentRecord;
}

/** A record that was looked at, with all that its merge went by. */
export interface MergedRecord {
  readonly recordId: string;
  /** Its id until the vendor gave it another. */
  readonly movedFrom?: string;
  readonly theirs: TheirRecord;
  /** Undefined: neither side nor base had it. */
  readonly stored: StoredRecord | undefined;
  /** Ours as it was merged: with the vendor's ids in place of ours, where records were given new ones. */
  readonly ours: JsonObject | undefined;
  /** The record's conflicts so far; where none is open, only those that have come again. */
  readonly conflicts: readonly StoredConflict[];
  readonly merge: RecordMerge;
}

/** Merges what the vendor has of these records with what `reader` shows of ours and base, under the run's settings and people's decisions. */
export async function mergeStaged(
  slice: Slice,
  entity: Entity,
  reader: Reader,
  theirs: readonly TheirRecord[],
): Promise<readonly MergedRecord[]> {
  const { customerId, integrationId } = slice.run;
  const { entityType } = entity;
  const scope = { customerId, integrationId, entityType };
  const storedById = await readRecords(
    reader,
    scope,
    theirs.map(({ recordId }) => recordId),
  );
  const held = [...storedById.values()].filter(({ openConflicts }) => openConflicts > 0);
  const conflictsById = new Map(
    await Promise.all(
      held.map(
        async ({ recordId }) => [recordId, await readRecordConflicts(reader, scope, recordId)] as const,
      ),
    ),
  );
  const oursById = await resolveAliases(reader, scope, [...storedById.values()]);
  const merged = theirs.map((their) => {
    const stored = storedById.get(their.recordId);
    const ours = oursById.get(their.recordId);
    const conflicts = conflictsById.get(their.recordId) ?? [];
    return mergeOne(slice.mergeOf(entity), their, stored, ours, conflicts);
  });
  return await withEnded(reader, scope, merged);
}

/** A conflict that was ended and comes again is the same row, which counts its versions on. */
async function withEnded(
  reader: Reader,
  scope: RecordScope,
  merged: readonly MergedRecord[],
): Promise<readonly MergedRecord[]> {
  const keys = merged
    .filter(({ conflicts }) => conflicts.length === 0)
    .flatMap(({ recordId, merge }) =>
      merge.conflicts.map((conflict) => {
        const key = { ...scope, recordId };
        return { ...key, conflictId: conflictIdOf(key, conflict) };
      }),
    );
  const endedById = Map.groupBy(await readKnownConflicts(reader, keys), ({ recordId }) => recordId);
  if (endedById.size === 0) return merged;
  return merged.map((one) => ({ ...one, conflicts: endedById.get(one.recordId) ?? one.conflicts }));
}

function mergeOne(
  settings: EntityMerge,
  theirs: TheirRecord,
  stored: StoredRecord | undefined,
  ours: JsonObject | undefined,
  conflicts: readonly StoredConflict[],
): MergedRecord {
  const { recordId, sent } = theirs;
  const sides = { base: baseOf(stored), ours, theirs: theirs.value ?? undefined };
  const decisions = decisionsOf(conflicts);
  if (sent === undefined) {
    const merge = mergeRecord(sides, settings.rules.forRecord(recordId), decisions);
    return { recordId, theirs, stored, ours, conflicts, merge };
  }
  const merged = mergeSent(settings, recordId, sides, sent, decisions);
  const { assignedId } = sent;
  if (assignedId === undefined) return { recordId, theirs, stored, conflicts, ...merged };
  return { recordId: assignedId, movedFrom: recordId, theirs, stored, conflicts, ...merged };
}

/** Kept apart only where it differs from ours. */
export function baseOf(stored: StoredRecord | undefined): JsonObject | undefined {
  if (stored === undefined || stored.baseHash === null) return undefined;
  return (stored.baseHash === stored.hash ? stored.value : stored.base) ?? undefined;
}

function decisionsOf(conflicts: readonly StoredConflict[]): readonly Decision[] {
  return conflicts.flatMap(({ state, decision, pointer, inputs }) =>
    state === 'decided' && decision !== null ? [{ pointer, inputs, choice: decision.choice }] : [],
  );
}
