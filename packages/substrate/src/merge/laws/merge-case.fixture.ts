import fc from 'fast-check';
import { isJsonObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import type { RecordSides } from '../merge-record.ts';
import type { MergeSettings } from '../merge-settings.ts';
import { type Chooser, createChooser, shuffle } from './chooser.fixture.ts';
import { pickNames } from './hostile-json.fixture.ts';
import { cloneJson, freeze, isList, objectOf } from './own-members.fixture.ts';
import { editRecord, randomRecord, type Vocabulary } from './random-record.fixture.ts';
import { randomLists, randomSettings } from './random-settings.fixture.ts';
import { shrinkCase } from './shrink-case.fixture.ts';

/** One record on three sides with the settings to merge it by. A law that needs more choices (a field, an order) draws them from `seed`. */
export interface MergeCase extends RecordSides {
  readonly settings: MergeSettings;
  readonly vocabulary: Vocabulary;
  readonly seed: number;
}

export function randomCase(chooser: Chooser): MergeCase {
  const names = pickNames(chooser, 5);
  const lists = randomLists(chooser, names);
  const vocabulary = { names, lists };
  const sides = randomSides(chooser, vocabulary);
  const settings = randomSettings(chooser, lists, [sides.ours, sides.theirs, sides.base]);
  return { ...sides, settings, vocabulary, seed: chooser.seed() };
}

/**
 * Sides as they come about: both go back to one record and were edited since. Now and then one is missing, or has nothing to do with the
 * rest. They are frozen, since laws share them.
 */
export function randomSides(chooser: Chooser, vocabulary: Vocabulary): RecordSides {
  const origin = randomRecord(chooser, vocabulary);
  const shared = chooser.chance(20) ? editOften(chooser, vocabulary, origin, 2) : origin;
  const side = (): JsonObject | undefined => {
    if (chooser.chance(6)) return undefined;
    const record = chooser.chance(4)
      ? randomRecord(chooser, vocabulary)
      : editOften(chooser, vocabulary, shared, chooser.pickEarly([2, 1, 3, 0, 4, 5]));
    return freeze(chooser.chance(30) ? shuffleMembers(chooser, record) : cloneJson(record));
  };
  return { base: chooser.chance(11) ? undefined : freeze(origin), ours: side(), theirs: side() };
}

function editOften(chooser: Chooser, vocabulary: Vocabulary, record: JsonObject, times: number): JsonObject {
  let edited = record;
  for (let time = 0; time < times; time++) edited = editRecord(chooser, vocabulary, edited);
  return edited;
}

/** A copy with the members of every object in another order; of lists the order stays. */
export function shuffleMembers<T extends JsonValue>(chooser: Chooser, value: T): T;
export function shuffleMembers(chooser: Chooser, value: JsonValue): JsonValue {
  if (isList(value)) return value.map((element) => shuffleMembers(chooser, element));
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).map(
    ([name, member]) => [name, shuffleMembers(chooser, member)] as const,
  );
  return objectOf(shuffle(chooser, members));
}

/** A few kilobytes each. */
const mostKept = 20_000;

/** An arbitrary of cases that a chooser makes. Only a class can be one; shrinking takes away and simplifies, side by side and setting by setting. */
class Chosen<T> extends fc.Arbitrary<T> {
  readonly #make: (chooser: Chooser) => T;
  readonly #simpler: (value: T) => Iterable<T>;
  /** Laws that start from one seed see the same cases, which are drawn, and their settings compiled, once. */
  readonly #drawn = new Map<number, T>();

  constructor(make: (chooser: Chooser) => T, simpler: (value: T) => Iterable<T>) {
    super();
    this.#make = make;
    this.#simpler = simpler;
  }

  generate(random: fc.Random): fc.Value<T> {
    const seed = random.nextInt();
    const value = this.#drawn.get(seed) ?? this.#make(createChooser(seed));
    if (this.#drawn.size < mostKept) this.#drawn.set(seed, value);
    return new fc.Value(value, undefined);
  }

  canShrinkWithoutContext(_value: unknown): _value is T {
    return false;
  }

  shrink(value: T): fc.Stream<fc.Value<T>> {
    const values = Iterator.from(this.#simpler(value)).map((simpler) => new fc.Value(simpler, undefined));
    return fc.stream(values);
  }
}

/** An arbitrary of what `make` draws; without `simpler` it does not shrink. */
export function chosen<T>(
  make: (chooser: Chooser) => T,
  simpler: (value: T) => Iterable<T> = () => [],
): fc.Arbitrary<T> {
  return new Chosen(make, simpler);
}

export const mergeCases: fc.Arbitrary<MergeCase> = chosen(randomCase, shrinkCase);
