import { isJsonObject, type JsonObject } from '../../json/json-value.ts';
import type { PlanLine, RecordMerge } from '../merge-record.ts';
import type { MergeSettings } from '../merge-settings.ts';
import type { Strategy } from '../strategy.ts';
import { demand, demandSame, type Law, law } from './law.fixture.ts';
import { resolvedAs } from './map-settings.fixture.ts';
import { type MergeCase, mergeCases } from './merge-case.fixture.ts';
import type { MergeUnderTest } from './merge-under-test.fixture.ts';
import { meaningOf, orderedMeaningOf, textOf } from './normal-form.fixture.ts';
import {
  hasAlways,
  hasStrategyBelow,
  type Path,
  type Reading,
  readSettings,
  strategyAt,
  valueAt,
} from './paths.fixture.ts';

/** Laws 1, 2, 3, 9, 10: where there is nothing to decide, and that what was merged stays merged. */
export const agreementLaws: readonly Law[] = [
  law(
    1,
    'a record that is the same on all three sides stays as it is and plans nothing',
    mergeCases,
    checkSame,
  ),
  law(2, 'what only one side changed is the result, whole, whichever side it is', mergeCases, checkOneSided),
  law(
    3,
    'what both sides changed alike is the result, is written nowhere, and moves base',
    mergeCases,
    checkAlike,
  ),
  law(
    9,
    'a merge of which only one side, or both, were written comes out the same when it is run again',
    mergeCases,
    checkRerun,
  ),
  law(10, 'what was merged, written and kept plans nothing the next time', mergeCases, checkIdle),
];

type Maybe = JsonObject | undefined;

function sidesOf({ base, ours, theirs }: MergeCase): readonly Maybe[] {
  return [base, ours, theirs];
}

function checkSame(subject: MergeUnderTest, merged: MergeCase): void {
  for (const x of sidesOf(merged)) {
    const merge = subject.merge({ base: x, ours: x, theirs: x }, merged.settings);
    demandSame(textOf(merge.result), textOf(x), 'M(x, x, x) = x');
    demandNothingPlanned(merge);
    demand(!merge.isAgreed, 'base does not move where it is right already');
  }
}

/**
 * Modulo what the settings take from one side whatever the other did: M(b, x, b) modulo `alwaysTheirs` and volatile fields, which are
 * theirs, so b's; M(b, b, x) modulo `alwaysOurs`, likewise b's. Without them the result is x to the letter, the order of lists included, but not that of sets.
 * Where null is absent, which of two spellings of nothing remains is not said.
 */
function checkOneSided(subject: MergeUnderTest, merged: MergeCase): void {
  const { settings } = merged;
  const [first, second, third] = sidesOf(merged);
  for (const [b, x] of [
    [first, second],
    [first, third],
    [second, third],
  ] as const) {
    const onOurs = subject.merge({ base: b, ours: x, theirs: b }, settings);
    demand(!onOurs.isHeld, 'what only we changed is no conflict', () => onOurs.conflicts);
    demandMeansSame(settings, onOurs.result, x, 'alwaysTheirs', 'M(b, x, b) = x');
    const onTheirs = subject.merge({ base: b, ours: b, theirs: x }, settings);
    demand(!onTheirs.isHeld, 'what only they changed is no conflict', () => onTheirs.conflicts);
    demandMeansSame(settings, onTheirs.result, x, 'alwaysOurs', 'M(b, b, x) = x');
  }
}

function demandMeansSame(
  settings: MergeSettings,
  actual: Maybe,
  expected: Maybe,
  blindTo: 'alwaysOurs' | 'alwaysTheirs',
  claim: string,
): void {
  const reading = readSettings(settings);
  if (!hasAlways(reading) && reading.volatile.length === 0 && !reading.nullIsAbsent)
    return demandSame(orderedMeaningOf(reading, actual), orderedMeaningOf(reading, expected), claim);
  const isOpen = (path: Path) =>
    strategyAt(reading, path) === blindTo || isTornOpen(reading, actual, expected, path, blindTo);
  const meaning = (value: Maybe) =>
    meaningOf(reading, value, [], { to: isOpen, toEmpty: hasAlways(reading) });
  demandSame(meaning(actual), meaning(expected), claim);
}

/** An object that holds such a field stays one, although the other side put a text in its place: law 20 goes before law 2. */
function isTornOpen(
  reading: Reading,
  actual: Maybe,
  expected: Maybe,
  path: Path,
  blindTo: Strategy,
): boolean {
  if (!hasStrategyBelow(reading, path, (strategy) => strategy === blindTo)) return false;
  const [a, e] = [valueAt(reading, actual, path), valueAt(reading, expected, path)];
  return a !== undefined && e !== undefined && isJsonObject(a) !== isJsonObject(e);
}

function checkAlike(subject: MergeUnderTest, merged: MergeCase): void {
  const { settings } = merged;
  const [first, second, third] = sidesOf(merged);
  const pairs = [
    [first, second],
    [first, third],
    [third, second],
    [second, undefined],
  ] as const;
  for (const [b, x] of pairs) {
    const merge = subject.merge({ base: b, ours: x, theirs: x }, settings);
    demandSame(textOf(merge.result), textOf(x), 'M(b, x, x) = x');
    demandNothingPlanned(merge);
    const isToMove = isMove(subject, settings, b, x);
    demandSame(String(merge.isAgreed), String(isToMove), 'only base moves, and only if it is to');
  }
}

/** Absence is not hashed; what is present counts as changed where its hash is another. */
function isMove(subject: MergeUnderTest, settings: MergeSettings, b: Maybe, x: Maybe): boolean {
  if (b === undefined || x === undefined) return b !== x;
  return subject.hash(b, settings) !== subject.hash(x, settings);
}

/** A conflict has no result to be written; therefore what would be held is resolved here for one of the sides. */
function checkRerun(subject: MergeUnderTest, { base, ours, theirs, settings, seed }: MergeCase): void {
  const clean = resolvedAs(settings, seed % 2 === 0 ? 'resolveOurs' : 'resolveTheirs');
  const { isHeld, result } = subject.merge({ base, ours, theirs }, clean);
  demand(!isHeld, 'where nothing is left to a person nothing is held');
  const oursWritten = subject.merge({ base, ours: result, theirs }, clean);
  demandSameResult(clean, oursWritten.result, result, 'M(b, V, t) = V');
  demandNoLines(oursWritten.toOurs, 'our side has been written already');
  const theirsWritten = subject.merge({ base, ours, theirs: result }, clean);
  demandSameResult(clean, theirsWritten.result, result, 'M(b, o, V) = V');
  demandNoLines(theirsWritten.toTheirs, 'their side has been written already');
  const bothWritten = subject.merge({ base, ours: result, theirs: result }, clean);
  demandSameResult(clean, bothWritten.result, result, 'M(b, V, V) = V');
  demandNothingPlanned(bothWritten);
}

/** To the letter; but where null is absent it may be spelt either way. */
function demandSameResult(settings: MergeSettings, actual: Maybe, expected: Maybe, claim: string): void {
  const reading = readSettings(settings);
  const text = (value: Maybe) => (reading.nullIsAbsent ? meaningOf(reading, value) : textOf(value));
  demandSame(text(actual), text(expected), claim);
}

function checkIdle(subject: MergeUnderTest, { base, ours, theirs, settings, seed }: MergeCase): void {
  const clean = resolvedAs(settings, seed % 2 === 0 ? 'resolveOurs' : 'resolveTheirs');
  const { result } = subject.merge({ base, ours, theirs }, clean);
  const again = subject.merge({ base: result, ours: result, theirs: result }, clean);
  demandNothingPlanned(again);
  demand(!again.isAgreed, 'base does not move once it has');
  demandSame(textOf(again.result), textOf(result), 'M(V, V, V) = V');
}

function demandNothingPlanned({ isHeld, conflicts, toOurs, toTheirs }: RecordMerge): void {
  demand(!isHeld && conflicts.length === 0, 'there is no conflict', () => conflicts);
  demandNoLines(toOurs, 'nothing is to be written on our side');
  demandNoLines(toTheirs, 'nothing is to be written on their side');
}

function demandNoLines(lines: readonly PlanLine[], claim: string): void {
  demand(lines.length === 0, claim, () => lines);
}
