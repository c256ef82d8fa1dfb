import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFailure } from '../failure/failure.ts';
import type { JsonObject } from '../json/json-value.ts';
import { mergeRecord, type RecordMerge } from './merge-record.ts';
import { compileSettings, type MergeRules } from './merge-rules.ts';
import { mergeSet, type SetEntry, type SetMerge } from './merge-set.ts';
import type { MergeSettings } from './merge-settings.ts';
import { createRecordHasher } from './record-hash.ts';

type Records = ReadonlyMap<string, JsonObject>;

interface Sets {
  readonly base: Records;
  readonly ours: Records;
  readonly theirs: Records;
}

const plain = compileSettings({});

describe('a set merged by stored hashes', () => {
  const settings: readonly MergeSettings[] = [
    {},
    { default: 'resolveTheirs', records: { a: 'alwaysOurs' } },
    { fields: { '/x': 'alwaysTheirs', '/list': 'resolveOurs' }, volatile: ['/seen', '/*/seen'] },
    { nullIsAbsent: true, lists: { '/list': { key: ['id'] } } },
    { lists: { '/list': 'set' }, volatile: ['/seen'], nullIsAbsent: true },
    { lists: { '/list': { key: ['id'] } }, volatile: ['/list/m1', '/*/*/room'] },
  ];

  test.each(settings.map((each) => [each]))(
    'comes out as if each record had been read and merged: %j',
    (each) => {
      const rules = compileSettings(each);
      fc.assert(
        fc.property(arbitrarySets(), (sets) => {
          expect([...mergeSet(toSides(sets, rules), rules)]).toEqual(mergeEach(sets, rules));
        }),
        { numRuns: 1_000 },
      );
    },
  );

  test('yields nothing where the three sides are alike, and reads no record', () => {
    const reads: string[] = [];
    const records = new Map([
      ['a', { x: 1 }],
      ['b', { x: 2 }],
    ]);

    expect(merge({ base: records, ours: records, theirs: records }, reads)).toEqual([]);
    expect(reads).toEqual([]);
  });

  test('reads the sides of a record that changed, each once, and of no other', () => {
    const reads: string[] = [];
    const all = (...numbers: number[]) => new Map(numbers.map((x, index) => ['abcd'[index] ?? '', { x }]));
    const base = all(1, 1, 1, 1);
    const ours = all(2, 1, 3, 1);
    const theirs = new Map([...all(1, 1, 4), ['e', { x: 5 }]] as const);

    expect(merge({ base, ours, theirs }, reads).map(({ id }) => id)).toEqual(['a', 'c', 'd', 'e']);
    expect(reads.toSorted()).toEqual([
      'base a',
      'base c',
      'base d',
      'ours a',
      'ours c',
      'ours d',
      'theirs a',
      'theirs c',
      'theirs e',
    ]);
  });

  test('moves the base of a record that both sides changed alike', () => {
    const same = new Map([['a', { x: 2 }]]);
    const [found] = merge({ base: new Map([['a', { x: 1 }]]), ours: same, theirs: same });

    expect(found).toMatchObject({ id: 'a', merge: { isAgreed: true, toOurs: [], toTheirs: [] } });
  });

  test('moves the base of a record that both sides deleted', () => {
    const [found] = merge({ base: new Map([['a', { x: 1 }]]), ours: new Map(), theirs: new Map() });

    expect(found).toMatchObject({ id: 'a', merge: { isAgreed: true, result: undefined } });
  });

  test('leaves out a record whose hashes differ where the merge finds nothing to do', () => {
    const record = { x: 1 };
    const entry = (hash: string): SetEntry => ({ id: 'a', hash, read: () => record });

    expect([...mergeSet({ base: [entry('1')], ours: [entry('2')], theirs: [entry('3')] }, plain)]).toEqual(
      [],
    );
  });

  test('takes ids as plain texts, in the order of their code units', () => {
    const ids = ['', '10', '9', '__proto__', 'constructor', '\u{1f600}', '\ufffd'];
    const theirs = new Map(ids.map((id) => [id, { x: 1 }]));

    expect(merge({ base: new Map(), ours: new Map(), theirs }).map(({ id }) => id)).toEqual(ids);
  });
});

describe('a side whose ids do not ascend', () => {
  const sound = [toEntry('a'), toEntry('b')];

  test.each(['base', 'ours', 'theirs'] as const)('is refused with both ids: %s', (side) => {
    const sides = { base: sound, ours: sound, theirs: sound, [side]: ['a', 'c', 'b'].map(toEntry) };

    expect(failureOf(() => [...mergeSet(sides, plain)])).toMatchObject({
      code: 'invalid_params',
      data: { side, ids: ['c', 'b'] },
    });
  });

  test.each(['base', 'ours', 'theirs'] as const)('is refused for an id that comes twice: %s', (side) => {
    const sides = { base: sound, ours: sound, theirs: sound, [side]: ['a', 'b', 'b'].map(toEntry) };

    expect(failureOf(() => [...mergeSet(sides, plain)])).toMatchObject({
      code: 'duplicate_id',
      data: { side, ids: ['b', 'b'] },
    });
  });

  test('is refused when it is sorted by code points, as databases do, and not by code units', () => {
    const theirs = ['\ufffd', '\u{1f600}'].map(toEntry);

    expect(failureOf(() => [...mergeSet({ base: [], ours: [], theirs }, plain)])).toMatchObject({
      code: 'invalid_params',
    });
  });
});

describe('the sources of a set', () => {
  test('are read one entry ahead and no further, and let go when no more is wanted', () => {
    const taken: Record<string, number> = {};
    const closed: string[] = [];
    function* endless(side: string): Generator<SetEntry> {
      try {
        for (let number = 1_000; ; number++) {
          taken[side] = (taken[side] ?? 0) + 1;
          yield toEntry(`${number}`, side);
        }
      } finally {
        closed.push(side);
      }
    }
    const merged = mergeSet({ base: endless('1'), ours: endless('2'), theirs: endless('1') }, plain);
    const first = [merged.next().value, merged.next().value].map((each) => each?.id);
    merged.return(undefined);

    expect(first).toEqual(['1000', '1001']);
    expect(taken).toEqual({ '1': 6, '2': 3 });
    expect(closed.toSorted()).toEqual(['1', '1', '2']);
  });

  test('are let go where one of them fails, whose own error comes out', () => {
    const closed: string[] = [];
    function* failing(): Generator<SetEntry> {
      yield toEntry('a');
      throw new Error('The cursor is gone');
    }
    function* watched(side: string): Generator<SetEntry> {
      try {
        yield toEntry('a');
        yield toEntry('b');
      } finally {
        closed.push(side);
      }
    }

    expect(() => [
      ...mergeSet({ base: watched('base'), ours: failing(), theirs: watched('theirs') }, plain),
    ]).toThrow('The cursor is gone');
    expect(closed).toEqual(['base', 'theirs']);
  });
});

/** Few ids and few values, so that sides often agree; hostile ids among them. */
function arbitrarySets(): fc.Arbitrary<Sets> {
  const value = fc.constantFrom(0, 1, '', null, 'é');
  const element = fc.record({ id: fc.constantFrom('m1', 'm2'), room: value }, { requiredKeys: ['id'] });
  const record = fc.record(
    {
      x: value,
      seen: value,
      deep: fc.record({ seen: value, y: value }, { requiredKeys: [] }),
      list: fc.array(element, { maxLength: 3 }),
    },
    { requiredKeys: [] },
  );
  const id = fc.constantFrom('a', 'b', '', '10', '__proto__', 'constructor', '\u{1f600}', '\ufffd');
  const set = fc.array(fc.tuple(id, record), { maxLength: 6 });
  return fc.tuple(set, set, set).map(([all, ourEdits, theirEdits]) => ({
    base: new Map(all),
    ours: edited(new Map(all), ourEdits),
    theirs: edited(new Map(all), theirEdits),
  }));
}

/** An empty record stands for a deletion. */
function edited(
  records: Map<string, JsonObject>,
  edits: readonly (readonly [string, JsonObject])[],
): Records {
  for (const [id, record] of edits) {
    if (Object.keys(record).length === 0) records.delete(id);
    else records.set(id, record);
  }
  return records;
}

/** The slow path: every record of every side read and merged, in order, and those left out that need nothing. */
function mergeEach({ base, ours, theirs }: Sets, rules: MergeRules): SetMerge[] {
  const ids = [...new Set([...base.keys(), ...ours.keys(), ...theirs.keys()])].sort();
  return ids
    .map((id) => ({
      id,
      merge: mergeRecord(
        { base: base.get(id), ours: ours.get(id), theirs: theirs.get(id) },
        rules.forRecord(id),
      ),
    }))
    .filter(({ merge: each }) => isWanted(each));
}

function isWanted({ conflicts, toOurs, toTheirs, isAgreed }: RecordMerge): boolean {
  return isAgreed || conflicts.length + toOurs.length + toTheirs.length > 0;
}

function merge(sets: Sets, reads: string[] = []): SetMerge[] {
  return [...mergeSet(toSides(sets, plain, reads), plain)];
}

function toSides({ base, ours, theirs }: Sets, rules: MergeRules, reads: string[] = []) {
  const hash = createRecordHasher(rules);
  const entriesOf = (side: string, records: Records): SetEntry[] =>
    [...records.keys()].sort().map((id) => {
      const record = records.get(id) as JsonObject;
      return {
        id,
        hash: hash(record),
        read() {
          reads.push(`${side} ${id}`);
          return record;
        },
      };
    });
  return {
    base: entriesOf('base', base),
    ours: entriesOf('ours', ours),
    theirs: entriesOf('theirs', theirs),
  };
}

function toEntry(id: string, hash: unknown = 'same'): SetEntry {
  return { id, hash: String(hash), read: () => ({ hash: String(hash) }) };
}

function failureOf(run: () => unknown): unknown {
  try {
    run();
  } catch (thrown) {
    if (isFailure(thrown)) return thrown;
    throw thrown;
  }
  throw new Error('Nothing failed');
}
