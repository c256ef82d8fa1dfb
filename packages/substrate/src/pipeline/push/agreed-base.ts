import type { JsonObject } from '../../json/json-value.ts';
import { mergeRecord } from '../../merge/merge-record.ts';
import type { RecordRules } from '../../merge/merge-rules.ts';

type Side = JsonObject | undefined;

/**
 * Pure. Base, moved where both sides have come to the same, and left where they have not: what a side has changed by itself stays its
 * change. `neutral` decides nothing by itself. Base as it is where the sides contradict each other: then it is not told apart.
 */
export function agreedBase(base: Side, ours: Side, theirs: Side, neutral: RecordRules): Side {
  const { isHeld, result } = mergeRecord({ base, ours, theirs }, neutral);
  // Seen from the result, what only one side changed is undone by the other.
  return isHeld ? base : mergeRecord({ base: result, ours: theirs, theirs: ours }, neutral).result;
}
