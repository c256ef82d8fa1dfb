import { canonicalJson } from '../../json/canonical-json.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import type { RecordSides } from '../merge-record.ts';
import type { Strategy } from '../strategy.ts';
import { isWithin, type Path } from './paths.fixture.ts';

/**
 * A record as a flat map: every object and every value in it by its path, an object as `{` and anything else as its JSON. The empty map is
 * no record at all.
 */
type PathMap = ReadonlyMap<string, Entry>;

interface Entry {
  readonly path: Path;
  readonly text: string;
}

interface Edit {
  readonly side: 'ours' | 'theirs';
  readonly path: Path;
}

/** What a merge says, as far as the reference says it, too. */
export interface ReferenceMerge {
  readonly conflicts: readonly Path[];
  /** The result by path where nothing is left to a person. */
  readonly result: readonly string[] | undefined;
}

/**
 * The merge of objects and values told in another way than the core's: not by descending into three records at once, but by listing what
 * each side edited, striking out of edits that meet those that lose, and carrying out the rest on base. It knows neither lists that are
 * declared, nor `always*`, nor volatile fields, nor nulls that stand for nothing.
 */
export function mergeByEdits(
  { base, ours, theirs }: RecordSides,
  strategyOf: (path: Path) => Strategy,
): ReferenceMerge {
  const sides = { ours: flatten(ours), theirs: flatten(theirs) };
  const start = withSharedObjects(flatten(base), sides.ours, sides.theirs);
  const edits = [...listEdits('ours', start, sides.ours), ...listEdits('theirs', start, sides.theirs)];
  const meeting = edits.flatMap((edit) =>
    edits.filter((other) => doMeet(edit, other, sides)).map((other) => highest(edit, other)),
  );
  const conflicts = meeting
    .filter((path) => meeting.every((other) => isSame(path, other) || !isWithin(path, other)))
    .filter((path, index, all) => all.findIndex((other) => isSame(path, other)) === index);
  const manual = conflicts.filter((path) => strategyOf(path) === 'manual');
  if (manual.length > 0) return { conflicts: manual, result: undefined };
  const losers = (path: Path) => (strategyOf(path) === 'resolveOurs' ? 'theirs' : 'ours');
  const won = edits.filter(({ side, path }) =>
    conflicts.every((conflict) => !isWithin(path, conflict) || losers(conflict) !== side),
  );
  return {
    conflicts: [],
    result: linesOf(won.reduce((map, { side, path }) => carryOut(map, sides[side], path), start)),
  };
}

export function linesOfRecord(record: JsonObject | undefined): readonly string[] {
  return linesOf(flatten(record));
}

function linesOf(map: PathMap): readonly string[] {
  return Array.from(map, ([key, { text }]) => `${key} ${text}`).sort();
}

function flatten(record: JsonObject | undefined): PathMap {
  const map = new Map<string, Entry>();
  const visit = (value: JsonValue, path: Path) => {
    const isObject = isJsonObject(value);
    map.set(JSON.stringify(path), { path, text: isObject ? '{' : canonicalJson(value) });
    if (isObject) for (const [name, member] of Object.entries(value)) visit(member, [...path, name]);
  };
  if (record !== undefined) visit(record, []);
  return map;
}

/** Where both sides have an object, base counts as having one too: what both added, or put in another's place, merges by member. */
function withSharedObjects(base: PathMap, ours: PathMap, theirs: PathMap): PathMap {
  const shared = [...ours].filter(([key, { text }]) => text === '{' && theirs.get(key)?.text === '{');
  return new Map([...base, ...shared]);
}

/** Where a side has something else than base, or one of them has nothing; of that, the highest. */
function listEdits(side: Edit['side'], base: PathMap, edited: PathMap): Edit[] {
  const differs = (key: string) => base.get(key)?.text !== edited.get(key)?.text;
  const paths = new Map([...base, ...edited]);
  return [...paths]
    .filter(
      ([key, { path }]) =>
        differs(key) && !path.some((_, length) => differs(JSON.stringify(path.slice(0, length)))),
    )
    .map(([, { path }]) => ({ side, path }));
}

/** Two sides' edits meet where one lies within the other; at one place, only where they say different things. */
function doMeet(edit: Edit, other: Edit, sides: Readonly<Record<Edit['side'], PathMap>>): boolean {
  if (edit.side === other.side) return false;
  if (!isSame(edit.path, other.path))
    return isWithin(edit.path, other.path) || isWithin(other.path, edit.path);
  const below = (map: PathMap) =>
    linesOf(new Map([...map].filter(([, { path }]) => isWithin(path, edit.path))));
  return JSON.stringify(below(sides.ours)) !== JSON.stringify(below(sides.theirs));
}

function highest(edit: Edit, other: Edit): Path {
  return edit.path.length <= other.path.length ? edit.path : other.path;
}

function isSame(a: Path, b: Path): boolean {
  return a.length === b.length && isWithin(a, b);
}

function carryOut(map: PathMap, edited: PathMap, at: Path): PathMap {
  const kept = [...map].filter(([, { path }]) => !isWithin(path, at));
  const put = [...edited].filter(([, { path }]) => isWithin(path, at));
  return new Map([...kept, ...put]);
}
