import { canonicalJson, jsonPointer } from '../../json/canonical-json.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import type { RecordSides } from '../merge-record.ts';
import type { MergeSettings } from '../merge-settings.ts';
import type { Strategy } from '../strategy.ts';
import { isList, memberOf } from './own-members.fixture.ts';

/** The record that all cases are about: the settings' overrides are looked up by it. */
export const recordId = '__proto__';

/** Names from the record down to a field, unescaped; an element of a keyed list goes by a mark and the canonical JSON of its key. */
export type Path = readonly string[];

/** A pointer pattern taken apart; `anyName` stands for any segment, and a member that is named `*` is just that. */
export type Pattern = readonly (string | typeof anyName)[];

export const anyName = Symbol('*');

/** A pattern, and what the settings say there. */
export interface Place<T> {
  readonly path: Pattern;
  readonly value: T;
}

export type ListSpec = { readonly key: readonly string[] } | 'set';

/** What the settings say of one record, read by the laws on their own: the core's reading is what they check. */
export interface Reading {
  readonly lists: readonly Place<ListSpec>[];
  readonly volatile: readonly Pattern[];
  readonly nullIsAbsent: boolean;
  /** The record's own exceptions and fallback, then the entity type's; the first level that has a say decides. */
  readonly levels: readonly (readonly Place<Strategy>[])[];
}

const readings = new WeakMap<MergeSettings, Reading>();

export function readSettings(settings: MergeSettings): Reading {
  const known = readings.get(settings);
  if (known !== undefined) return known;
  const reading: Reading = {
    lists: placesOf(settings.lists),
    volatile: (settings.volatile ?? []).map(patternOf),
    nullIsAbsent: settings.nullIsAbsent ?? false,
    levels: [levelOf(overrideIn(settings)), levelOf(settings)],
  };
  readings.set(settings, reading);
  return reading;
}

function overrideIn({ records = {} }: MergeSettings): Pick<MergeSettings, 'default' | 'fields'> {
  const override = Object.hasOwn(records, recordId) ? records[recordId] : undefined;
  return typeof override === 'object' ? override : override === undefined ? {} : { default: override };
}

function levelOf({
  default: fallback,
  fields,
}: Pick<MergeSettings, 'default' | 'fields'>): Place<Strategy>[] {
  return [...(fallback === undefined ? [] : [{ path: [], value: fallback }]), ...placesOf(fields)];
}

function placesOf<T>(patterns: Readonly<Record<string, T>> | undefined): Place<T>[] {
  return Object.entries(patterns ?? {}).map(([pattern, value]) => ({ path: patternOf(pattern), value }));
}

/** The path that a pointer stands for, which shows elements by what they go by in their list, on whichever side. */
export function pathIn(reading: Reading, { base, ours, theirs }: RecordSides, pointer: string): Path {
  const path: string[] = [];
  for (const segment of segmentsOf(pointer)) {
    const elements = elementsAt(reading, [base, ours, theirs], path);
    path.push(elements.find((element) => shownAmong(elements, element) === segment) ?? segment);
  }
  return path;
}

export function segmentsOf(pointer: string): readonly string[] {
  return pointer.split('/').slice(1).map(unescapeSegment);
}

/** The elements of a keyed list on all sides together, by what they go by in paths. */
export function elementsAt(
  reading: Reading,
  sides: readonly (JsonValue | undefined)[],
  path: Path,
): readonly string[] {
  const spec = listSpecAt(reading, path);
  if (spec === undefined || spec === 'set') return [];
  const lists = sides.map((side) => valueAt(reading, side, path)).filter(isList);
  return [...new Set(lists.flatMap((list) => [...(elementsByKey(list, spec.key)?.keys() ?? [])]))];
}

/** A text by itself, unless another element already goes by that; then, and for any other key, canonical JSON. */
export function shownAmong(elements: readonly string[], element: string): string {
  const json = element.slice(elementMark.length);
  const key = JSON.parse(json) as JsonValue;
  if (typeof key !== 'string') return json;
  const isTaken = elements.some((other) => {
    // Shorter keys first, so that this ends: what a text can be taken for is shorter than the text's own JSON.
    if (other === element || other.length >= element.length) return false;
    return shownAmong(elements, other) === key;
  });
  return isTaken ? json : key;
}

function unescapeSegment(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** In a pattern `*` is any segment, and `~2` a name that is just a star. */
export function patternOf(pattern: string): Pattern {
  return pattern
    .split('/')
    .slice(1)
    .map((segment) => (segment === '*' ? anyName : segment === '~2' ? '*' : unescapeSegment(segment)));
}

export function patternText(pattern: Pattern): string {
  return pattern
    .map((segment) => (segment === anyName ? '/*' : segment === '*' ? '/~2' : jsonPointer([segment])))
    .join('');
}

/** Whether a pattern speaks of the beginning of a path. */
export function isPrefix(pattern: Pattern, path: Path): boolean {
  return pattern.length <= path.length && isAlong(pattern, path);
}

/** Whether pattern and path say the same, as far as both go. */
export function isAlong(pattern: Pattern, path: Path): boolean {
  const length = Math.min(pattern.length, path.length);
  for (let index = 0; index < length; index++) {
    const segment = pattern[index];
    if (segment !== anyName && !goesBy(path[index] as string, segment as string)) return false;
  }
  return true;
}

const elementMark = '\u0000';

/** A pattern may name an element of which the key is a text by that text, or in quotes. */
export function goesBy(name: string, segment: string): boolean {
  if (!name.startsWith(elementMark)) return name === segment;
  const json = name.slice(elementMark.length);
  return json === segment || (json.startsWith('"') && JSON.parse(json) === segment);
}

/** Whether some path fits both, as far as the place goes. */
export function areCompatible(place: Pattern, pattern: Pattern): boolean {
  return place.every(
    (segment, at) => segment === anyName || pattern[at] === anyName || segment === pattern[at],
  );
}

/** The strategy of a field: the record's own exception, else the longest matching pointer, else the default, else `manual`. */
export function strategyAt({ levels }: Reading, path: Path): Strategy {
  for (const level of levels) {
    const [best] = level
      .filter((place) => isPrefix(place.path, path))
      .sort((a, b) => comparePrecedence(a.path, b.path, path));
    if (best !== undefined) return best.value;
  }
  return 'manual';
}

/** The longer first; of equally long ones that which is literal where the other has `*`, or quoted where it is not, from the left. */
function comparePrecedence(a: Pattern, b: Pattern, path: Path): number {
  if (a.length !== b.length) return b.length - a.length;
  const vagueness = (segment: Pattern[number] | undefined, at: number) =>
    segment === anyName ? 2 : path[at] === `${elementMark}${segment}` ? 0 : 1;
  for (let at = 0; at < a.length; at++) {
    const difference = vagueness(a[at], at) - vagueness(b[at], at);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether some field strictly below a path has a strategy of its own. */
export function hasStrategyBelow(
  { levels }: Reading,
  path: Path,
  of: (strategy: Strategy) => boolean = () => true,
): boolean {
  return levels.some((level) =>
    level.some((place) => place.path.length > path.length && isAlong(place.path, path) && of(place.value)),
  );
}

export function isAlways(strategy: Strategy): boolean {
  return strategy === 'alwaysOurs' || strategy === 'alwaysTheirs';
}

/** Whether the settings have an `always*` that could reach the record at all. */
export function hasAlways({ levels }: Reading): boolean {
  return levels.some((level) => level.some(({ value }) => isAlways(value)));
}

/** Whether no change is seen in a field. What tells an element of a keyed list from others is never volatile by itself. */
export function isVolatile(reading: Reading, path: Path): boolean {
  return reading.volatile.some(
    (pattern) => isPrefix(pattern, path) && !isWithinKey(reading, path, pattern.length),
  );
}

function isWithinKey(reading: Reading, path: Path, depth: number): boolean {
  for (let at = 2; at <= depth; at++) {
    const spec = listSpecAt(reading, path.slice(0, at - 2));
    if (spec !== undefined && spec !== 'set' && spec.key.includes(path[at - 1] ?? '')) return true;
  }
  return false;
}

export function listSpecAt({ lists }: Reading, path: Path): ListSpec | undefined {
  return lists.find((place) => place.path.length === path.length && isAlong(place.path, path))?.value;
}

/** The elements by what they go by in paths, or nothing where they cannot be told apart. */
export function elementsByKey(
  list: readonly JsonValue[],
  keyNames: readonly string[],
): Map<string, JsonObject> | undefined {
  const elements = new Map<string, JsonObject>();
  for (const element of list) {
    const segment = isJsonObject(element) ? segmentOf(element, keyNames) : undefined;
    if (segment === undefined || elements.has(segment)) return undefined;
    elements.set(segment, element as JsonObject);
  }
  return elements;
}

/** What an element goes by in paths; nothing where it has no key. */
export function segmentOf(element: JsonObject, keyNames: readonly string[]): string | undefined {
  const values = keyNames.map((name) => memberOf(element, name) ?? null);
  if (values.includes(null)) return undefined;
  const [only] = values;
  return `${elementMark}${canonicalJson(values.length > 1 || only === undefined ? values : only)}`;
}

/** What a side has at a path; elements of keyed lists are found by their key. */
export function valueAt(reading: Reading, side: JsonValue | undefined, path: Path): JsonValue | undefined {
  let value = side;
  for (let depth = 0; depth < path.length; depth++) {
    const segment = path[depth] as string;
    if (value === undefined) return undefined;
    if (isList(value)) {
      const spec = listSpecAt(reading, path.slice(0, depth));
      if (spec === undefined || spec === 'set') return undefined;
      value = elementsByKey(value, spec.key)?.get(segment);
    } else {
      value = isJsonObject(value) ? memberOf(value, segment) : undefined;
    }
  }
  return value;
}

/** Whether a path is another's, or leads further down from there. */
export function isWithin(path: Path, holder: Path): boolean {
  return holder.length <= path.length && holder.every((segment, index) => segment === path[index]);
}

/** What tells an element from others: changing it is deleting one element and adding another. */
export function isKeyMember(reading: Reading, path: Path): boolean {
  const spec = path.length < 2 ? undefined : listSpecAt(reading, path.slice(0, -2));
  return spec !== undefined && spec !== 'set' && spec.key.includes(path.at(-1) ?? '');
}
