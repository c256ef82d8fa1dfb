import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import { mergeRecord, type RecordMerge } from '@flotilla/substrate/merge/merge-record';
import { compileSettings, type RecordRules } from '@flotilla/substrate/merge/merge-rules';
import { objectOrNothing } from '@flotilla/substrate/merge/values/json-members';
import type { EntityType } from '@flotilla/substrate/model';
import {
  type IntegrationSettings,
  mergeSettingsFor,
} from '@flotilla/substrate/settings/integration-settings';
import type { StoredConflict, StoredRecord } from '@flotilla/substrate/store';
import { placeAt } from './place-at.ts';

export type Choice = 'ours' | 'theirs' | { readonly value: JsonValue };

/**
 * Pure. Merges a record as the next run will, as far as it is known here: ours, in which the other side and base have in the place of the
 * conflict what they had when it was found. Undefined where that cannot be said any more: the settings say otherwise of the place, or
 * the record has changed. Fails with `invalid_params` for a value that cannot stand there.
 */
export function tryDecision(
  conflict: StoredConflict,
  stored: StoredRecord | undefined,
  settings: IntegrationSettings,
  choice: Choice,
): RecordMerge | undefined {
  const rules = compileSettings(mergeSettingsFor(settings, conflict.entityType as EntityType));
  const recordRules = rules.forRecord(conflict.recordId);
  const sides = sidesOf(conflict, stored, recordRules);
  if (sides === undefined) return undefined;
  const { pointer, inputs } = conflict;
  const merged = mergeRecord(sides, recordRules, [{ pointer, inputs, choice }]);
  return merged.isHeld || merged.stale.length > 0 ? undefined : merged;
}

interface Sides {
  readonly base?: JsonObject | undefined;
  readonly ours?: JsonObject | undefined;
  readonly theirs?: JsonObject | undefined;
}

function sidesOf(
  { pointer, sides }: StoredConflict,
  stored: StoredRecord | undefined,
  rules: RecordRules,
): Sides | undefined {
  if (pointer === '') {
    return {
      base: objectOrNothing(sides.base),
      ours: objectOrNothing(sides.ours),
      theirs: objectOrNothing(sides.theirs),
    };
  }
  const ours = stored?.value ?? undefined;
  if (ours === undefined) return undefined;
  const base = placeAt(ours, pointer, sides.base, rules);
  const theirs = placeAt(ours, pointer, sides.theirs, rules);
  if (base === undefined || theirs === undefined) return undefined;
  return { base: objectOrNothing(base), ours, theirs: objectOrNothing(theirs) };
}
