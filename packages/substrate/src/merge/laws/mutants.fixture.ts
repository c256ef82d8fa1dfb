import { canonicalJson, jsonPointer } from '../../json/canonical-json.ts';
import { digestText } from '../../json/digest.ts';
import { type JsonObject } from '../../json/json-value.ts';
import type { RecordMerge, RecordSides } from '../merge-record.ts';
import type { MergeSettings } from '../merge-settings.ts';
import { mapStrategies, swapSides, withOnly } from './map-settings.fixture.ts';
import { type MergeUnderTest, theCore } from './merge-under-test.fixture.ts';
import {
  type Mutant,
  mapRecords,
  mutant,
  onOutcome,
  onSettings,
  onSides,
  outcomeOf,
  withConflict,
} from './mutant.fixture.ts';
import {
  compareLengths,
  compareLoosely,
  compareWithoutCase,
  concatenate,
  dropDuplicates,
  inherit,
  spreadDeletions,
} from './mutant-sides.fixture.ts';
import { cloneJson, isList, memberOf, objectOf } from './own-members.fixture.ts';
import { patternOf, patternText } from './paths.fixture.ts';

/** Mistakes that merges really have, each small. `mutants.test.ts` sees the laws catch them. */
export const mutants: readonly Mutant[] = [
  mutant('a two-way overlay that never looks at base', [2, 3, 6, 16, 17, 26], overlay),
  mutant(
    'null is taken for absent',
    [2, 4, 16, 17, 26],
    onSettings((settings) => ({ ...settings, nullIsAbsent: true })),
  ),
  mutant('a deletion always wins', [6, 16, 20, 26], onSides(spreadDeletions)),
  mutant('values are compared loosely, as == does', [2, 3, 6, 13, 17, 22, 26], onSides(compareLoosely)),
  mutant('the strategy of a field leaks to its siblings', [2, 6, 8, 16, 20, 26], onSettings(leakStrategies)),
  mutant(
    'a keyed list is one field',
    [8, 16, 17, 20, 22],
    onSettings(({ lists: _lists, ...rest }) => rest),
  ),
  mutant('ours is changed in place', [13, 14, 25], mutateOurs),
  mutant('an equal change on both sides is a conflict', [3, 5, 6, 9, 26], onOutcome(flagEqualChanges)),
  mutant(
    'base moves while a record is held',
    [18],
    onOutcome((merge) => (merge.isHeld ? { ...merge, isAgreed: true } : merge)),
  ),
  mutant(
    'the strategies are the wrong way round',
    [2, 16, 19, 20, 26],
    onSettings((settings) => mapStrategies(settings, swapSides)),
  ),
  mutant('of two elements with one key the last is kept', [1, 2, 7, 8, 25], onSides(dropDuplicates)),
  mutant('lists of one length are equal', [2, 3, 6, 16, 17, 22, 26], onSides(compareLengths)),
  mutant('lists are compared by reference', [1, 2, 3, 9, 10, 11], onOutcome(compareReferences)),
  mutant('members are looked up on the prototype', [2, 3, 6, 7, 13, 26], onSides(inherit)),
  mutant(
    'a conflict is reported for the record as a whole',
    [8, 12, 16, 19, 20, 26],
    onOutcome(conflictAtTop),
  ),
  mutant('a conflict holds nothing: the rest is written', [18], onOutcome(writeHeld)),
  mutant('two texts that conflict are put together', [2, 4, 7, 9, 13, 26], onSides(concatenate)),
  mutant('one conflict lets one side win the whole record', [4, 5, 6, 12, 26], winWhole),
  mutant('a record that both sides changed is a conflict', [5, 6, 8, 16, 17, 26], onOutcome(flagBothChanged)),
  mutant(
    'what is always taken from a side is only its when both changed it',
    [16, 20],
    onSettings((settings) => mapStrategies(settings, lookAtBase)),
  ),
  mutant(
    'e-mail addresses and the like are compared without case',
    [2, 3, 6, 16, 17],
    onSides(compareWithoutCase),
  ),
  mutant('the first of the conflicting members is resolved', [4, 6, 8, 11, 26], onOutcome(dropFirstConflict)),
  mutant('a decision counts whatever it was made on', [19], decideBlindly),
  mutant('every merge plans something', [1, 3, 9, 10], onOutcome(planAlways)),
  mutant(
    'resolveOurs and resolveTheirs both mean ours',
    [4, 5, 16, 19, 26],
    onSettings((settings) => mapStrategies(settings, preferOurs)),
  ),
  mutant('a deletion is written again after it was', [3, 9], onOutcome(deleteAgain)),
  mutant('numbers are added up', [2, 3, 6, 7, 9, 13, 26], onOutcome(addUp)),
  mutant(
    'a line of the plan is left out',
    [12, 20, 25],
    onOutcome((merge) => ({ ...merge, toOurs: merge.toOurs.slice(1) })),
  ),
  mutant('recursion has no limit', [24], (sides, ...rest) =>
    theCore.merge(mapRecords(sides, cloneJson), ...rest),
  ),
  {
    name: 'a hash that the order of members changes',
    caughtBy: [23],
    merge: { ...theCore, hash: (record) => digestText(JSON.stringify(record)) },
  },
  { name: 'a hash that forgets what is empty', caughtBy: [23, 21], merge: { ...theCore, hash: hashNoEmpty } },
  {
    name: 'a set without the records that only base and one side have',
    caughtBy: [15],
    merge: { ...theCore, mergeSet: forgetDeleted },
  },
  {
    name: 'a set that skips what ours has as base has it',
    caughtBy: [21],
    merge: { ...theCore, mergeSet: skipEagerly },
  },
  {
    name: 'a set whose records all go by the settings of one',
    caughtBy: [15],
    merge: { ...theCore, mergeSet: forgetOverrides },
  },
];

function overlay(sides: RecordSides): RecordMerge {
  const { ours, theirs } = sides;
  const members = [...Object.entries(theirs ?? {}), ...Object.entries(ours ?? {})];
  return outcomeOf(sides, ours === undefined && theirs === undefined ? undefined : objectOf(members));
}

function leakStrategies(settings: MergeSettings): MergeSettings {
  const fields = Object.entries(settings.fields ?? {}).map(
    ([pattern, strategy]) => [patternText(patternOf(pattern).slice(0, -1)), strategy] as const,
  );
  return { ...settings, fields: Object.fromEntries(fields) };
}

function mutateOurs(...[sides, ...rest]: Parameters<MergeUnderTest['merge']>): RecordMerge {
  const merge = theCore.merge(sides, ...rest);
  if (sides.ours !== undefined && merge.result !== undefined) Object.assign(sides.ours, merge.result);
  return merge;
}

function flagEqualChanges(merge: RecordMerge, { base, ours, theirs }: RecordSides): RecordMerge {
  const name = Object.keys(ours ?? {}).find((member) => {
    const [b, o, t] = [base, ours, theirs].map((side) => JSON.stringify(side && memberOf(side, member)));
    return o === t && o !== b;
  });
  return name === undefined ? merge : withConflict(merge, jsonPointer([name]));
}

function compareReferences(merge: RecordMerge, { base, ours, theirs }: RecordSides): RecordMerge {
  const isListed = (name: string) =>
    [base, ours, theirs].every((side) => side !== undefined && isList(memberOf(side, name)));
  const name = Object.keys(ours ?? {}).find(isListed);
  return name === undefined || merge.isHeld ? merge : withConflict(merge, jsonPointer([name]));
}

function conflictAtTop(merge: RecordMerge): RecordMerge {
  return merge.isHeld ? withConflict({ ...merge, conflicts: [] }, '') : merge;
}

function writeHeld(merge: RecordMerge, sides: RecordSides, settings: MergeSettings): RecordMerge {
  if (!merge.isHeld) return merge;
  const { toOurs } = theCore.merge(sides, withOnly(settings, 'resolveTheirs'));
  return { ...merge, toOurs };
}

function winWhole(...[sides, settings, ...rest]: Parameters<MergeUnderTest['merge']>): RecordMerge {
  const neutral = theCore.merge(sides, withOnly(settings, 'manual'));
  return neutral.isHeld ? outcomeOf(sides, sides.ours) : theCore.merge(sides, settings, ...rest);
}

function flagBothChanged(merge: RecordMerge, { base, ours, theirs }: RecordSides): RecordMerge {
  const [b, o, t] = [base, ours, theirs].map((side) => (side === undefined ? '' : canonicalJson(side)));
  return b !== o && b !== t && o !== t && !merge.isHeld ? withConflict(merge, '') : merge;
}

function lookAtBase(strategy: ReturnType<typeof swapSides>): ReturnType<typeof swapSides> {
  return strategy === 'alwaysOurs' ? 'resolveOurs' : strategy === 'alwaysTheirs' ? 'resolveTheirs' : strategy;
}

function dropFirstConflict(merge: RecordMerge, { ours }: RecordSides): RecordMerge {
  const [name] = Object.keys(ours ?? {});
  const conflicts = merge.conflicts.filter(
    ({ pointer }) => name === undefined || pointer !== jsonPointer([name]),
  );
  return { ...merge, conflicts };
}

function decideBlindly(
  ...[sides, settings, decisions = [], id]: Parameters<MergeUnderTest['merge']>
): RecordMerge {
  const { conflicts } = theCore.merge(sides, settings, [], id);
  const blind = decisions.map((decision) => ({
    ...decision,
    inputs: conflicts.find(({ pointer }) => pointer === decision.pointer)?.inputs ?? decision.inputs,
  }));
  return theCore.merge(sides, settings, blind, id);
}

function planAlways(merge: RecordMerge): RecordMerge {
  const isNothing = !merge.isHeld && merge.toOurs.length + merge.toTheirs.length === 0;
  return isNothing ? { ...merge, toOurs: [{ action: 'update', pointer: '/x', rule: 'a mutant' }] } : merge;
}

function preferOurs(strategy: ReturnType<typeof swapSides>): ReturnType<typeof swapSides> {
  return strategy === 'resolveTheirs' ? 'resolveOurs' : strategy;
}

function deleteAgain(merge: RecordMerge, { base, ours, theirs }: RecordSides): RecordMerge {
  if (base === undefined || ours !== undefined || theirs !== undefined) return merge;
  return {
    ...merge,
    isAgreed: false,
    toTheirs: [{ action: 'delete', pointer: '', before: base, rule: 'a mutant' }],
  };
}

/** As counters are merged: ours, and what theirs has gained over base. */
function addUp(merge: RecordMerge, { base, theirs }: RecordSides): RecordMerge {
  if (merge.result === undefined) return merge;
  const result = Object.entries(merge.result).map(([name, value]) => {
    const [b, t] = [base, theirs].map((side) => side && memberOf(side, name));
    const isCounter = typeof value === 'number' && typeof b === 'number' && typeof t === 'number';
    return [name, isCounter ? value + t - b : value] as const;
  });
  return { ...merge, result: objectOf(result) };
}

function hashNoEmpty(record: JsonObject, settings: MergeSettings): string {
  const members = Object.entries(record).filter(
    ([, member]) => JSON.stringify(member) !== '[]' && JSON.stringify(member) !== '{}',
  );
  return theCore.hash(objectOf(members), settings);
}

type MergeSet = MergeUnderTest['mergeSet'];

function forgetDeleted(...[{ base, ours, theirs }, settings]: Parameters<MergeSet>): ReturnType<MergeSet> {
  const [ourIds, theirIds] = [ours, theirs].map((side) => new Set(Array.from(side, ({ id }) => id)));
  const kept = Array.from(base).filter(({ id }) => ourIds?.has(id) && theirIds?.has(id));
  return theCore.mergeSet({ base: kept, ours, theirs }, settings);
}

function skipEagerly(...[{ base, ours, theirs }, settings]: Parameters<MergeSet>): ReturnType<MergeSet> {
  const hashes = new Map(Array.from(base, ({ id, hash }) => [id, hash]));
  const asBase = new Set(Array.from(ours).flatMap(({ id, hash }) => (hashes.get(id) === hash ? [id] : [])));
  return [...theCore.mergeSet({ base, ours, theirs }, settings)].filter(({ id }) => !asBase.has(id));
}

function forgetOverrides(
  ...[sides, { records: _records, ...settings }]: Parameters<MergeSet>
): ReturnType<MergeSet> {
  return theCore.mergeSet(sides, settings);
}
