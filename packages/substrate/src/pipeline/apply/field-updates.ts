import type { PlanLine } from '../../merge/plan.ts';
import type { RunEntityType } from '../../store/runs.ts';

/** In how many records a field was changed, by JSON Pointer. */
export type FieldUpdates = Map<string, number>;

/** So many fields are counted of an entity type: what changes in every record is among the first ones, however many others there are. */
const mostFields = 64;
/** A longer one is of no setting, and the row is written again with each slice. Characters. */
const longestPointer = 500;

/** Counts the fields in which our side of one record is updated. */
export function countUpdatedFields(updates: FieldUpdates, toOurs: readonly PlanLine[]): void {
  for (const { action, pointer } of toOurs)
    if (action === 'update' && pointer.length <= longestPointer)
      updates.set(pointer, (updates.get(pointer) ?? 0) + 1);
}

/** The progress with these added; of too many fields, those that change most are kept. */
export function withFieldUpdates(progress: RunEntityType, updates: FieldUpdates): RunEntityType {
  if (updates.size === 0) return progress;
  const sums = new Map(Object.entries(progress.fieldUpdates));
  for (const [pointer, count] of updates) sums.set(pointer, (sums.get(pointer) ?? 0) + count);
  const kept = sums.size <= mostFields ? [...sums] : [...sums].toSorted(([, a], [, b]) => b - a);
  return { ...progress, fieldUpdates: Object.fromEntries(kept.slice(0, mostFields)) };
}
