import { isJsonObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import type { PlanLine, RecordMerge, RecordSides } from '../merge-record.ts';
import type { SetEntry, SetMerge, SetSides } from '../merge-set.ts';
import type { MergeSettings } from '../merge-settings.ts';
import { type MergeUnderTest, theCore } from './merge-under-test.fixture.ts';
import { isList, memberOf, objectOf } from './own-members.fixture.ts';

/** A merge that is wrong on purpose, and the numbers of the laws that must each catch it. */
export interface Mutant {
  readonly name: string;
  readonly merge: MergeUnderTest;
  readonly caughtBy: readonly number[];
}

/** A merge that is the core's but for its `merge`, by which its sets go, too. */
export function mutant(name: string, caughtBy: readonly number[], merge: MergeUnderTest['merge']): Mutant {
  return {
    name,
    caughtBy,
    merge: { merge, mergeSet: (sides, settings) => mergeJoined(merge, sides, settings), hash: theCore.hash },
  };
}

/** The core, over sides that are not quite those that came. */
export function onSides(
  change: (sides: RecordSides, settings: MergeSettings) => RecordSides,
): MergeUnderTest['merge'] {
  return (sides, settings, ...rest) => theCore.merge(change(sides, settings), settings, ...rest);
}

/** The core, under settings that are not quite those that were made. */
export function onSettings(change: (settings: MergeSettings) => MergeSettings): MergeUnderTest['merge'] {
  const changed = new WeakMap<MergeSettings, MergeSettings>();
  return (sides, settings, ...rest) => {
    const known = changed.get(settings) ?? change(settings);
    changed.set(settings, known);
    return theCore.merge(sides, known, ...rest);
  };
}

/** The core, with something done to what it says. */
export function onOutcome(
  change: (merge: RecordMerge, sides: RecordSides, settings: MergeSettings) => RecordMerge,
): MergeUnderTest['merge'] {
  return (sides, settings, ...rest) => change(theCore.merge(sides, settings, ...rest), sides, settings);
}

/** A set merge without a thought for memory, since the core's would not go by the mutant's `merge`. */
function mergeJoined(merge: MergeUnderTest['merge'], sides: SetSides, settings: MergeSettings): SetMerge[] {
  const [base, ours, theirs] = [entriesById(sides.base), entriesById(sides.ours), entriesById(sides.theirs)];
  const merges: SetMerge[] = [];
  for (const id of [...new Set([...base.keys(), ...ours.keys(), ...theirs.keys()])].sort(byCodeUnits)) {
    const [b, o, t] = [base.get(id), ours.get(id), theirs.get(id)];
    if (b !== undefined && b.hash === o?.hash && b.hash === t?.hash) continue;
    const outcome = merge({ base: b?.read(), ours: o?.read(), theirs: t?.read() }, settings, [], id);
    const { isHeld, isAgreed, toOurs, toTheirs } = outcome;
    if (isHeld || isAgreed || toOurs.length + toTheirs.length > 0) merges.push({ id, merge: outcome });
  }
  return merges;
}

function entriesById(side: Iterable<SetEntry>): ReadonlyMap<string, SetEntry> {
  return new Map(Array.from(side, (entry) => [entry.id, entry]));
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : 1;
}

/** An outcome of somebody's own making: the result, and a line a side for the whole record. */
export function outcomeOf({ ours, theirs, base }: RecordSides, result: JsonObject | undefined): RecordMerge {
  const lines = (side: JsonObject | undefined): PlanLine[] => {
    if (JSON.stringify(side) === JSON.stringify(result)) return [];
    const action = side === undefined ? 'create' : result === undefined ? 'delete' : 'update';
    return [
      {
        action,
        pointer: '',
        ...(side && { before: side }),
        ...(result && { after: result }),
        rule: 'a mutant',
      },
    ];
  };
  const [toOurs, toTheirs] = [lines(ours), lines(theirs)];
  const isIdle = toOurs.length + toTheirs.length === 0;
  const isAgreed = isIdle && JSON.stringify(base) !== JSON.stringify(result);
  return { isHeld: false, result, conflicts: [], toOurs, toTheirs, isAgreed, remarks: [], stale: [] };
}

/** The outcome with one conflict more. */
export function withConflict(merge: RecordMerge, pointer: string): RecordMerge {
  const conflict = { pointer, kind: 'modify/modify', inputs: 'a mutant', rule: 'manual (default)' } as const;
  const conflicts = [...merge.conflicts, conflict];
  return { ...merge, conflicts, isHeld: true, isAgreed: false, result: undefined, toOurs: [], toTheirs: [] };
}

/** The value with every value in it changed, from the leaves up; `model` is what another has in the same place. */
export function rebuild(
  value: JsonValue,
  model: JsonValue | undefined,
  change: (value: JsonValue, model: JsonValue | undefined) => JsonValue,
): JsonValue {
  if (isList(value)) {
    const rebuilt = value.map((element, index) =>
      rebuild(element, isList(model) ? model[index] : undefined, change),
    );
    return change(rebuilt, model);
  }
  if (!isJsonObject(value)) return change(value, model);
  const members = Object.entries(value).map(([name, member]) => {
    const other = model !== undefined && isJsonObject(model) ? memberOf(model, name) : undefined;
    return [name, rebuild(member, other, change)] as const;
  });
  return change(objectOf(members), model);
}

/** Every side that is there, changed. */
export function mapRecords(
  { base, ours, theirs }: RecordSides,
  change: (record: JsonObject, side: 'base' | 'ours' | 'theirs') => JsonValue,
): RecordSides {
  return {
    base: base && (change(base, 'base') as JsonObject),
    ours: ours && (change(ours, 'ours') as JsonObject),
    theirs: theirs && (change(theirs, 'theirs') as JsonObject),
  };
}
