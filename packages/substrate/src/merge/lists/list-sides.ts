import { type Ledger, pointerOf } from '../fields/ledger.ts';
import type { FieldSides } from '../fields/settle-field.ts';
import type { MergeRemark } from '../plan.ts';
import type { ListSpec } from '../rules/list-spec.ts';
import { isJsonList } from '../values/json-members.ts';
import { type ElementIndex, indexElements } from './element-index.ts';
import type { ElementOrders } from './element-order.ts';

/** Pure. A declared list on the three sides, by what tells its elements apart. Base's is empty where base has something else. */
export interface ListSides {
  readonly base: ElementIndex;
  readonly ours: ElementIndex;
  readonly theirs: ElementIndex;
}

const noElements: ElementIndex = new Map();

/** The elements of all sides; undefined, with a remark that says why, where they cannot be told apart or a side has no list. */
export function indexSides(ledger: Ledger, spec: ListSpec, sides: FieldSides): ListSides | undefined {
  for (const side of ['ours', 'theirs'] as const) {
    const value = sides[side];
    if (isJsonList(value)) continue;
    // A list that one side lacks is there or not as a whole; only something else in its place is worth a remark.
    if (value !== undefined && value !== null) remark(ledger, 'not a list', side);
    return undefined;
  }
  const indexes = { base: noElements, ours: noElements, theirs: noElements };
  for (const side of ['base', 'ours', 'theirs'] as const) {
    const list = sides[side];
    if (!isJsonList(list)) continue;
    const index = indexElements(list, spec, ledger.nullIsAbsent);
    if (typeof index === 'string') {
      remark(ledger, index, side);
      return undefined;
    }
    indexes[side] = index;
  }
  return indexes;
}

function remark(ledger: Ledger, reason: MergeRemark['reason'], side: MergeRemark['side']): void {
  ledger.remarks.push({ pointer: pointerOf(ledger), reason, side });
}

/** What tells each side's elements apart, in its order. */
export function ordersOf({ base, ours, theirs }: ListSides): ElementOrders {
  return { base: [...base.keys()], ours: [...ours.keys()], theirs: [...theirs.keys()] };
}
