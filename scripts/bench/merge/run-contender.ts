import { mergeRecord } from '../../../packages/substrate/src/merge/merge-record.ts';
import { readPeakMiB } from '../process-facts.ts';
import { assertFound } from './assert-found.ts';
import { mergeStoredSets } from './merge-stored-sets.ts';
import { type ParsedTriple, parseBatch } from './parse-batch.ts';
import { sectionRules } from './section-rules.ts';
import { type StoredBatch, storedBatches } from './section-texts.ts';
import { createSectionTrimerge } from './section-trimerge.ts';
import { createWatch, type Watch } from './watch.ts';

export const contenders = ['mergeRecord', 'trimerge', 'mergeSet'] as const;
export type Contender = (typeof contenders)[number];

/** What one contender did in a process of its own, and what `JSON.parse` of the same texts took there: in turns, batch by batch. */
export interface ContenderRun {
  readonly contender: Contender;
  readonly records: number;
  readonly parseSeconds: number;
  readonly mergeSeconds: number;
  readonly conflicts: number;
  /** Of `mergeSet`: texts that it had parsed, of all sides together, and records that it said something of. */
  readonly reads?: number;
  readonly answered?: number;
  readonly peakMiB: number;
}

/** Throws unless the contender finds exactly the conflicts that were put in. */
export function runContender(contender: Contender, records: number, seed: number): ContenderRun {
  const watch = createWatch();
  const found =
    contender === 'mergeSet'
      ? mergeStoredSets(watch, storedBatches(seed, records))
      : { conflicts: mergeParsed(watch, contender, storedBatches(seed, records)) };
  return { contender, records, ...watch.seconds(), ...found, peakMiB: readPeakMiB(process.pid) };
}

function mergeParsed(
  watch: Watch,
  contender: 'mergeRecord' | 'trimerge',
  batches: Iterable<StoredBatch>,
): number {
  const merge = contender === 'mergeRecord' ? mergeTriple : createSectionTrimerge();
  let count = 0;
  for (const { triples, conflicts } of batches) {
    const parsed = watch.time('parse', () => parseBatch(triples));
    const found: string[] = [];
    watch.time('merge', () => {
      for (const triple of parsed) merge(triple, found);
    });
    assertFound(found, conflicts);
    count += found.length;
  }
  return count;
}

function mergeTriple({ id, base, ours, theirs }: ParsedTriple, found: string[]): void {
  const { conflicts } = mergeRecord({ base, ours, theirs }, sectionRules.forRecord(id));
  for (const { pointer } of conflicts) found.push(`${id} ${pointer}`);
}
