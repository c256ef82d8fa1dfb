import { isJsonObject, type JsonValue } from '../../json/json-value.ts';
import type { MergeSettings } from '../merge-settings.ts';
import { isList, objectOf } from './own-members.fixture.ts';
import { anyName, areCompatible, type Pattern, patternOf, patternText } from './paths.fixture.ts';

/** Settings before and after a renaming, and the renaming of what they speak of. */
export interface Renaming {
  readonly before: MergeSettings;
  readonly after: MergeSettings;
  readonly rename: <T extends JsonValue>(value: T) => T;
}

/** Gives every scalar but null another value, each its own: texts, numbers and truth values all become texts. */
export function renameValues(settings: MergeSettings): Renaming {
  // A pattern may name an element by its key's value, which is renamed; here it speaks of any element instead.
  const before = mapPatterns(
    settings,
    (pattern) => withoutKeys(pattern, settings),
    (name) => name,
  );
  return { before, after: before, rename: (value) => deepRename(value, (name) => name, renameScalar) };
}

/** Gives every member a tame name, its own. */
export function renameNames(settings: MergeSettings): Renaming {
  const before = mapPatterns(
    // A numeral in a volatile pattern may also be the place of an element, which has no name.
    { ...settings, volatile: (settings.volatile ?? []).filter((pattern) => !/\/\d+(\/|$)/.test(pattern)) },
    (pattern) => withoutKeys(pattern, settings),
    (name) => name,
  );
  const renamePattern = (pattern: Pattern) =>
    pattern.map((segment) => (segment === anyName ? segment : renameMember(segment)));
  const after = mapPatterns(before, renamePattern, renameMember);
  return { before, after, rename: (value) => deepRename(value, renameMember, (scalar) => scalar) };
}

function renameScalar(scalar: JsonValue): JsonValue {
  if (typeof scalar === 'string') return `=${scalar}`;
  return scalar === null ? null : `${typeof scalar} ${JSON.stringify(scalar)}`;
}

function renameMember(name: string): string {
  return `m${Buffer.from(name).toString('hex')}`;
}

function deepRename<T extends JsonValue>(
  value: T,
  name: (name: string) => string,
  scalar: (scalar: JsonValue) => JsonValue,
): T;
function deepRename(
  value: JsonValue,
  name: (name: string) => string,
  scalar: (scalar: JsonValue) => JsonValue,
): JsonValue {
  if (isList(value)) return value.map((element) => deepRename(element, name, scalar));
  if (!isJsonObject(value)) return scalar(value);
  return objectOf(
    Object.entries(value).map(([member, held]) => [name(member), deepRename(held, name, scalar)]),
  );
}

function withoutKeys(pattern: Pattern, { lists = {} }: MergeSettings): Pattern {
  const places = Object.keys(lists).map(patternOf);
  return pattern.map((segment, index) =>
    places.some((place) => place.length === index && areCompatible(place, pattern)) ? anyName : segment,
  );
}

function mapPatterns(
  settings: MergeSettings,
  change: (pattern: Pattern) => Pattern,
  changeKey: (name: string) => string,
): MergeSettings {
  const changeText = (pattern: string) => patternText(change(patternOf(pattern)));
  const mapTable = <T>(table: Readonly<Record<string, T>> | undefined) =>
    Object.fromEntries(Object.entries(table ?? {}).map(([pattern, said]) => [changeText(pattern), said]));
  return {
    ...settings,
    fields: mapTable(settings.fields),
    records: Object.fromEntries(
      Object.entries(settings.records ?? {}).map(([id, override]) => [
        id,
        typeof override === 'string' ? override : { ...override, fields: mapTable(override.fields) },
      ]),
    ),
    lists: Object.fromEntries(
      Object.entries(settings.lists ?? {}).map(([pattern, spec]) => [
        changeText(pattern),
        spec === 'set' ? spec : { key: spec.key.map(changeKey) },
      ]),
    ),
    volatile: (settings.volatile ?? []).map(changeText),
  };
}
