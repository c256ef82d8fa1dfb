import { isUnchanged, type Ledger } from '../fields/ledger.ts';
import { type FieldSides, settleField } from '../fields/settle-field.ts';
import type { FieldRules } from '../rules/field-rules.ts';
import type { ListSpec } from '../rules/list-spec.ts';
import { refuseTooDeep } from '../values/depth-limit.ts';
import { isJsonList, type Maybe } from '../values/json-members.ts';
import { isSameJson } from '../values/same-json.ts';
import { indexSides } from './list-sides.ts';
import { type MergeElement, mergeKeyedList } from './merge-keyed-list.ts';
import { mergeValueSet } from './merge-value-set.ts';

/**
 * Merges a declared list, which at least one side has, as a map of its elements. Where one side has no list, or elements cannot be told
 * apart, it is merged as one field instead, so that no element is dropped.
 */
export function mergeList(
  ledger: Ledger,
  rules: FieldRules,
  spec: ListSpec,
  sides: FieldSides,
  mergeElement: MergeElement,
): Maybe {
  refuseTooDeep(ledger.path.length, ledger.path);
  const { base, ours, theirs } = sides;
  if (isSameJson(ours, theirs, false, ledger.path)) {
    if (!isUnchanged(ledger, rules, base, ours)) ledger.hasBaseMoved = true;
    return ours;
  }
  const lists = indexSides(ledger, spec, sides);
  if (lists === undefined) return settleField(ledger, rules, sides, false);
  if (!isJsonList(base)) ledger.hasBaseMoved = true;
  if (spec !== 'set') return mergeKeyedList(ledger, rules, spec, sides, lists, mergeElement);
  // A set is one field: what is always taken from a side is taken whole, and has no fields below.
  if (rules.always !== undefined) return settleField(ledger, rules, sides, false);
  return mergeValueSet(ledger, rules, sides, lists);
}
