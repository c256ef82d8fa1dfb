import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import { indexElements } from '../lists/element-index.ts';
import type { FieldRules } from '../rules/field-rules.ts';
import { refuseTooDeep } from '../values/depth-limit.ts';
import { isJsonList, type Maybe, setMember } from '../values/json-members.ts';
import { withoutNulls } from '../values/without-nulls.ts';

/** Pure. Whether two values here may differ in JSON and yet no change be seen, null that is absent aside. */
export function hasSilent({ below, list }: FieldRules): boolean {
  return below.volatile || below.set || list === 'set';
}

/**
 * Pure. The value without what no change is seen in: volatile fields, the order of sets and, where null counts as absent, members that
 * are null. Shares with the value what has none of these. Inside a set nothing is volatile: there, an element is told from others by all
 * that it is.
 */
export function withoutSilent(value: JsonValue, rules: FieldRules, nullIsAbsent: boolean): JsonValue {
  return strip(value, rules, nullIsAbsent, []);
}

function strip(value: JsonValue, rules: FieldRules, nulls: boolean, path: string[]): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (!nulls && !hasSilent(rules)) return value;
  refuseTooDeep(path.length, path);
  return isJsonList(value) ? stripList(value, rules, nulls, path) : stripObject(value, rules, nulls, path);
}

function stripMember(
  member: JsonValue,
  rules: FieldRules,
  nulls: boolean,
  name: string,
  path: string[],
): Maybe {
  if (rules.isVolatile) return undefined;
  path.push(name);
  const stripped = strip(member, rules, nulls, path);
  path.pop();
  return stripped;
}

function stripObject(object: JsonObject, rules: FieldRules, nulls: boolean, path: string[]): JsonObject {
  const names = Object.keys(object);
  let kept: Record<string, JsonValue> | undefined;
  for (const [index, name] of names.entries()) {
    const member = object[name] as JsonValue;
    const isNull = nulls && member === null;
    const stripped = isNull ? undefined : stripMember(member, rules.child(name), nulls, name, path);
    if (kept === undefined && stripped !== member) kept = firstMembers(object, names, index);
    if (kept !== undefined && stripped !== undefined) setMember(kept, name, stripped);
  }
  return kept ?? object;
}

/** Built up instead of copied and cut down: an object that lost a member is slow in V8 ever after. */
function firstMembers(
  object: JsonObject,
  names: readonly string[],
  count: number,
): Record<string, JsonValue> {
  const first: Record<string, JsonValue> = {};
  for (let index = 0; index < count; index++) {
    const name = names[index] as string;
    setMember(first, name, object[name]);
  }
  return first;
}

function stripList(
  list: readonly JsonValue[],
  rules: FieldRules,
  nulls: boolean,
  path: string[],
): readonly JsonValue[] {
  if (rules.list === 'set') return stripSet(list, nulls);
  const identities = hasSilent(rules) ? identitiesOf(list, rules, nulls) : undefined;
  const stripped = list.map((element, index) => {
    const name = identities?.[index] ?? String(index);
    return stripMember(element, rules.child(name), nulls, name, path);
  });
  const isWhole = stripped.every((element, index) => element === list[index]);
  return isWhole ? list : stripped.filter((element) => element !== undefined);
}

/** In one order, whatever the list's; what comes twice makes it a list like others. */
function stripSet(list: readonly JsonValue[], nulls: boolean): readonly JsonValue[] {
  const values = nulls ? list.map(withoutNulls) : list;
  const index = indexElements(values, 'set', false);
  if (typeof index === 'string') return values;
  return [...index].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}

/** By what rules know the elements: their keys, where the list is declared and keeps to it. */
function identitiesOf(
  list: readonly JsonValue[],
  { list: spec }: FieldRules,
  nulls: boolean,
): string[] | undefined {
  const index = spec === undefined ? 'not declared' : indexElements(list, spec, nulls);
  return typeof index === 'string' ? undefined : [...index.keys()];
}
