import type { JsonValue } from '../json/json-value.ts';
import { findLeader, orderElements } from './element-order.ts';
import type { FieldRules } from './field-rules.ts';
import type { Maybe } from './json-members.ts';
import type { Ledger } from './ledger.ts';
import { type ListSides, ordersOf } from './list-sides.ts';
import { joinLines } from './plan-lines.ts';
import type { FieldSides } from './settle-field.ts';

/** Merges a list that is a set: what a side added is in, what a side removed is out. That never conflicts, and is one line a side. */
export function mergeValueSet(ledger: Ledger, rules: FieldRules, sides: FieldSides, lists: ListSides): Maybe {
  const { base, ours, theirs } = lists;
  const isKept = (segment: string) => (ours.has(segment) && theirs.has(segment)) || !base.has(segment);
  const orders = ordersOf(lists);
  const leader = findLeader(orders, isKept);
  const order = orderElements(orders[leader], orders[leader === 'ours' ? 'theirs' : 'ours'], isKept);
  const merged = order.map((segment) => (ours.has(segment) ? ours : theirs).get(segment) as JsonValue);
  for (const [side, rule] of [
    ['ours', 'theirs changed'],
    ['theirs', 'ours changed'],
  ] as const)
    joinLines(ledger, rules, side, ledger.lines[side].length, { before: sides[side], after: merged }, rule);
  return merged;
}
