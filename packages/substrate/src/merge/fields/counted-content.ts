import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import { indexElements } from '../lists/element-index.ts';
import type { FieldRules } from '../rules/field-rules.ts';
import type { Side } from '../strategy.ts';
import { refuseTooDeep } from '../values/depth-limit.ts';
import { isJsonList, type Maybe, memberOf, objectOrNothing, setMember } from '../values/json-members.ts';
import { withoutAlwaysTaken } from './always-fields.ts';

/**
 * Pure. What of a value counts as changed, where the other side has something quite different: not the order of declared lists, which
 * never conflicts; and, where that side has nothing at all, not the fields that are always taken from it, at any depth, since it has
 * decided about those.
 */
export function countedContent(
  value: Maybe,
  rules: FieldRules,
  lacking: Side | undefined,
  nullIsAbsent: boolean,
  level = 0,
): Maybe {
  if (!rules.below.always && !rules.below.list && rules.list === undefined) return value;
  const visit = (inner: Maybe, innerRules: FieldRules, innerLevel: number) =>
    isJsonList(inner) ? countElements(inner, innerRules, lacking, nullIsAbsent, innerLevel) : inner;
  return withoutAlwaysTaken(value, rules, lacking, visit, level);
}

function countElements(
  list: readonly JsonValue[],
  rules: FieldRules,
  lacking: Side | undefined,
  nullIsAbsent: boolean,
  level: number,
): readonly JsonValue[] {
  refuseTooDeep(level, []);
  const { list: spec } = rules;
  const index = spec === undefined ? 'not declared' : indexElements(list, spec, nullIsAbsent);
  if (typeof index === 'string') return list;
  const elements = [...index].sort(([a], [b]) => (a < b ? -1 : 1));
  if (spec === undefined || spec === 'set') return elements.map(([, element]) => element);
  return elements.map(([identity, element]) => {
    const counted = countedContent(element, rules.child(identity), lacking, nullIsAbsent, level + 1);
    return withKey(objectOrNothing(counted), objectOrNothing(element), spec.key);
  });
}

/** Whatever is said of its members, the key tells an element from others. */
function withKey(counted: JsonObject = {}, element: JsonObject = {}, key: readonly string[]): JsonObject {
  const whole = { ...counted };
  for (const name of key) setMember(whole, name, memberOf(element, name));
  return whole;
}
