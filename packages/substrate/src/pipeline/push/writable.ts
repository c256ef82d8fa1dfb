import { canonicalJson } from '../../json/canonical-json.ts';
import type { JsonObject } from '../../json/json-value.ts';
import type { PlanLine, RecordMerge } from '../../merge/merge-record.ts';
import type { Action } from '../../settings/safety-limits.ts';
import type { Push } from '../../store/pushes.ts';
import type { Run } from '../../store/runs.ts';
import type { Entity } from '../../vendor/define-entity.ts';

interface Merged {
  readonly merge: RecordMerge;
}

/** Pure. Whether the merge has something for the vendor that the vendor takes. */
export function isWritable(entity: Entity, merged: Merged): boolean {
  return writableLines(entity, merged).length > 0;
}

/** Pure. What of the merge's lines for the vendor the vendor takes. */
export function writableLines({ write }: Entity, { merge }: Merged): readonly PlanLine[] {
  if (write === undefined || merge.isHeld) return [];
  return merge.toTheirs.filter(({ action, pointer }) => {
    // A created or deleted record is one line; a vendor that takes neither says so in the outcome.
    if (action !== 'update') return true;
    return write.members.some((member) => pointer === `/${member}` || pointer.startsWith(`/${member}/`));
  });
}

/** Pure. What is to be done at the vendor. Only for what `isWritable`. */
export function writtenAction({ merge }: Merged): Action {
  return merge.toTheirs[0]?.action ?? 'update';
}

/** Pure. Whether the vendor gives a record that is written so an id of its own. */
export function isAssigned({ write }: Entity, { action }: Pick<Push, 'action'>): boolean {
  return action === 'create' && write?.assignment !== undefined;
}

const everyAction: readonly Action[] = ['create', 'update', 'delete'];
const usualBatch = 200;
/** As many as are applied in one chunk. */
const largestBatch = 250;

/**
 * Pure. Whether such a write goes into an upload. Where somebody has asked for single records it does only if there is no other way: he waits
 * for them.
 */
export function isBatched(
  { recordIds, reverts }: Pick<Run, 'recordIds' | 'reverts'>,
  { write }: Entity,
  action: Action,
): boolean {
  if (write?.batch === undefined || !(write.batch.actions ?? everyAction).includes(action)) return false;
  const single = { create: write.create, update: write.update, delete: write.remove }[action];
  return single === undefined || (recordIds.length === 0 && reverts === null);
}

/** Pure. Records in one upload at most. */
export function batchSize({ write }: Entity): number {
  return Math.min(write?.batch?.size ?? usualBatch, largestBatch);
}

/** Pure. Of the members that the vendor takes, those that the write changes there; of a deletion none. */
export function changedMembers({ write }: Entity, { before, after }: Pick<Push, 'before' | 'after'>) {
  if (write === undefined || after === null) return [];
  return write.members.filter((member) => textOf(before, member) !== textOf(after, member));
}

function textOf(value: JsonObject | null, member: string): string | undefined {
  return value !== null && Object.hasOwn(value, member) ? canonicalJson(value[member]) : undefined;
}
