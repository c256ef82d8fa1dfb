import { Failure } from '../../failure/failure.ts';
import type { JsonValue } from '../../json/json-value.ts';
import { type Ledger, pointerOf } from '../fields/ledger.ts';
import { joinLines } from '../fields/plan-lines.ts';
import type { FieldSides } from '../fields/settle-field.ts';
import type { FieldRules } from '../rules/field-rules.ts';
import type { KeyedList } from '../rules/list-spec.ts';
import { sideOfResolution } from '../strategy.ts';
import { isJsonList, type Maybe } from '../values/json-members.ts';
import { indexElements } from './element-index.ts';
import { findMover, isSameOrder, orderElements } from './element-order.ts';
import { segmentsOf } from './element-segments.ts';
import { type ListSides, ordersOf } from './list-sides.ts';

/** Merges an element, of which each side has one or none; the ledger stands at it. Undefined: none is left. */
export type MergeElement = (ledger: Ledger, rules: FieldRules, sides: FieldSides) => Maybe;

/** Merges a list as a map by key, and its order; returns ours itself where the result is just that. */
export function mergeKeyedList(
  ledger: Ledger,
  rules: FieldRules,
  spec: KeyedList,
  sides: FieldSides,
  lists: ListSides,
  mergeElement: MergeElement,
): Maybe {
  const marks = { ours: ledger.lines.ours.length, theirs: ledger.lines.theirs.length };
  const elements = mergeElements(ledger, rules, spec, lists, mergeElement);
  const isKept = (identity: string) => elements.has(identity);
  const orders = ordersOf(lists);
  const mover = findMover(orders, isKept);
  const chosen = rules.always ?? (mover === undefined ? sideOfResolution(rules.strategy) : undefined);
  const leader = chosen ?? mover ?? 'ours';
  const order = orderElements(orders[leader], orders[leader === 'ours' ? 'theirs' : 'ours'], isKept);
  const merged = listInOrder(order, elements, sides.ours);

  // Where a volatile element stands is of no account either.
  const seen = rules.below.volatile ? order.filter((identity) => !rules.child(identity).isVolatile) : order;
  if (!isSameOrder(seen, orders.base)) ledger.hasBaseMoved = true;
  for (const side of ['ours', 'theirs'] as const) {
    if (isSameOrder(seen, orders[side])) continue;
    const rule = chosen === undefined ? `${leader} changed` : rules.because;
    joinLines(ledger, rules, side, marks[side], { before: sides[side], after: merged }, rule);
  }
  return merged;
}

function mergeElements(
  ledger: Ledger,
  rules: FieldRules,
  spec: KeyedList,
  { base, ours, theirs }: ListSides,
  mergeElement: MergeElement,
): ReadonlyMap<string, JsonValue> {
  const elements = new Map<string, JsonValue>();
  const identities = new Set([...ours.keys(), ...theirs.keys(), ...base.keys()]);
  const segmentOf = segmentsOf(identities);
  for (const identity of identities) {
    const sides = { base: base.get(identity), ours: ours.get(identity), theirs: theirs.get(identity) };
    const child = rules.child(identity);
    ledger.path.push(segmentOf(identity));
    const element = child.isVolatile ? sides.theirs : mergeElement(ledger, child, sides);
    if (element !== undefined) {
      if (ledger.decisions.length > 0) refuseOtherKey(ledger, spec, identity, element);
      elements.set(identity, element);
    }
    ledger.path.pop();
  }
  return elements;
}

/** A decided value under another key would be another element, and the next merge would find this one gone. */
function refuseOtherKey(ledger: Ledger, spec: KeyedList, identity: string, element: JsonValue): void {
  const index = indexElements([element], spec, ledger.nullIsAbsent);
  if (typeof index !== 'string' && index.has(identity)) return;
  throw new Failure('invalid_params', 'What is decided for an element must keep its key', {
    data: { pointer: pointerOf(ledger), key: spec.key },
  });
}

function listInOrder(
  order: readonly string[],
  elements: ReadonlyMap<string, JsonValue>,
  ours: Maybe,
): readonly JsonValue[] {
  const merged = order.map((identity) => elements.get(identity) as JsonValue);
  const isOurs =
    isJsonList(ours) &&
    ours.length === merged.length &&
    merged.every((element, index) => element === ours[index]);
  return isOurs ? ours : merged;
}
