import { mergeSet, type SetEntry } from '../../../packages/substrate/src/merge/merge-set.ts';
import { assertFound } from './assert-found.ts';
import { parseBatch } from './parse-batch.ts';
import { sectionRules } from './section-rules.ts';
import type { StoredBatch, StoredSection } from './section-texts.ts';
import type { Watch } from './watch.ts';

type Side = 'base' | 'ours' | 'theirs';

/** What `mergeSet` found, and how often it asked for a record's text to be parsed. */
export interface StoredSetsMerge {
  readonly conflicts: number;
  readonly reads: number;
  /** Records that it said something of: a plan, a conflict, or a base that moves. */
  readonly answered: number;
}

/** One `mergeSet` over all batches. Making a batch, and parsing it for comparison, is off the merge's clock. */
export function mergeStoredSets(watch: Watch, batches: Iterator<StoredBatch>): StoredSetsMerge {
  let reads = 0;
  let answered = 0;
  const expected: string[] = [];
  const batchNumbered = shareBatches(() =>
    watch.pause(() => {
      const next = batches.next();
      if (next.done === true) return undefined;
      watch.time('parse', () => parseBatch(next.value.triples));
      expected.push(...next.value.conflicts);
      return next.value;
    }),
  );

  function* entriesOf(side: Side): Generator<SetEntry> {
    for (let number = 0; ; number++) {
      const batch = batchNumbered(number);
      if (batch === undefined) return;
      for (const triple of batch.triples) {
        const stored = triple[side];
        if (stored !== undefined) yield toEntry(stored);
      }
    }
  }

  function toEntry({ id, hash, text }: StoredSection): SetEntry {
    return {
      id,
      hash,
      read() {
        reads++;
        return JSON.parse(text);
      },
    };
  }

  const found = watch.time('merge', () => {
    const conflicts: string[] = [];
    const sides = { base: entriesOf('base'), ours: entriesOf('ours'), theirs: entriesOf('theirs') };
    for (const { id, merge } of mergeSet(sides, sectionRules)) {
      answered++;
      for (const { pointer } of merge.conflicts) conflicts.push(`${id} ${pointer}`);
    }
    return conflicts;
  });
  assertFound(found, expected);
  return { conflicts: found.length, reads, answered };
}

/** The three sides are read by one merge in step, so the latest batch is all that must be kept. */
function shareBatches(load: () => StoredBatch | undefined): (number: number) => StoredBatch | undefined {
  let latest = -1;
  let batch: StoredBatch | undefined;
  return (number) => {
    if (number > latest) [latest, batch] = [number, load()];
    else if (number < latest) throw new Error('One side lags a whole batch behind another');
    return batch;
  };
}
