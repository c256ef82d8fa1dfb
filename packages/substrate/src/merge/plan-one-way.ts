import type { JsonObject } from '../json/json-value.ts';

/** A record as one side has it: its value, and the hash that stands for the value without its volatile members. */
export interface HashedRecord {
  readonly value: JsonObject;
  readonly hash: string;
}

/** What follows for our side. */
export type RecordPlan =
  | { readonly action: 'create'; readonly after: HashedRecord }
  | { readonly action: 'update'; readonly before: JsonObject; readonly after: HashedRecord }
  | { readonly action: 'delete'; readonly before: JsonObject }
  | { readonly action: 'none' };

/**
 * Pure. The merge where only theirs counts: our record becomes theirs, absence included. It stands where the three-way merge will, and
 * plans in the same words.
 */
export function planOneWay(ours: HashedRecord | undefined, theirs: HashedRecord | undefined): RecordPlan {
  if (ours === undefined)
    return theirs === undefined ? { action: 'none' } : { action: 'create', after: theirs };
  if (theirs === undefined) return { action: 'delete', before: ours.value };
  if (ours.hash === theirs.hash) return { action: 'none' };
  return { action: 'update', before: ours.value, after: theirs };
}
