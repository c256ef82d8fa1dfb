import { isJsonObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { type Chooser, createChooser } from './chooser.fixture.ts';
import { disjointEdits, type Edit } from './disjoint-edits.fixture.ts';
import { fieldsOf, putAt } from './fields-of.fixture.ts';
import { freshName, pickOtherScalar, pickScalar } from './hostile-json.fixture.ts';
import { demand, demandSame, type Law, law, saysNothing } from './law.fixture.ts';
import { leftToPerson, withOnly } from './map-settings.fixture.ts';
import { type MergeCase, mergeCases } from './merge-case.fixture.ts';
import { type MergeUnderTest, settle } from './merge-under-test.fixture.ts';
import { meaningOf, textOf } from './normal-form.fixture.ts';
import { isList } from './own-members.fixture.ts';
import {
  elementsByKey,
  hasStrategyBelow,
  isAlways,
  isKeyMember,
  isVolatile,
  isWithin,
  listSpecAt,
  type Path,
  pathIn,
  type Reading,
  readSettings,
  strategyAt,
  valueAt,
} from './paths.fixture.ts';

/** Laws 6, 7, 16, 17: nothing is lost, nothing is invented, and what does not touch does not conflict. */
export const lossLaws: readonly Law[] = [
  law(
    6,
    'no update is lost: what only one side changed, or took away, is so in the result',
    mergeCases,
    checkNoLoss,
  ),
  law(
    7,
    'nothing is invented: all that the result holds, some side has at that place',
    mergeCases,
    checkNothingInvented,
  ),
  law(
    16,
    'what both deleted, or one deleted and nobody changed, is gone, without a base nothing is; deleted against changed is one conflict',
    mergeCases,
    checkDeletion,
  ),
  law(
    17,
    'edits of different fields never conflict and all arrive, within the elements of keyed lists too',
    mergeCases,
    checkDisjointEdits,
  ),
];

/**
 * Outside the conflicts of the neutral rule: where the settings resolve those, one side's change gives way on purpose. And outside what
 * `always*` takes from a side: there an update is lost on purpose, and whoever is above or below such a field shares its fate.
 */
function checkNoLoss(subject: MergeUnderTest, { base, ours, theirs, settings }: MergeCase): unknown {
  const reading = readSettings(settings);
  const neutral = subject.merge({ base, ours, theirs }, leftToPerson(settings));
  const conflicting = neutral.conflicts.map(({ pointer }) =>
    pathIn(reading, { base, ours, theirs }, pointer),
  );
  const { result } = settle(subject, { base, ours, theirs }, settings);
  let changes = 0;
  for (const path of fieldsOf(reading, { base, ours, theirs })) {
    if (conflicting.some((conflict) => isWithin(path, conflict)) || isTakenFromASide(reading, path)) continue;
    const [b, o, t, v] = [base, ours, theirs, result].map((side) =>
      meaningOf(reading, valueAt(reading, side, path), path, { toLists: true }),
    );
    const changed = t === b ? o : o === b ? t : undefined;
    if (changed === undefined) continue;
    if (o !== t) changes++;
    demandSame(v ?? '', changed, `the change at ${JSON.stringify(path)} is in the result`);
  }
  return changes > 0 ? undefined : saysNothing;
}

function isTakenFromASide(reading: Reading, path: Path): boolean {
  if (hasStrategyBelow(reading, path, isAlways)) return true;
  for (let length = 0; length <= path.length; length++) {
    if (isAlways(strategyAt(reading, path.slice(0, length)))) return true;
  }
  return false;
}

function checkNothingInvented(subject: MergeUnderTest, { base, ours, theirs, settings }: MergeCase): void {
  const reading = readSettings(settings);
  for (const choice of ['ours', 'theirs'] as const) {
    const { result } = settle(subject, { base, ours, theirs }, settings, choice);
    if (result !== undefined)
      demandKnown(
        reading,
        result,
        [],
        [base, ours, theirs].filter((side) => side !== undefined),
      );
  }
}

/** Of an object or keyed list that came out empty, some side has the object or list; of a set, some side has each member. */
function demandKnown(reading: Reading, value: JsonValue, path: Path, sides: readonly JsonObject[]): void {
  const found = sides.map((side) => valueAt(reading, side, path)).filter((held) => held !== undefined);
  const spec = listSpecAt(reading, path);
  const claim = `some side has what the result has at ${JSON.stringify(path)}`;
  if (isJsonObject(value)) {
    demand(found.some(isJsonObject), claim, () => value);
    for (const [name, member] of Object.entries(value)) demandKnown(reading, member, [...path, name], sides);
  } else if (
    isVolatile(reading, path) ||
    !isList(value) ||
    found.some((held) => textOf(held) === textOf(value))
  ) {
    demand(
      found.some((held) => textOf(held) === textOf(value)),
      claim,
      () => value,
    );
  } else if (spec === 'set') {
    const members = new Set(found.filter(isList).flatMap((list) => list.map(textOf)));
    demand(
      value.every((member) => members.has(textOf(member))),
      claim,
      () => value,
    );
  } else if (spec !== undefined && found.some(isList)) {
    const elements = elementsByKey(value, spec.key);
    demand(elements !== undefined, claim, () => value);
    for (const [key, element] of elements) demandKnown(reading, element, [...path, key], sides);
  } else {
    demand(false, claim, () => value);
  }
}

function checkDeletion(subject: MergeUnderTest, { base, ours, theirs, settings, seed }: MergeCase): unknown {
  const record = base ?? ours ?? theirs;
  if (record === undefined) return saysNothing;
  for (const sides of [{ base: record }, { base: record, theirs: record }, { base: record, ours: record }]) {
    const merge = subject.merge(sides, settings);
    const { always } = rootSide(settings);
    // Only what a side's presence is always taken from may stay: `always*` of the record as a whole looks at that side alone.
    const stays = always === undefined ? false : always === 'ours' ? 'ours' in sides : 'theirs' in sides;
    demand(
      !merge.isHeld && (merge.result !== undefined) === stays,
      'what was deleted and not changed is gone',
      () => merge,
    );
  }
  for (const sides of [{ ours: record }, { theirs: record }]) {
    const { isHeld, result } = subject.merge(sides, settings);
    demand(!isHeld, 'a record that one side lacks and base too is no conflict');
    demandSame(textOf(result), textOf(record), 'without a base nothing is deleted, whatever the settings');
  }
  return checkDeletionAgainstChange(subject, record, settings, createChooser(seed));
}

function rootSide(settings: MergeCase['settings']): { readonly always: 'ours' | 'theirs' | undefined } {
  const strategy = strategyAt(readSettings(settings), []);
  return { always: strategy === 'alwaysOurs' ? 'ours' : strategy === 'alwaysTheirs' ? 'theirs' : undefined };
}

/** A field, object, element, or the whole record, gone on one side and changed, itself or something in it, on the other. */
function checkDeletionAgainstChange(
  subject: MergeUnderTest,
  record: JsonObject,
  whole: MergeCase['settings'],
  chooser: Chooser,
): unknown {
  const settings = plainSettings(whole, 'manual');
  const reading = readSettings(settings);
  const paths = fieldsOf(reading, { base: record }).filter((path) => !isKeyMember(reading, path));
  const path = chooser.pick(paths);
  const below = paths.filter((other) => isWithin(other, path) && canChange(reading, other, record));
  if (below.length === 0) return saysNothing;
  const changed = changeField(reading, record, chooser.pick(below), chooser);
  const deleted = path.length === 0 ? undefined : (putAt(reading, record, path, undefined) as JsonObject);
  const [ours, theirs] = chooser.chance(50) ? [deleted, changed] : [changed, deleted];
  const merge = subject.merge({ base: record, ours, theirs }, settings);
  const [only, ...others] = merge.conflicts;
  demand(
    merge.isHeld && others.length === 0 && only !== undefined && only.kind === 'delete/modify',
    'deleted against changed is exactly one conflict',
    () => merge,
  );
  const [actual, expected] = [pathIn(reading, { base: record, ours, theirs }, only.pointer), path].map((at) =>
    JSON.stringify(at),
  );
  demandSame(actual ?? '', expected ?? '', 'the conflict is at the highest deleted node');
  const strategy = chooser.chance(50) ? 'resolveOurs' : 'resolveTheirs';
  const { result } = subject.merge({ base: record, ours, theirs }, plainSettings(whole, strategy));
  const winner = strategy === 'resolveOurs' ? ours : theirs;
  demandSame(
    meaningOf(reading, result),
    meaningOf(reading, winner),
    'deleted against changed goes by the strategy',
  );
  return undefined;
}

/** One strategy for all, everything counts, and null is a value: what a constructed edit changes is then a change. */
function plainSettings(
  settings: MergeCase['settings'],
  strategy: 'manual' | 'resolveOurs' | 'resolveTheirs',
) {
  const { volatile: _volatile, nullIsAbsent: _nullIsAbsent, ...rest } = withOnly(settings, strategy);
  return rest;
}

/** The record as a whole, and a list's element, stay objects: they change by what is in them. */
function canChange(reading: Reading, path: Path, record: JsonObject): boolean {
  const value = valueAt(reading, record, path);
  const isElement = path.length > 0 && isList(valueAt(reading, record, path.slice(0, -1)));
  return (path.length > 0 && !isElement) || (value !== undefined && isJsonObject(value));
}

/** An object gets one more member; anything else another value. */
function changeField(reading: Reading, record: JsonObject, path: Path, chooser: Chooser): JsonObject {
  const value = valueAt(reading, record, path);
  if (value === undefined || !isJsonObject(value))
    return putAt(
      reading,
      record,
      path,
      isList(value) ? 'changed' : pickOtherScalar(chooser, value ?? null),
    ) as JsonObject;
  return putAt(reading, record, [...path, freshName(chooser, value)], pickScalar(chooser)) as JsonObject;
}

/** Neither of two paths lies within the other. Both sides' edits, put on base one after the other, are what must come out. */
function checkDisjointEdits(
  subject: MergeUnderTest,
  { base, ours, theirs, settings, seed }: MergeCase,
): unknown {
  const record = base ?? ours ?? theirs;
  if (record === undefined) return saysNothing;
  const plain = plainSettings(settings, 'manual');
  const reading = readSettings(plain);
  const edits = disjointEdits(reading, record, createChooser(seed));
  const apply = (start: JsonObject, side: Edit['side']) =>
    edits
      .filter((edit) => edit.side === side)
      .reduce((edited, { path, put }) => putAt(reading, edited, path, put) as JsonObject, start);
  const expected = apply(apply(record, 'ours'), 'theirs');
  const sides = { base: record, ours: apply(record, 'ours'), theirs: apply(record, 'theirs') };
  const merge = subject.merge(sides, plain);
  demand(!merge.isHeld, 'edits of different fields do not conflict', () => ({
    sides,
    conflicts: merge.conflicts,
  }));
  demandSame(
    meaningOf(reading, merge.result),
    meaningOf(reading, expected),
    'the edits of both sides have arrived',
  );
  return new Set(edits.map(({ side }) => side)).size === 2 ? undefined : saysNothing;
}
