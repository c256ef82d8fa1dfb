import { isJsonObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import type { FieldRules } from '../rules/field-rules.ts';
import type { Side } from '../strategy.ts';
import { refuseTooDeep } from '../values/depth-limit.ts';
import { isGone, type Maybe, memberOf, setMember } from '../values/json-members.ts';

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
    if (!child.below.always || !isJsonObject(member)) return false;
    return hasAlwaysTaken(member, child, side, nullIsAbsent, level + 1);
  });
}

/**
 * Pure. A value without the fields that are always taken from `side`, which has nothing there. `visit` is asked what becomes of a value
 * that is no object.
 */
export function withoutAlwaysTaken(
  value: Maybe,
  rules: FieldRules,
  side: Side | undefined,
  visit: (value: Maybe, rules: FieldRules, level: number) => Maybe = asItIs,
  level = 0,
): Maybe {
  if (!isJsonObject(value)) return visit(value, rules, level);
  refuseTooDeep(level, []);
  const kept: Record<string, JsonValue> = {};
  for (const name of Object.keys(value)) {
    const child = rules.child(name);
    const member = withoutAlwaysTaken(memberOf(value, name), child, side, visit, level + 1);
    if (isKept(member, child, side)) setMember(kept, name, member);
  }
  return kept;
}

function asItIs(value: Maybe): Maybe {
  return value;
}

/** What is volatile is taken from theirs, whatever else is said of it; of an object, what has a strategy of its own is left. */
function isKept(member: Maybe, { always, below, isVolatile }: FieldRules, side: Side | undefined): boolean {
  if (side === undefined || always !== side || isVolatile) return true;
  return below.strategy && isJsonObject(member) && Object.keys(member).length > 0;
}
