import type { JsonObject } from '../../json/json-value.ts';
import { mergeRecord, type RecordMerge } from '../../merge/merge-record.ts';
import type { RecordRules } from '../../merge/merge-rules.ts';
import { isSameJson } from '../../merge/values/same-json.ts';

/** What a run did to one record, on our side and at the vendor, as far as it did; null: no such record. */
export interface Effect {
  /** Ours before the first of its changes and after the last. */
  readonly change?: { readonly before: JsonObject | null; readonly after: JsonObject | null };
  /** Theirs before, what was to be written, and ours at that time. */
  readonly push?: {
    readonly action: string;
    readonly before: JsonObject | null;
    readonly after: JsonObject | null;
    readonly ours: JsonObject | null;
  };
  /** Of its last change. What changes the record after that is another's doing. */
  readonly sequence: number;
}

/**
 * Pure. Ours without what a run made of it: a three-way merge in which the run's result is what both sides last had in common, ours is one
 * side, and what there was before the run the other. So what others have changed since stays; where it is the same field it is a conflict.
 * `written` are the members that go to the vendor.
 */
export function undoEffect(
  ours: JsonObject | undefined,
  effect: Effect,
  written: readonly string[],
  rules: RecordRules,
): RecordMerge {
  const base = (effect.change === undefined ? effect.push?.after : effect.change.after) ?? undefined;
  return mergeRecord({ base, ours, theirs: valueBefore(effect, written) }, rules);
}

/** What ours would be had the run not been. */
function valueBefore({ change, push }: Effect, written: readonly string[]): JsonObject | undefined {
  const ours = (change === undefined ? push?.after : change.before) ?? undefined;
  if (push === undefined) return ours;
  // Under whatever id it was made.
  if (push.action === 'create') return undefined;
  if (push.action === 'delete') return ours ?? push.before ?? undefined;
  const [before, after, sent] = [push.before ?? {}, push.after ?? {}, push.ours ?? {}];
  // What went there was ours; what was not is in the changes of our side.
  const back = written.filter(
    (name) => !isSame(before, after, name) && isSame(sent, after, name) && ours !== undefined,
  );
  if (back.length === 0) return ours;
  const kept = Object.entries(ours ?? {}).filter(([name]) => !back.includes(name));
  const restored = Object.entries(before).filter(([name]) => back.includes(name));
  return Object.fromEntries([...kept, ...restored]);
}

function isSame(a: JsonObject, b: JsonObject, name: string): boolean {
  const [one, other] = [a, b].map((value) => (Object.hasOwn(value, name) ? value[name] : undefined));
  return isSameJson(one, other, false, []);
}

/** Pure. Both, one after the other. */
export function addEffects(first: Effect | undefined, then: Effect): Effect {
  if (first === undefined) return then;
  const change =
    first.change === undefined || then.change === undefined
      ? (first.change ?? then.change)
      : { before: first.change.before, after: then.change.after };
  const push = then.push ?? first.push;
  return {
    ...(change === undefined ? {} : { change }),
    ...(push === undefined ? {} : { push }),
    sequence: Math.max(first.sequence, then.sequence),
  };
}
