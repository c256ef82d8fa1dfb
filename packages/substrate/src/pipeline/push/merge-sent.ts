import type { JsonObject } from '../../json/json-value.ts';
import { type Decision, mergeRecord, type RecordMerge, type RecordSides } from '../../merge/merge-record.ts';
import { isSameJson } from '../../merge/values/same-json.ts';
import type { EntityMerge } from '../slice.ts';
import { agreedBase } from './agreed-base.ts';

/** What a push went by: ours may have been edited while it was under way. */
export interface SentRecord {
  readonly ours: JsonObject | undefined;
  /** Theirs, right before. */
  readonly before: JsonObject | undefined;
  /** What was to be written: the merge's result; undefined: that it be deleted. */
  readonly value: JsonObject | undefined;
  /** The id that the vendor gave to a record that it did not have before. */
  readonly assignedId?: string;
}

export interface SentMerge {
  /** Ours as it was merged. */
  readonly ours: JsonObject | undefined;
  readonly merge: RecordMerge;
}

/**
 * Pure. The merge after a push; `theirs` is what the vendor has by then. What was sent was the result of a merge that ours does not show
 * yet. Where ours was edited since, the edit stands on top of it; where a person had decided a conflict, base is past the conflict, so
 * that it is not found again.
 */
export function mergeSent(
  { rules, neutral }: EntityMerge,
  recordId: string,
  sides: RecordSides,
  sent: SentRecord,
  decisions: readonly Decision[],
): SentMerge {
  const { base, ours, theirs } = sides;
  const ruling = rules.forRecord(recordId);
  const isEdited = !isSameJson(sent.ours, ours, false, []);
  if (!isEdited && decisions.length === 0) return { ours, merge: mergeRecord(sides, ruling) };
  const indifferent = neutral.forRecord(recordId);
  const carried = mergeRecord({ base: sent.ours, ours, theirs: sent.value }, indifferent);
  // The edit is of a field that the vendor had changed too: both are judged as if nothing had been sent.
  if (carried.isHeld) return { ours, merge: mergeRecord(sides, ruling, decisions) };
  // One that we made and deleted meanwhile goes there too, whatever the vendor has added to it.
  const isWithdrawn = base === undefined && carried.result === undefined;
  const moved = isWithdrawn ? theirs : agreedBase(base, sent.value, theirs, indifferent);
  const merge = mergeRecord({ base: moved, ours: carried.result, theirs }, ruling);
  const planned = mergeRecord({ base, ours: sent.ours, theirs: sent.before }, ruling, decisions);
  return {
    ours: carried.result,
    // What our side takes over with it, and by which rules, was found before it was sent.
    merge: { ...merge, toOurs: [...planned.toOurs, ...merge.toOurs], stale: planned.stale },
  };
}
