import { refuseTooDeep } from './depth-limit.ts';
import type { FieldRules } from './field-rules.ts';
import { isJsonList, type Maybe } from './json-members.ts';
import { isUnchanged, type Ledger } from './ledger.ts';
import { indexSides } from './list-sides.ts';
import type { ListSpec } from './list-spec.ts';
import { type MergeElement, mergeKeyedList } from './merge-keyed-list.ts';
import { mergeValueSet } from './merge-value-set.ts';
import { isSameJson } from './same-json.ts';
import { type FieldSides, settleField } from './settle-field.ts';

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
