import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import { refuseTooDeep } from './depth-limit.ts';
import { indexElements } from './element-index.ts';
import type { FieldRules } from './field-rules.ts';
import { isGone, isJsonList, type Maybe, memberOf, setMember } from './json-members.ts';
import type { Side } from './strategy.ts';

/** Pure. Whether `side`'s object has a field, at any depth of objects, that is always taken from that side. */
export function hasAlwaysTaken(
  object: JsonObject,
  rules: FieldRules,
  side: Side,
  nullIsAbsent: boolean,
  level = 0,
): boolean {
  refuseTooDeep(level, []);
  return Object.keys(object).some((name) => {
    const member = memberOf(object, name);
    const child = rules.child(name);
    if (child.isVolatile || isGone(member, nullIsAbsent)) return false;
    if (child.always === side) return true;
    return (
      child.below.always &&
      isJsonObject(member) &&
      hasAlwaysTaken(member, child, side, nullIsAbsent, level + 1)
    );
  });
}

/**
 * Pure. A value without the fields that are always taken from `side`, which has nothing there, so that they count for nothing.
 * `inLists`: also within the elements of keyed lists.
 */
export function withoutAlwaysTaken(
  value: Maybe,
  rules: FieldRules,
  side: Side,
  inLists: boolean,
  level = 0,
): Maybe {
  if (!rules.below.strategy && rules.always !== side) return value;
  if (isJsonObject(value)) return dropMembers(value, rules, side, inLists, level);
  return inLists && isJsonList(value) ? dropInElements(value, rules, side, level) : value;
}

function dropMembers(
  object: JsonObject,
  rules: FieldRules,
  side: Side,
  inLists: boolean,
  level: number,
): JsonObject {
  refuseTooDeep(level, []);
  const kept: Record<string, JsonValue> = {};
  for (const name of Object.keys(object)) {
    const child = rules.child(name);
    const member = withoutAlwaysTaken(memberOf(object, name), child, side, inLists, level + 1);
    if (child.always !== side || hasExceptions(member, child)) setMember(kept, name, member);
  }
  return kept;
}

/** Of an object that is always taken from the other side, what has a strategy of its own is left. */
function hasExceptions(member: Maybe, { below }: FieldRules): boolean {
  return below.strategy && isJsonObject(member) && Object.keys(member).length > 0;
}

function dropInElements(
  list: readonly JsonValue[],
  rules: FieldRules,
  side: Side,
  level: number,
): readonly JsonValue[] {
  refuseTooDeep(level, []);
  const index =
    rules.list === undefined || rules.list === 'set' ? '' : indexElements(list, rules.list, false);
  if (typeof index === 'string') return list;
  return [...index].map(
    ([segment, element]) =>
      withoutAlwaysTaken(element, rules.child(segment), side, true, level + 1) ?? element,
  );
}
