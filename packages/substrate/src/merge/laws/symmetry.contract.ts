import { canonicalJson } from '../../json/canonical-json.ts';
import type { JsonValue } from '../../json/json-value.ts';
import type { RecordMerge, RecordSides } from '../merge-record.ts';
import type { MergeSettings } from '../merge-settings.ts';
import { createChooser } from './chooser.fixture.ts';
import { demand, demandSame, type Law, law } from './law.fixture.ts';
import { mapStrategies, resolvedAs, swapSides } from './map-settings.fixture.ts';
import { type MergeCase, mergeCases, shuffleMembers } from './merge-case.fixture.ts';
import type { MergeUnderTest } from './merge-under-test.fixture.ts';
import { meaningOf, orderedMeaningOf, textOf } from './normal-form.fixture.ts';
import { cloneJson, freeze } from './own-members.fixture.ts';
import { readSettings } from './paths.fixture.ts';
import { type Renaming, renameNames, renameValues } from './renaming.fixture.ts';
import { settledOrder } from './settled-order.fixture.ts';

/** Laws 4, 5, 11, 13, 14: what the merge must not look at. */
export const symmetryLaws: readonly Law[] = [
  law(
    4,
    'with the sides and the strategies swapped the conflicts are the same, and so is the result',
    mergeCases,
    checkSwap,
  ),
  law(5, 'resolveOurs on one side is resolveTheirs seen from the other', mergeCases, checkMirroredResolution),
  law(11, 'the order of members never matters', mergeCases, checkMemberOrder),
  law(
    13,
    'values and names mean nothing: merging and renaming them comes to the same in either order',
    mergeCases,
    checkRenaming,
  ),
  law(
    14,
    'the inputs are left as they were, and the same inputs give the same bytes',
    mergeCases,
    checkPurity,
  ),
];

/**
 * Modulo volatile fields, which follow theirs; and the order of a keyed list of which no side can be said to have put it in order where
 * that is left to a person: it does not conflict, and ours leads.
 */
function checkSwap(subject: MergeUnderTest, { base, ours, theirs, settings }: MergeCase): void {
  const reading = readSettings(settings);
  const there = subject.merge({ base, ours, theirs }, settings);
  const back = subject.merge({ base, ours: theirs, theirs: ours }, mapStrategies(settings, swapSides));
  const swapped = back.conflicts.map(({ ours, theirs, ...rest }) => ({
    ...rest,
    ours: theirs,
    theirs: ours,
  }));
  demandSame(conflictTexts(there.conflicts), conflictTexts(swapped), 'the conflicts are the same');
  const seesOrder = settledOrder(reading, { base, ours, theirs }, there.result);
  demandSame(
    meaningOf(reading, there.result, [], { seesOrder }),
    meaningOf(reading, back.result, [], { seesOrder }),
    'M(b, o, t) = M(b, t, o) with strategies swapped',
  );
}

interface ConflictLike {
  readonly pointer: string;
  readonly kind: string;
  readonly base?: JsonValue | undefined;
  readonly ours?: JsonValue | undefined;
  readonly theirs?: JsonValue | undefined;
}

function conflictTexts(conflicts: readonly ConflictLike[]): string {
  return conflicts
    .map(({ pointer, kind, base, ours, theirs }) =>
      [kind, pointer, ...[base, ours, theirs].map(textOf)].join(' '),
    )
    .sort()
    .join('\n');
}

function checkMirroredResolution(subject: MergeUnderTest, { base, ours, theirs, settings }: MergeCase): void {
  const reading = readSettings(settings);
  const there = subject.merge({ base, ours, theirs }, resolvedAs(settings, 'resolveOurs'));
  const back = subject.merge(
    { base, ours: theirs, theirs: ours },
    mapStrategies(resolvedAs(settings, 'resolveOurs'), swapSides),
  );
  demand(!there.isHeld && !back.isHeld, 'what is resolved is not held');
  demandSame(
    orderedMeaningOf(reading, there.result),
    orderedMeaningOf(reading, back.result),
    'M(b, o, t | resolveOurs) = M(b, t, o | resolveTheirs)',
  );
}

function checkMemberOrder(subject: MergeUnderTest, { base, ours, theirs, settings, seed }: MergeCase): void {
  const chooser = createChooser(seed);
  const shuffled = mapSides({ base, ours, theirs }, (side) => shuffleMembers(chooser, side));
  demandSame(
    outcomeText(subject.merge(shuffled, settings)),
    outcomeText(subject.merge({ base, ours, theirs }, settings)),
    'the outcome is the same with members in another order',
  );
}

/** Everything that a merge says, with its lines and conflicts in one order. */
function outcomeText({ result, conflicts, toOurs, toTheirs, stale, remarks, ...rest }: RecordMerge): string {
  const sorted = (lines: readonly unknown[]) => lines.map((line) => canonicalJson(line)).sort();
  return canonicalJson({
    ...rest,
    result: result ?? null,
    conflicts: sorted(conflicts),
    toOurs: sorted(toOurs),
    toTheirs: sorted(toTheirs),
    remarks: sorted(remarks),
    stale: [...stale].sort(),
  });
}

/** What stands for nothing stays itself: null, which may count as absent and is never a key. */
function checkRenaming(subject: MergeUnderTest, { base, ours, theirs, settings }: MergeCase): void {
  for (const rename of [renameValues, renameNames])
    checkOneRenaming(subject, { base, ours, theirs }, rename(settings));
}

function checkOneRenaming(
  subject: MergeUnderTest,
  sides: RecordSides,
  { before, after, rename }: Renaming,
): void {
  const plain = subject.merge(sides, before);
  const renamed = subject.merge(mapSides(sides, rename), after);
  const result = plain.result === undefined ? undefined : rename(plain.result);
  const reading = readSettings(after);
  demandSame(meaningOf(reading, renamed.result), meaningOf(reading, result), 'M(renamed) = renamed M');
  const values = ({ conflicts }: RecordMerge, change: (value: JsonValue) => JsonValue) =>
    conflicts
      .map(({ kind, base, ours, theirs }) =>
        canonicalJson([
          kind,
          ...[base, ours, theirs].map((value) => (value === undefined ? [] : [change(value)])),
        ]),
      )
      .sort()
      .join('\n');
  demandSame(
    values(renamed, (value) => value),
    values(plain, rename),
    'the conflicts of renamed sides are the renamed conflicts',
  );
  demandSame(counts(renamed), counts(plain), 'a renamed merge plans as much');
}

function counts({ isHeld, isAgreed, toOurs, toTheirs, remarks }: RecordMerge): string {
  return JSON.stringify({
    isHeld,
    isAgreed,
    toOurs: toOurs.length,
    toTheirs: toTheirs.length,
    remarks: remarks.length,
  });
}

/** Frozen inputs turn a write into an error; two copies that share no memory show whether anything but their content counts. */
function checkPurity(subject: MergeUnderTest, { base, ours, theirs, settings }: MergeCase): void {
  const sides = { base, ours, theirs };
  const frozen = mapSides(sides, (side) => freeze(cloneJson(side)));
  const text = JSON.stringify(sides);
  const bytes = JSON.stringify(subject.merge(frozen, settings));
  const thawed = mapSides(sides, cloneJson);
  demandSame(JSON.stringify(subject.merge(thawed, settings)), bytes, 'the same inputs give the same bytes');
  demandSame(JSON.stringify(thawed), text, 'the inputs are as they were');
  demandSame(
    JSON.stringify(subject.merge(thawed, recompiled(settings))),
    bytes,
    'settings compiled anew give the same bytes',
  );
}

/** Equal settings that no cache has seen. */
function recompiled(settings: MergeSettings): MergeSettings {
  return { ...settings };
}

function mapSides(
  { base, ours, theirs }: RecordSides,
  change: <T extends JsonValue>(side: T) => T,
): RecordSides {
  return {
    base: base && change(base),
    ours: ours && change(ours),
    theirs: theirs && change(theirs),
  };
}
