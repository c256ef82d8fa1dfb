import { canonicalJson } from '../../json/canonical-json.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { isList, objectOf } from './own-members.fixture.ts';
import {
  elementsAt,
  elementsByKey,
  isVolatile,
  listSpecAt,
  type Path,
  type Reading,
  shownAmong,
} from './paths.fixture.ts';

/** What a comparison leaves out. */
export interface Blindness {
  /** Fields that take no part. */
  readonly to?: (path: Path) => boolean;
  /** Whether an object or keyed list that is empty counts as absent: where fields were left out, nobody can tell. */
  readonly toEmpty?: boolean;
  /** Whether lists are looked at as one field each, in which the order counts although they are keyed. */
  readonly toLists?: boolean;
  /** Whether the order of a keyed list counts; without this it does not. */
  readonly seesOrder?: (path: Path) => boolean;
}

/**
 * A text that two values share exactly when they mean the same under the settings: without volatile fields, without null members where
 * null is absent, and with keyed lists and sets in one order. Absence has a text too.
 */
export function meaningOf(
  reading: Reading,
  value: JsonValue | undefined,
  path: Path = [],
  blindness: Blindness = {},
): string {
  const isGone = value === undefined || (value === null && reading.nullIsAbsent);
  const normal = isGone ? undefined : normalForm(reading, value, path, blindness);
  return normal === undefined ? 'absent' : canonicalJson(normal);
}

/** As `meaningOf`, with the order of keyed lists. */
export function orderedMeaningOf(reading: Reading, value: JsonValue | undefined): string {
  return meaningOf(reading, value, [], { seesOrder: () => true });
}

function normalForm(
  reading: Reading,
  value: JsonValue,
  path: Path,
  blindness: Blindness,
): JsonValue | undefined {
  if (isVolatile(reading, path) || blindness.to?.(path)) return undefined;
  if (isList(value)) return normalList(reading, value, path, blindness);
  if (!isJsonObject(value)) return value;
  const members = normalMembers(reading, Object.entries(value), path, blindness);
  return members.length === 0 && blindness.toEmpty === true && path.length > 0
    ? undefined
    : objectOf(members);
}

function normalMembers(
  reading: Reading,
  entries: Iterable<readonly [string, JsonValue]>,
  path: Path,
  blindness: Blindness,
): (readonly [string, JsonValue])[] {
  const members: (readonly [string, JsonValue])[] = [];
  for (const [name, member] of entries) {
    const normal =
      member === null && reading.nullIsAbsent
        ? undefined
        : normalForm(reading, member, [...path, name], blindness);
    if (normal !== undefined) members.push([name, normal]);
  }
  return members;
}

function normalList(
  reading: Reading,
  list: readonly JsonValue[],
  path: Path,
  blindness: Blindness,
): JsonValue | undefined {
  const spec = listSpecAt(reading, path);
  const asOneField = () => {
    const [field] = insideField(reading, list, path);
    const isBare = spec !== undefined && field !== undefined && isList(field) && field.length === 0;
    return isBare && blindness.toEmpty === true ? undefined : field;
  };
  if (spec === undefined || blindness.toLists === true) return asOneField();
  if (spec === 'set') {
    return sortSet(reading, list) ?? asOneField();
  }
  const elements = elementsByKey(list, spec.key);
  if (elements === undefined) return asOneField();
  const members = normalMembers(reading, elements, path, blindness);
  if (members.length === 0) return blindness.toEmpty === true ? undefined : [];
  return blindness.seesOrder?.(path) ? members.map((member) => [...member]) : [objectOf(members)];
}

/** Within a list that is one field the order is of account, and strategies are not; what is volatile or null-and-absent is still not seen. */
function insideField(reading: Reading, value: JsonValue, path: Path): readonly JsonValue[] {
  if (isVolatile(reading, path)) return [];
  if (isList(value)) {
    const spec = listSpecAt(reading, path);
    if (spec === 'set')
      return [sortSet(reading, value) ?? value.map((member) => withoutNullMembers(reading, member))];
    const segments = spec === undefined ? undefined : elementsByKey(value, spec.key);
    const names = segments === undefined ? value.map((_, index) => String(index)) : [...segments.keys()];
    return [value.flatMap((element, index) => insideField(reading, element, [...path, names[index] ?? '']))];
  }
  if (!isJsonObject(value)) return [value];
  const members = Object.entries(value).flatMap(([name, member]) =>
    member === null && reading.nullIsAbsent
      ? []
      : insideField(reading, member, [...path, name]).map((kept) => [name, kept] as const),
  );
  return [objectOf(members)];
}

/** In which order a set stands says nothing; nothing where something comes twice. */
function sortSet(reading: Reading, list: readonly JsonValue[]): readonly JsonValue[] | undefined {
  const texts = list.map((member) => canonicalJson(withoutNullMembers(reading, member)));
  return new Set(texts).size === texts.length ? texts.sort() : undefined;
}

function withoutNullMembers(reading: Reading, value: JsonValue): JsonValue {
  if (!reading.nullIsAbsent) return value;
  if (isList(value)) return value.map((element) => withoutNullMembers(reading, element));
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return objectOf(members.map(([name, member]) => [name, withoutNullMembers(reading, member)]));
}

/** The text of a value with the order of lists: what a law compares that claims equality without reserve. */
export function textOf(value: JsonValue | undefined): string {
  return value === undefined ? 'absent' : canonicalJson(value);
}

/** The record with its keyed lists as objects by what is shown of the key among all sides, or nothing where some list cannot be one. */
export function keyedListsToObjects(
  reading: Reading,
  record: JsonObject,
  sides: readonly (JsonObject | undefined)[],
): JsonObject | undefined {
  let isWhole = true;
  const convert = (value: JsonValue, path: Path): JsonValue => {
    const spec = listSpecAt(reading, path);
    if (spec !== undefined && spec !== 'set') {
      const elements = isList(value) ? elementsByKey(value, spec.key) : undefined;
      if (elements !== undefined) return convertMembers(elements, path, elementsAt(reading, sides, path));
      isWhole = false;
    }
    return isJsonObject(value) ? convertMembers(Object.entries(value), path) : value;
  };
  const convertMembers = (
    entries: Iterable<readonly [string, JsonValue]>,
    path: Path,
    among: readonly string[] = [],
  ) =>
    objectOf(
      Array.from(entries, ([name, member]) => {
        const shown = among.includes(name) ? shownAmong(among, name) : name;
        return [shown, convert(member, [...path, name])] as const;
      }),
    );
  const converted = convertMembers(Object.entries(record), []);
  return isWhole ? converted : undefined;
}
