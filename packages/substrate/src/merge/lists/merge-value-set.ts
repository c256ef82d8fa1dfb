import type { JsonValue } from '../../json/json-value.ts';
import { isUnchanged, type Ledger } from '../fields/ledger.ts';
import { joinLines } from '../fields/plan-lines.ts';
import type { FieldSides } from '../fields/settle-field.ts';
import type { FieldRules } from '../rules/field-rules.ts';
import { sideOfResolution } from '../strategy.ts';
import type { Maybe } from '../values/json-members.ts';
import { findMover, orderElements } from './element-order.ts';
import { type ListSides, ordersOf } from './list-sides.ts';

/**
 * Merges a list that is a set: what a side added is in, what a side removed is out. That never conflicts, and is one line a side. The order
 * is that of a keyed list, though no difference is seen in it.
 */
export function mergeValueSet(ledger: Ledger, rules: FieldRules, sides: FieldSides, lists: ListSides): Maybe {
  const { base, ours, theirs } = lists;
  const isKept = (identity: string) => (ours.has(identity) && theirs.has(identity)) || !base.has(identity);
  const orders = ordersOf(lists);
  const leader = findMover(orders, isKept) ?? sideOfResolution(rules.strategy) ?? 'ours';
  const order = orderElements(orders[leader], orders[leader === 'ours' ? 'theirs' : 'ours'], isKept);
  const merged = order.map((identity) => (ours.has(identity) ? ours : theirs).get(identity) as JsonValue);
  if (!isUnchanged(ledger, rules, sides.base, merged)) ledger.hasBaseMoved = true;
  for (const [side, rule] of [
    ['ours', 'theirs changed'],
    ['theirs', 'ours changed'],
  ] as const)
    joinLines(ledger, rules, side, ledger.lines[side].length, { before: sides[side], after: merged }, rule);
  return merged;
}
