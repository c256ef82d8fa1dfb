import type { JsonObject } from '../../json/json-value.ts';
import type { RecordMerge, RecordSides } from '../merge-record.ts';
import type { MergeSettings } from '../merge-settings.ts';
import { createChooser } from './chooser.fixture.ts';
import { fieldsOf, hasHolder } from './fields-of.fixture.ts';
import { demand, demandSame, type Law, law, saysNothing } from './law.fixture.ts';
import { withMemberStrategy } from './map-settings.fixture.ts';
import { type MergeCase, mergeCases, randomSides } from './merge-case.fixture.ts';
import { type MergeUnderTest, settle } from './merge-under-test.fixture.ts';
import { keyedListsToObjects, meaningOf } from './normal-form.fixture.ts';
import { memberOf, withMember, withoutMember } from './own-members.fixture.ts';
import {
  anyName,
  areCompatible,
  elementsAt,
  goesBy,
  hasStrategyBelow,
  isAlong,
  isAlways,
  isVolatile,
  listSpecAt,
  type Path,
  type Reading,
  readSettings,
  segmentsOf,
  shownAmong,
  strategyAt,
  valueAt,
} from './paths.fixture.ts';

/** Laws 12, 20, 22: what a setting speaks of, and nothing else, is what it decides. */
export const settingsLaws: readonly Law[] = [
  law(
    12,
    'fields are independent: what happens to one has no say in what becomes of the others',
    mergeCases,
    checkIndependence,
  ),
  law(
    20,
    'a field that is always taken from a side is as that side has it, whatever base and the other side say',
    mergeCases,
    checkAlways,
  ),
  law(22, 'a keyed list merges as an object does whose members go by the key', mergeCases, checkKeyedList),
];

/** Where the record is on both sides: whether a record is there at all depends on all of its fields. */
function checkIndependence(
  subject: MergeUnderTest,
  { base, ours, theirs, settings, vocabulary, seed }: MergeCase,
): unknown {
  if (ours === undefined || theirs === undefined) return saysNothing;
  const chooser = createChooser(seed);
  const name = chooser.pick([
    ...new Set([...vocabulary.names, ...Object.keys(ours), ...Object.keys(theirs)]),
  ]);
  const other = chooser.chance(50) ? {} : randomSides(chooser, vocabulary);
  const exchange = (side: JsonObject, source: JsonObject | undefined) => {
    const member = source === undefined ? undefined : memberOf(source, name);
    return member === undefined ? withoutMember(side, name) : withMember(side, name, member);
  };
  const exchanged = {
    base: base && exchange(base, other.base),
    ours: exchange(ours, other.ours),
    theirs: exchange(theirs, other.theirs),
  };
  const was = restWithout(subject, { base, ours, theirs }, settings, name);
  const is = restWithout(subject, exchanged, settings, name);
  demandSame(
    JSON.stringify(is),
    JSON.stringify(was),
    `what is outside ${JSON.stringify(name)} merges as before`,
  );
  return undefined;
}

/** All that a merge says of everything but one member; a held record is looked at as if all were decided for ours. */
function restWithout(
  subject: MergeUnderTest,
  sides: RecordSides,
  settings: MergeSettings,
  name: string,
): unknown {
  const merge = subject.merge(sides, settings);
  const settled = settle(subject, sides, settings);
  const isElsewhere = ({ pointer }: { readonly pointer: string }) => segmentsOf(pointer)[0] !== name;
  const result = settled.result && withoutMember(settled.result, name);
  return {
    result: meaningOf(readSettings(settings), result),
    conflicts: merge.conflicts.filter(isElsewhere),
    toOurs: settled.toOurs.filter(isElsewhere),
    toTheirs: settled.toTheirs.filter(isElsewhere),
    remarks: merge.remarks.filter(isElsewhere),
  };
}

/**
 * Of fields whose record, object or element came out as there: whether those are there is not the field's to say. And of fields that no
 * longer pointer takes a part out of. Volatile ones follow theirs before anything else is asked.
 */
function checkAlways(subject: MergeUnderTest, { base, ours, theirs, settings, seed }: MergeCase): unknown {
  const reading = readSettings(settings);
  let taken = 0;
  const { result } = settle(subject, { base, ours, theirs }, settings);
  for (const path of result === undefined ? [] : fieldsOf(reading, { base, ours, theirs })) {
    const strategy = strategyAt(reading, path);
    if (path.length === 0 || (strategy !== 'alwaysOurs' && strategy !== 'alwaysTheirs')) continue;
    if (hasStrategyBelow(reading, path) || !hasHolder(reading, result, path) || isVolatile(reading, path))
      continue;
    if (lacksUnit(reading, { ours, theirs }, path)) continue;
    const side = strategy === 'alwaysOurs' ? ours : theirs;
    const [expected, actual] = [side, result].map((value) =>
      meaningOf(reading, valueAt(reading, value, path), path),
    );
    demandSame(actual ?? '', expected ?? '', `${JSON.stringify(path)} is as its side has it`);
    taken++;
  }
  checkAlwaysAlone(subject, { base, ours, theirs }, settings, seed);
  return taken > 0 ? undefined : saysNothing;
}

/** A record, a keyed list or an element of one that one side lacks is there as the other side has it, or not at all; an object is not. */
function lacksUnit(reading: Reading, { ours, theirs }: RecordSides, path: Path): boolean {
  return path.some((_, length) => {
    const above = path.slice(0, length);
    const isUnit = length === 0 || isKeyedAt(reading, above) || isKeyedAt(reading, above.slice(0, -1));
    return isUnit && [ours, theirs].some((side) => !hasHolder(reading, side, path.slice(0, length + 1)));
  });
}

/** To take a member from a side leaves the others as they were. */
function checkAlwaysAlone(
  subject: MergeUnderTest,
  sides: RecordSides,
  settings: MergeSettings,
  seed: number,
): void {
  const { ours, theirs } = sides;
  if (ours === undefined || theirs === undefined) return;
  const names = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
  if (names.length === 0) return;
  const chooser = createChooser(seed);
  const name = chooser.pick(names);
  const strategy = chooser.pick(['alwaysOurs', 'alwaysTheirs'] as const);
  const was = restWithout(subject, sides, settings, name);
  const is = restWithout(subject, sides, withMemberStrategy(settings, name, strategy), name);
  demandSame(
    JSON.stringify(is),
    JSON.stringify(was),
    `${strategy} on ${JSON.stringify(name)} leaves the other fields alone`,
  );
}

/** Where every declared list, on every side, has elements that can be told apart; where they cannot, the list is one field. */
function checkKeyedList(subject: MergeUnderTest, { base, ours, theirs, settings }: MergeCase): unknown {
  const reading = readSettings(settings);
  if (!reading.lists.some(({ value }) => value !== 'set')) return saysNothing;
  if (speaksOfKeys(reading) || lacksWhatIsTaken(reading, { base, ours, theirs })) return saysNothing;
  if (namesOtherThanShown(reading, { base, ours, theirs })) return saysNothing;
  const toObjects = (side: JsonObject) => keyedListsToObjects(reading, side, [base, ours, theirs]);
  const sides = mapPresent({ base, ours, theirs }, toObjects);
  if (sides === undefined) return saysNothing;
  const asObjects = {
    ...settings,
    lists: Object.fromEntries(Object.entries(settings.lists ?? {}).filter(isSet)),
  };
  const asList = subject.merge({ base, ours, theirs }, settings);
  const asMap = subject.merge(sides, asObjects);
  demandSame(pointersOf(asList), pointersOf(asMap), 'conflicts are at the same pointers');
  const result = asList.result && toObjects(asList.result);
  demand(
    (result === undefined) === (asList.result === undefined),
    'the elements can still be told apart',
    () => asList,
  );
  const asRead = readSettings(asObjects);
  demandSame(meaningOf(asRead, result), meaningOf(asRead, asMap.result), 'the elements are as the members');
  return undefined;
}

/**
 * An object that a side lacks stays where a field in it is always taken from the other side. An element of a list is a unit, as a record
 * is: it is there as the other side has it, or not at all.
 */
function lacksWhatIsTaken(reading: Reading, { base, ours, theirs }: RecordSides): boolean {
  const isUnit = (path: Path) => isKeyedAt(reading, path) || isKeyedAt(reading, path.slice(0, -1));
  return fieldsOf(reading, { base, ours, theirs }).some(
    (path) =>
      path.length > 0 &&
      isUnit(path) &&
      hasStrategyBelow(reading, path, isAlways(strategyAt(reading, path)) ? undefined : isAlways) &&
      [ours, theirs].some((side) => valueAt(reading, side, path) === undefined),
  );
}

/** A pattern may name an element in another way than the member goes by that stands for it. */
function namesOtherThanShown(reading: Reading, { base, ours, theirs }: RecordSides): boolean {
  const patterns = [...reading.volatile, ...reading.levels.flat().map(({ path }) => path)];
  return fieldsOf(reading, { base, ours, theirs }).some((path) => {
    const elements = elementsAt(reading, [base, ours, theirs], path);
    return elements.some((element) =>
      patterns.some((pattern) => {
        const segment = pattern[path.length];
        if (typeof segment !== 'string' || !isAlong(pattern, path)) return false;
        return goesBy(element, segment) !== (shownAmong(elements, element) === segment);
      }),
    );
  });
}

function isKeyedAt(reading: Reading, path: Path): boolean {
  const spec = listSpecAt(reading, path);
  return spec !== undefined && spec !== 'set';
}

function isSet([, spec]: readonly [string, unknown]): boolean {
  return spec === 'set';
}

function pointersOf({ conflicts }: RecordMerge): string {
  return conflicts
    .map(({ pointer, kind }) => `${kind} ${pointer}`)
    .sort()
    .join('\n');
}

function mapPresent(
  sides: RecordSides,
  change: (side: JsonObject) => JsonObject | undefined,
): RecordSides | undefined {
  const changed = Object.entries(sides).map(([name, side]) => [name, side && change(side), side] as const);
  if (changed.some(([, made, side]) => side !== undefined && made === undefined)) return undefined;
  return Object.fromEntries(changed.map(([name, made]) => [name, made]));
}

/** In a list, what the key is made of tells elements apart whatever else is said of it; in an object it is a member like others. */
function speaksOfKeys({ lists, volatile, levels }: Reading): boolean {
  const patterns = [...volatile, ...levels.flat().map(({ path }) => path)];
  return lists.some(({ path, value }) => {
    if (value === 'set') return false;
    return patterns.some((pattern) => {
      const segment = pattern[path.length + 1];
      const isKey = segment === anyName || (segment !== undefined && value.key.includes(segment));
      return isKey && areCompatible(path, pattern);
    });
  });
}
