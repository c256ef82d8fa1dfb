import { jsonPointer } from '../../json/canonical-json.ts';
import type { Conflict } from '../conflict.ts';
import type { Decision } from '../decision.ts';
import type { MergeRemark, PlanLine } from '../plan.ts';
import type { FieldRules } from '../rules/field-rules.ts';
import type { Side } from '../strategy.ts';
import { isGone, type Maybe } from '../values/json-members.ts';
import { isSameJson } from '../values/same-json.ts';
import { hasSilent, withoutSilent } from './silent-fields.ts';

/** What one record's merge has found so far, and where it stands. */
export interface Ledger {
  /** The segments from the record to the field that is being merged. */
  readonly path: string[];
  readonly nullIsAbsent: boolean;
  readonly decisions: readonly Decision[];
  /** Pointers of conflicts that a decision has settled. */
  readonly decided: string[];
  readonly conflicts: Conflict[];
  /** What each side lacks to be the result. */
  readonly lines: Readonly<Record<Side, PlanLine[]>>;
  readonly remarks: MergeRemark[];
  /** Somewhere both sides agree and base has something else. */
  hasBaseMoved: boolean;
}

/** Pure. An empty ledger, at the record as a whole. */
export function openLedger(nullIsAbsent: boolean, decisions: readonly Decision[]): Ledger {
  return {
    path: [],
    nullIsAbsent,
    decisions,
    decided: [],
    conflicts: [],
    lines: { ours: [], theirs: [] },
    remarks: [],
    hasBaseMoved: false,
  };
}

export function pointerOf({ path }: Ledger): string {
  return jsonPointer(path);
}

/** Whether no change is seen between two values of the field that the ledger stands at. */
export function isUnchanged(ledger: Ledger, rules: FieldRules, a: Maybe, b: Maybe): boolean {
  if (a === b) return true;
  const { nullIsAbsent, path } = ledger;
  if (isGone(a, nullIsAbsent) || isGone(b, nullIsAbsent))
    return isGone(a, nullIsAbsent) && isGone(b, nullIsAbsent);
  if (!hasSilent(rules)) return isSameJson(a, b, nullIsAbsent, path);
  const [left, right] = [withoutSilent(a, rules, nullIsAbsent), withoutSilent(b, rules, nullIsAbsent)];
  return isSameJson(left, right, false, path);
}
