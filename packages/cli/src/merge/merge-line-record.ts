import { mergeRecord, type RecordSides } from '@flotilla/substrate/merge/merge-record';
import type { MergeRules } from '@flotilla/substrate/merge/merge-rules';
import { showConflict } from './show-conflict.ts';

/** Pure. What is said of one record; `id` is the one under which settings may hold an override. */
export function mergeLineRecord(sides: RecordSides, id: string, rules: MergeRules): object {
  const { isHeld, result, conflicts, toOurs, toTheirs, remarks } = mergeRecord(sides, rules.forRecord(id));
  return {
    held: isHeld,
    ...(result === undefined ? {} : { result }),
    conflicts: conflicts.map(showConflict),
    toOurs,
    toTheirs,
    ...(remarks.length > 0 ? { remarks } : {}),
  };
}
