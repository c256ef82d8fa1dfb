import type { JsonObject } from '../../json/json-value.ts';
import type { Conflict } from '../../merge/conflict.ts';
import { mergeRecord } from '../../merge/merge-record.ts';
import type { RecordRules } from '../../merge/merge-rules.ts';
import type { UndoRecord } from './undo-records.ts';

/** Ours without what the run made of it, or the fields that somebody has changed since. */
export type Undone =
  | { readonly isTouched: false; readonly value: JsonObject | undefined }
  | { readonly isTouched: true; readonly conflicts: readonly Conflict[] };

/**
 * Pure. Takes a run's steps back, last things first asked: a three-way merge in which the run's result is what both sides last had in common,
 * ours is one side, and what there was before the run the other. So what others changed since stays, and where it is the same field it shows.
 */
export function undoRecord(ours: JsonObject | undefined, { steps }: UndoRecord, rules: RecordRules): Undone {
  let value = ours;
  for (const { before, after } of steps) {
    const merge = mergeRecord({ base: after ?? undefined, ours: value, theirs: before ?? undefined }, rules);
    if (merge.isHeld) return { isTouched: true, conflicts: merge.conflicts };
    value = merge.result;
  }
  return { isTouched: false, value };
}
