import { isJsonObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { mergeList } from '../lists/merge-list.ts';
import type { FieldRules } from '../rules/field-rules.ts';
import { refuseTooDeep } from '../values/depth-limit.ts';
import {
  isGone,
  isJsonList,
  type Maybe,
  memberOf,
  objectOrNothing,
  setMember,
} from '../values/json-members.ts';
import { hasAlwaysTaken } from './always-fields.ts';
import { listCandidates } from './candidate-names.ts';
import type { Ledger } from './ledger.ts';
import { joinLines } from './plan-lines.ts';
import { type FieldSides, settleField } from './settle-field.ts';

/** Merges the field that the ledger stands at: objects by member, declared lists by element, anything else as a whole. */
export function mergeField(ledger: Ledger, rules: FieldRules, sides: FieldSides): Maybe {
  const { base, ours, theirs } = sides;
  if (isJsonObject(ours) && isJsonObject(theirs))
    return mergeMembers(ledger, rules, objectOrNothing(base), ours, theirs);
  if (rules.list !== undefined && (isJsonList(ours) || isJsonList(theirs)))
    return mergeList(ledger, rules, rules.list, sides, mergeUnit);
  if (rules.below.strategy && staysObject(ledger, rules, sides))
    return mergeAgainstNothing(ledger, rules, sides);
  return settleField(ledger, rules, sides, false);
}

/** Merges a record, or an element of a list: it is there or it is not, before its fields count. */
export function mergeUnit(ledger: Ledger, rules: FieldRules, sides: FieldSides): Maybe {
  const hasBoth = sides.ours !== undefined && sides.theirs !== undefined;
  return hasBoth ? mergeField(ledger, rules, sides) : settleField(ledger, rules, sides, true);
}

/** Merges objects by member; undefined: the side has none here. Returns ours itself where the result is just that. */
function mergeMembers(
  ledger: Ledger,
  rules: FieldRules,
  base: JsonObject | undefined,
  ours: JsonObject | undefined,
  theirs: JsonObject | undefined,
): JsonObject {
  refuseTooDeep(ledger.path.length, ledger.path);
  if (base === undefined) ledger.hasBaseMoved = true;
  const b = base ?? empty;
  const o = ours ?? empty;
  const t = theirs ?? empty;
  let merged: Record<string, JsonValue> | undefined;
  for (const name of listCandidates(b, o, t, ledger.path)) {
    const child = rules.child(name);
    const member = { base: memberOf(b, name), ours: memberOf(o, name), theirs: memberOf(t, name) };
    const result = child.isVolatile
      ? member[theirs === undefined ? 'ours' : 'theirs']
      : mergeMember(ledger, child, name, member);
    if (result === member.ours) continue;
    merged ??= { ...o };
    setMember(merged, name, result);
  }
  return merged ?? o;
}

const empty: JsonObject = Object.freeze({});

function mergeMember(ledger: Ledger, rules: FieldRules, name: string, sides: FieldSides): Maybe {
  ledger.path.push(name);
  const result = mergeField(ledger, rules, sides);
  ledger.path.pop();
  return result;
}

/**
 * Whether an object that one side lacks is merged by member all the same: since it holds a field that is always taken from the side that
 * has it, or since it is always taken from a side, but for fields with strategies of their own.
 */
function staysObject(ledger: Ledger, rules: FieldRules, { ours, theirs }: FieldSides): boolean {
  const { nullIsAbsent } = ledger;
  if (!isJsonObject(ours) && !isJsonObject(theirs)) return false;
  if (isJsonObject(ours) && hasAlwaysTaken(ours, rules, 'ours', nullIsAbsent)) return true;
  if (isJsonObject(theirs) && hasAlwaysTaken(theirs, rules, 'theirs', nullIsAbsent)) return true;
  if (rules.always === undefined) return false;
  const always = rules.always === 'ours' ? ours : theirs;
  return isJsonObject(always) || isGone(always, nullIsAbsent);
}

/** As if the side without an object had an empty one; its lines are then one, for the object as a whole. */
function mergeAgainstNothing(ledger: Ledger, rules: FieldRules, sides: FieldSides): Maybe {
  const { base, ours, theirs } = sides;
  const marks = { ours: ledger.lines.ours.length, theirs: ledger.lines.theirs.length };
  const members = mergeMembers(
    ledger,
    rules,
    objectOrNothing(base),
    objectOrNothing(ours),
    objectOrNothing(theirs),
  );
  const isThere =
    rules.always === undefined || isJsonObject(sides[rules.always]) || hasFields(ledger, rules, members);
  const result = isThere ? members : sides[rules.always];
  for (const side of ['ours', 'theirs'] as const) {
    if (isJsonObject(sides[side]) && isJsonObject(result)) continue;
    joinLines(ledger, rules, side, marks[side], { before: sides[side], after: result });
  }
  return result;
}

/** Whether an object has anything in which a change would be seen. */
function hasFields({ nullIsAbsent }: Ledger, rules: FieldRules, object: JsonObject): boolean {
  return Object.keys(object).some(
    (name) => !isGone(memberOf(object, name), nullIsAbsent) && !rules.child(name).isVolatile,
  );
}
