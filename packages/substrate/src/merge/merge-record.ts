import { Failure } from '../failure/failure.ts';
import { isJsonObject, type JsonObject } from '../json/json-value.ts';
import type { Conflict } from './conflict.ts';
import type { Decision } from './decision.ts';
import { type Ledger, openLedger } from './fields/ledger.ts';
import { mergeUnit } from './fields/merge-field.ts';
import type { RecordRules } from './merge-rules.ts';
import type { MergeRemark, PlanLine } from './plan.ts';
import type { FieldRules } from './rules/field-rules.ts';
import { describeKind } from './values/json-members.ts';

export type { Conflict } from './conflict.ts';
export type { Decision } from './decision.ts';
export type { MergeRemark, PlanLine } from './plan.ts';

/** A record as each side has it; undefined: the side has no such record. */
export interface RecordSides {
  readonly base?: JsonObject | undefined;
  readonly ours?: JsonObject | undefined;
  readonly theirs?: JsonObject | undefined;
}

export interface RecordMerge {
  /** Some conflict is left: nothing is planned, on either side. */
  readonly isHeld: boolean;
  /** Undefined: deleted, absent everywhere, or held. May share parts with the sides. */
  readonly result: JsonObject | undefined;
  readonly conflicts: readonly Conflict[];
  /** What our side lacks to be the result; empty: nothing. Like all lists here, ascending by pointer. */
  readonly toOurs: readonly PlanLine[];
  readonly toTheirs: readonly PlanLine[];
  /** Nothing is to be written on either side, but base is not what they agree on: only base moves. */
  readonly isAgreed: boolean;
  readonly remarks: readonly MergeRemark[];
  /** Pointers of decisions that were not applied: there is no such conflict, or it has other inputs. */
  readonly stale: readonly string[];
}

/**
 * Pure. Merges one record three ways, field by field. The sides are not changed and may be frozen. Fails with `invalid_params` where a
 * side is no object, where what has to be compared nests deeper than 200 levels, and where a decided value cannot stand at its pointer.
 */
export function mergeRecord(
  { base, ours, theirs }: RecordSides,
  rules: RecordRules,
  decisions: readonly Decision[] = [],
): RecordMerge {
  refuseOtherThanObject('base', base);
  refuseOtherThanObject('ours', ours);
  refuseOtherThanObject('theirs', theirs);
  const ledger = openLedger(rules.nullIsAbsent, decisions);
  const fields = isFirstMeeting(base, ours, theirs) ? withoutAlways(rules.fields) : rules.fields;
  const result = mergeUnit(ledger, fields, { base, ours, theirs }) as JsonObject | undefined;
  return closeLedger(ledger, result);
}

/** Without a base, a record that one side lacks was never there: whatever the strategy, nothing is deleted. */
function isFirstMeeting(
  base: JsonObject | undefined,
  ours: JsonObject | undefined,
  theirs: JsonObject | undefined,
): boolean {
  return base === undefined && (ours === undefined || theirs === undefined);
}

function withoutAlways(rules: FieldRules): FieldRules {
  return rules.always === undefined ? rules : { ...rules, always: undefined };
}

function closeLedger(ledger: Ledger, result: JsonObject | undefined): RecordMerge {
  const { conflicts, lines, remarks, decisions, decided } = ledger;
  const isHeld = conflicts.length > 0;
  const toOurs = isHeld ? [] : sortByPointer(lines.ours);
  const toTheirs = isHeld ? [] : sortByPointer(lines.theirs);
  return {
    isHeld,
    result: isHeld ? undefined : result,
    conflicts: sortByPointer(conflicts),
    toOurs,
    toTheirs,
    isAgreed: !isHeld && toOurs.length === 0 && toTheirs.length === 0 && ledger.hasBaseMoved,
    remarks: sortByPointer(remarks),
    stale: listStale(decisions, decided),
  };
}

/** By UTF-16 code units, so that the order in which a side lists its members leaves no trace. */
function sortByPointer<T extends { readonly pointer: string }>(items: T[]): readonly T[] {
  return items.length < 2 ? items : items.sort((a, b) => (a.pointer < b.pointer ? -1 : 1));
}

function listStale(decisions: readonly Decision[], decided: readonly string[]): readonly string[] {
  if (decisions.length === 0) return [];
  return [...new Set(decisions.map(({ pointer }) => pointer))].filter(
    (pointer) => !decided.includes(pointer),
  );
}

function refuseOtherThanObject(side: keyof RecordSides, record: JsonObject | undefined): void {
  if (record === undefined || isJsonObject(record)) return;
  throw new Failure('invalid_params', 'A record is a JSON object', {
    data: { side, found: describeKind(record) },
  });
}
