import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import { type ElementIndex, indexElements } from '@flotilla/substrate/merge/lists/element-index';
import { segmentsOf } from '@flotilla/substrate/merge/lists/element-segments';
import { mergeRecord, type RecordMerge } from '@flotilla/substrate/merge/merge-record';
import { compileSettings, type RecordRules } from '@flotilla/substrate/merge/merge-rules';
import type { FieldRules } from '@flotilla/substrate/merge/rules/field-rules';
import {
  isJsonList,
  memberOf,
  objectOrNothing,
  setMember,
} from '@flotilla/substrate/merge/values/json-members';
import type { EntityType } from '@flotilla/substrate/model';
import {
  type IntegrationSettings,
  mergeSettingsFor,
} from '@flotilla/substrate/settings/integration-settings';
import type { StoredConflict, StoredRecord } from '@flotilla/substrate/store';

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
  const segments = pointer.split('/').slice(1);
  const path = segments.map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
  const base = place(ours, path, sides.base, rules.fields, rules.nullIsAbsent);
  const theirs = place(ours, path, sides.theirs, rules.fields, rules.nullIsAbsent);
  if (base === undefined || theirs === undefined) return undefined;
  return { base: objectOrNothing(base), ours, theirs: objectOrNothing(theirs) };
}

/** The value with another one at a place, or with none; undefined where there is no such place. */
function place(
  value: JsonValue,
  [segment, ...rest]: readonly string[],
  placed: JsonValue | undefined,
  rules: FieldRules,
  nullIsAbsent: boolean,
): JsonValue | undefined {
  if (segment === undefined) return placed;
  const isLast = rest.length === 0;
  if (isJsonList(value)) {
    const elements = rules.list === undefined ? 'unknown' : indexElements(value, rules.list, nullIsAbsent);
    if (typeof elements === 'string') return undefined;
    const identity = identityAt(elements, segment);
    const element = elements.get(identity);
    if (element === undefined && !isLast) return undefined;
    const changed =
      element === undefined || isLast
        ? placed
        : place(element, rest, placed, rules.child(identity), nullIsAbsent);
    if (changed === undefined && !isLast) return undefined;
    if (element === undefined) return changed === undefined ? value : [...value, changed];
    return value.flatMap((each) => (each === element ? (changed === undefined ? [] : [changed]) : [each]));
  }
  const object = objectOrNothing(value);
  if (object === undefined) return undefined;
  const member = memberOf(object, segment);
  if (member === undefined && !isLast) return undefined;
  const changed =
    member === undefined || isLast ? placed : place(member, rest, placed, rules.child(segment), nullIsAbsent);
  if (changed === undefined && !isLast) return undefined;
  const copy: Record<string, JsonValue> = { ...object };
  setMember(copy, segment, changed);
  return copy;
}

/** What tells the element apart that goes by this segment; a text that is quoted for an element which ours lacks is its own JSON. */
function identityAt(elements: ElementIndex, segment: string): string {
  const segmentOf = segmentsOf(new Set(elements.keys()));
  return [...elements.keys()].find((identity) => segmentOf(identity) === segment) ?? segment;
}
