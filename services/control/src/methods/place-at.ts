import type { JsonValue } from '@flotilla/substrate/json/json-value';
import { type ElementIndex, indexElements } from '@flotilla/substrate/merge/lists/element-index';
import { segmentsOf } from '@flotilla/substrate/merge/lists/element-segments';
import type { RecordRules } from '@flotilla/substrate/merge/merge-rules';
import type { FieldRules } from '@flotilla/substrate/merge/rules/field-rules';
import {
  isJsonList,
  memberOf,
  objectOrNothing,
  setMember,
} from '@flotilla/substrate/merge/values/json-members';

/**
 * Pure. The value with another one (or none) at a conflict's pointer, in which an element of a keyed list goes by its key; undefined where
 * there is no such place.
 */
export function placeAt(
  value: JsonValue,
  pointer: string,
  placed: JsonValue | undefined,
  { fields, nullIsAbsent }: RecordRules,
): JsonValue | undefined {
  return place(value, segmentsIn(pointer), placed, fields, nullIsAbsent);
}

/** Pure. What stands at a pointer; undefined: nothing does. */
export function findAt(
  value: JsonValue | undefined,
  pointer: string,
  { fields, nullIsAbsent }: RecordRules,
): JsonValue | undefined {
  let found = value;
  let rules = fields;
  for (const segment of segmentsIn(pointer)) {
    if (isJsonList(found)) {
      const elements = rules.list === undefined ? 'unknown' : indexElements(found, rules.list, nullIsAbsent);
      if (typeof elements === 'string') return undefined;
      const identity = identityAt(elements, segment);
      found = elements.get(identity);
      rules = rules.child(identity);
    } else {
      const object = objectOrNothing(found);
      found = object === undefined ? undefined : memberOf(object, segment);
      rules = rules.child(segment);
    }
  }
  return found;
}

function segmentsIn(pointer: string): readonly string[] {
  const segments = pointer.split('/').slice(1);
  return segments.map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

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
