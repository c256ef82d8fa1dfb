import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import { isJsonObject } from '../../json/json-value.ts';
import { type Chooser, shuffle } from './chooser.fixture.ts';
import { pickOtherScalar, pickScalar } from './hostile-json.fixture.ts';
import { isList, objectOf, withMember, withoutMember } from './own-members.fixture.ts';
import { anyName, isAlong, type ListSpec, type Pattern } from './paths.fixture.ts';

/** Where lists stand (`meetings`, then any element, then `rooms`), and by what their elements are told apart. */
export interface ListPlace {
  readonly path: Pattern;
  readonly spec: ListSpec;
}

/** What a case's records are made of: a few names, and the lists that its settings declare. */
export interface Vocabulary {
  readonly names: readonly string[];
  readonly lists: readonly ListPlace[];
}

const keyValues: readonly JsonValue[] = [
  'm1',
  'm2',
  'm3',
  'm4',
  '1',
  1,
  '',
  'a/b',
  '~',
  '__proto__',
  'constructor',
  '"1"',
  true,
  '[1]',
];

/** A record that has the declared lists, filled, and else whatever the vocabulary allows. */
export function randomRecord(chooser: Chooser, vocabulary: Vocabulary): JsonObject {
  return randomObject(chooser, vocabulary, [], 0);
}

function randomObject(
  chooser: Chooser,
  vocabulary: Vocabulary,
  path: readonly string[],
  depth: number,
): JsonObject {
  const members = new Map<string, JsonValue>();
  const count = depth === 0 ? 2 + chooser.below(4) : chooser.below(4);
  const add = (name: string) => {
    if (!members.has(name)) members.set(name, randomValue(chooser, vocabulary, [...path, name], depth + 1));
  };
  for (const { path: place } of vocabulary.lists) {
    const next = place[path.length];
    if (
      next !== undefined &&
      next !== anyName &&
      place.length > path.length &&
      isAlong(place, path) &&
      chooser.chance(85)
    )
      add(next);
  }
  for (let index = 0; index < count; index++) add(chooser.pickEarly(vocabulary.names));
  return objectOf(members);
}

function randomValue(
  chooser: Chooser,
  vocabulary: Vocabulary,
  path: readonly string[],
  depth: number,
): JsonValue {
  const list = listAt(vocabulary, path);
  if (list !== undefined && chooser.chance(96)) return randomList(chooser, vocabulary, path, depth, list);
  if (leadsToList(vocabulary, path) && chooser.chance(85))
    return randomObject(chooser, vocabulary, path, depth);
  const dice = chooser.below(100);
  if (dice < 26 && depth < 4) return randomObject(chooser, vocabulary, path, depth);
  if (dice < 36) return randomArray(chooser, vocabulary, path, depth);
  return pickScalar(chooser);
}

function randomArray(
  chooser: Chooser,
  vocabulary: Vocabulary,
  path: readonly string[],
  depth: number,
): JsonValue {
  return Array.from({ length: chooser.below(4) }, () =>
    depth < 3 && chooser.chance(25)
      ? randomObject(chooser, vocabulary, [...path, '#'], depth + 1)
      : pickScalar(chooser),
  );
}

function randomList(
  chooser: Chooser,
  vocabulary: Vocabulary,
  path: readonly string[],
  depth: number,
  { spec }: ListPlace,
): JsonValue {
  if (spec === 'set') {
    const members = [...new Set(Array.from({ length: chooser.below(4) }, () => pickScalar(chooser)))];
    return chooser.chance(20)
      ? [...members, randomObject(chooser, { names: vocabulary.names, lists: [] }, [], 3)]
      : members;
  }
  const keys = shuffle(chooser, keyValues).slice(
    0,
    chooser.chance(92) ? 1 + chooser.pick([1, 1, 2, 2, 0, 3]) : 0,
  );
  const elements: JsonValue[] = keys.map((key) =>
    randomElement(chooser, vocabulary, path, depth, spec.key, key),
  );
  if (!chooser.chance(4)) return elements;
  // A list that keeps its elements from being told apart: a key twice, or none, or no object at all.
  const spoilt = [
    elements[0] ?? 1,
    {},
    null,
    'm1',
    randomObject(chooser, vocabulary, [...path, '#'], depth + 1),
  ];
  return [...elements, chooser.pick(spoilt)];
}

function randomElement(
  chooser: Chooser,
  vocabulary: Vocabulary,
  path: readonly string[],
  depth: number,
  keyNames: readonly string[],
  key: JsonValue,
): JsonObject {
  const element = randomObject(chooser, vocabulary, [...path, '#'], depth + 1);
  return keyNames.reduce(
    (whole, name, index) => withMember(whole, name, index === 0 ? key : chooser.pick([1, 2, '1'])),
    element,
  );
}

/** The declared list that stands at a path, if any; an element's own segment is of no account, so that `#` will do. */
export function listAt({ lists }: Vocabulary, path: readonly string[]): ListPlace | undefined {
  return lists.find((place) => place.path.length === path.length && isAlong(place.path, path));
}

function leadsToList({ lists }: Vocabulary, path: readonly string[]): boolean {
  return lists.some((place) => place.path.length >= path.length && isAlong(place.path, path));
}

/** One edit somewhere in a record, as a person or a system would make it. */
export function editRecord(chooser: Chooser, vocabulary: Vocabulary, record: JsonObject): JsonObject {
  const edited = edit(chooser, vocabulary, [], record, 0);
  return isJsonObject(edited) ? edited : record;
}

function edit(
  chooser: Chooser,
  vocabulary: Vocabulary,
  path: readonly string[],
  value: JsonValue,
  depth: number,
): JsonValue {
  if (depth > 0 && chooser.chance(4)) return randomValue(chooser, vocabulary, path, depth + 1);
  if (isJsonObject(value)) return editObject(chooser, vocabulary, path, value, depth);
  if (isList(value)) return editList(chooser, vocabulary, path, value, depth);
  return pickOtherScalar(chooser, value);
}

function editObject(
  chooser: Chooser,
  vocabulary: Vocabulary,
  path: readonly string[],
  object: JsonObject,
  depth: number,
): JsonObject {
  const names = Object.keys(object);
  const dice = chooser.below(100);
  if (names.length === 0 || dice < 16) {
    const name = chooser.pickEarly(vocabulary.names);
    return withMember(object, name, randomValue(chooser, vocabulary, [...path, name], depth + 1));
  }
  const ways = names.filter((name) => leadsToList(vocabulary, [...path, name]));
  const name = chooser.pickEarly(ways.length > 0 && chooser.chance(40) ? ways : names);
  if (dice < 30) return withoutMember(object, name);
  const member = object[name] as JsonValue;
  return withMember(object, name, edit(chooser, vocabulary, [...path, name], member, depth + 1));
}

function editList(
  chooser: Chooser,
  vocabulary: Vocabulary,
  path: readonly string[],
  list: readonly JsonValue[],
  depth: number,
): JsonValue {
  const place = listAt(vocabulary, path);
  const dice = chooser.below(100);
  if (list.length === 0 || dice < 14)
    return insert(chooser, list, freshElement(chooser, vocabulary, path, depth, place));
  const index = Math.min(chooser.below(list.length), chooser.below(list.length));
  if (dice < 24) return list.toSpliced(index, 1);
  if (dice < 34) return [...list.slice(1), ...list.slice(0, 1)];
  if (dice < 42) return shuffle(chooser, list);
  if (dice < 44) return [...list, list[index] as JsonValue];
  const element = list[index] as JsonValue;
  if (place?.spec === 'set') return list.with(index, freshElement(chooser, vocabulary, path, depth, place));
  return list.with(index, edit(chooser, vocabulary, [...path, '#'], element, depth + 1));
}

function insert(chooser: Chooser, list: readonly JsonValue[], element: JsonValue): JsonValue {
  return list.toSpliced(chooser.below(list.length + 1), 0, element);
}

function freshElement(
  chooser: Chooser,
  vocabulary: Vocabulary,
  path: readonly string[],
  depth: number,
  place: ListPlace | undefined,
): JsonValue {
  if (place === undefined || place.spec === 'set') return pickScalar(chooser);
  return randomElement(chooser, vocabulary, path, depth, place.spec.key, chooser.pick(keyValues));
}
