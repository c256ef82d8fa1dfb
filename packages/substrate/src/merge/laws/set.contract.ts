import { isJsonObject, type JsonObject } from '../../json/json-value.ts';
import type { RecordSides } from '../merge-record.ts';
import type { SetEntry, SetMerge } from '../merge-set.ts';
import type { MergeSettings } from '../merge-settings.ts';
import type { Chooser } from './chooser.fixture.ts';
import { demand, demandSame, type Law, law } from './law.fixture.ts';
import { chosen, type MergeCase, randomCase, randomSides } from './merge-case.fixture.ts';
import type { MergeUnderTest } from './merge-under-test.fixture.ts';
import { recordId } from './paths.fixture.ts';
import { shrinkCase } from './shrink-case.fixture.ts';

/** A few records under one roof; their ids are hostile, too. */
interface SetCase {
  readonly settings: MergeSettings;
  readonly records: ReadonlyMap<string, RecordSides>;
}

const ids = [recordId, '', '10', '9', 'a', 'a/b', 'constructor', 'é', '\uffff', '😀'];

function randomSet(chooser: Chooser): SetCase {
  const first = randomCase(chooser);
  const records = new Map<string, RecordSides>([[recordId, first]]);
  for (let more = chooser.below(4); more > 0; more--) {
    const sides = randomSides(chooser, first.vocabulary);
    // Most records of a real set are the same on all sides.
    records.set(
      chooser.pick(ids),
      chooser.chance(60) ? { base: sides.base, ours: sides.base, theirs: sides.base } : sides,
    );
  }
  return { settings: first.settings, records };
}

function* shrinkSet({ settings, records }: SetCase): Generator<SetCase> {
  for (const [id, sides] of records) {
    if (records.size > 1)
      yield { settings, records: new Map([...records].filter(([other]) => other !== id)) };
    const single: MergeCase = { ...sides, settings, vocabulary: { names: [], lists: [] }, seed: 0 };
    for (const simpler of shrinkCase(single)) {
      yield { settings: simpler.settings, records: new Map(records).set(id, simpler) };
    }
  }
}

const setCases = chosen(randomSet, shrinkSet);

/** Laws 15, 21: a set is its records, and to skip by hash is only faster. */
export const setLaws: readonly Law[] = [
  law(15, 'the plan of a set is the plans of its records, each under its own settings', setCases, checkUnion),
  law(
    21,
    'to skip records by their hashes gives what reading them all gives, and reads none that is the same on all sides',
    setCases,
    checkSkipping,
  ),
];

function checkUnion(subject: MergeUnderTest, { settings, records }: SetCase): void {
  const expected = [...records]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, sides]) => ({ id, merge: subject.merge(sides, settings, [], id) }))
    .filter(
      ({ merge }) => merge.isHeld || merge.isAgreed || merge.toOurs.length > 0 || merge.toTheirs.length > 0,
    );
  const { yielded } = mergeAll(subject, { settings, records }, eachItsOwn());
  demandSame(JSON.stringify(yielded), JSON.stringify(expected), 'the set is its records');
}

function checkSkipping(subject: MergeUnderTest, { settings, records }: SetCase): void {
  const fast = mergeAll(subject, { settings, records }, (record) => subject.hash(record, settings));
  const slow = mergeAll(subject, { settings, records }, eachItsOwn());
  demandSame(JSON.stringify(fast.yielded), JSON.stringify(slow.yielded), 'skipping changes nothing');
  for (const [id, { base, ours, theirs }] of records) {
    const isSame =
      base !== undefined && [ours, theirs].every((side) => JSON.stringify(side) === JSON.stringify(base));
    demand(!isSame || !fast.read.has(id), 'what is the same on all sides is not read', () => id);
  }
}

/** Hashes that say nothing, so that every record is read. */
function eachItsOwn(): Hash {
  let count = 0;
  return () => String(count++);
}

type Hash = (record: JsonObject) => string;

function mergeAll(
  subject: MergeUnderTest,
  { settings, records }: SetCase,
  hash: Hash,
): { readonly yielded: readonly SetMerge[]; readonly read: ReadonlySet<string> } {
  const read = new Set<string>();
  const entriesOf = (side: 'base' | 'ours' | 'theirs'): SetEntry[] =>
    [...records]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([id, sides]) => {
        const record = sides[side];
        if (record === undefined || !isJsonObject(record)) return [];
        return [{ id, hash: hash(record), read: () => (read.add(id), record) }];
      });
  const sides = { base: entriesOf('base'), ours: entriesOf('ours'), theirs: entriesOf('theirs') };
  return { yielded: [...subject.mergeSet(sides, settings)], read };
}
