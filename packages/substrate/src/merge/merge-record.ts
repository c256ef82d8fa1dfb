import { canonicalJson } from '../json/canonical-json.ts';
import { digestJson } from '../json/digest.ts';
import type { JsonObject } from '../json/json-value.ts';
import type { Conflict, Decision } from './conflict.ts';
import type { RecordRules } from './merge-rules.ts';
import type { MergeRemark, PlanLine } from './plan.ts';
import { sideOfResolution } from './strategy.ts';

export type { Conflict, Decision } from './conflict.ts';
export type { MergeRemark, PlanLine } from './plan.ts';

/** Pure. A record as each side has it; undefined: the side has no such record. */
export interface RecordSides {
  readonly base?: JsonObject | undefined;
  readonly ours?: JsonObject | undefined;
  readonly theirs?: JsonObject | undefined;
}

export interface RecordMerge {
  /** Some conflict is left: nothing is planned, on either side. */
  readonly isHeld: boolean;
  /** Undefined: deleted, absent everywhere, or held. */
  readonly result: JsonObject | undefined;
  readonly conflicts: readonly Conflict[];
  /** What our side lacks to be the result; empty: nothing. */
  readonly toOurs: readonly PlanLine[];
  readonly toTheirs: readonly PlanLine[];
  /** Nothing is to be written on either side, but base is not what they agree on: only base moves. */
  readonly isAgreed: boolean;
  readonly remarks: readonly MergeRemark[];
  /** Pointers of decisions that were made on other inputs and were not applied. */
  readonly stale: readonly string[];
}

export function mergeRecord(
  sides: RecordSides,
  rules: RecordRules,
  decisions: readonly Decision[] = [],
): RecordMerge {
  void decisions;
  const { base, ours, theirs } = sides;
  const same = (a: JsonObject | undefined, b: JsonObject | undefined) =>
    a === b || (a !== undefined && b !== undefined && canonicalJson(a) === canonicalJson(b));
  const shared = { conflicts: [], remarks: [], stale: [], isHeld: false };
  if (same(ours, theirs))
    return { ...shared, result: ours, toOurs: [], toTheirs: [], isAgreed: !same(base, ours) };
  const winner = same(base, ours) ? 'theirs' : same(base, theirs) ? 'ours' : sideOfResolution(rules.strategy);
  if (winner === undefined) {
    const values = {
      ...(base === undefined ? {} : { base }),
      ...(ours === undefined ? {} : { ours }),
      ...(theirs === undefined ? {} : { theirs }),
    };
    const conflict: Conflict = {
      pointer: '',
      kind: base === undefined ? 'add/add' : ours && theirs ? 'modify/modify' : 'delete/modify',
      ...values,
      inputs: digestJson(values),
      rule: 'manual (default)',
    };
    return {
      ...shared,
      isHeld: true,
      result: undefined,
      conflicts: [conflict],
      toOurs: [],
      toTheirs: [],
      isAgreed: false,
    };
  }
  const [before, after] = winner === 'ours' ? [theirs, ours] : [ours, theirs];
  const line: PlanLine = {
    action: before === undefined ? 'create' : after === undefined ? 'delete' : 'update',
    pointer: '',
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    rule: `${winner} changed`,
  };
  const toOurs = winner === 'theirs' ? [line] : [];
  const toTheirs = winner === 'ours' ? [line] : [];
  return { ...shared, result: after, toOurs, toTheirs, isAgreed: false };
}
