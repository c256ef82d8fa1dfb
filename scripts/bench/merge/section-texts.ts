import type { JsonObject } from '../../../packages/substrate/src/json/json-value.ts';
import { createRecordHasher } from '../../../packages/substrate/src/merge/record-hash.ts';
import { blockSize, generateBlock, type SectionTriple } from './generate-sections.ts';
import { sectionRules } from './section-rules.ts';

/** A record as a store hands it out: its text, and the hash that was made when it was stored. */
export interface StoredSection {
  readonly id: string;
  readonly hash: string;
  readonly text: string;
}

export interface StoredTriple {
  readonly id: string;
  readonly base: StoredSection | undefined;
  readonly ours: StoredSection | undefined;
  readonly theirs: StoredSection | undefined;
}

/** A piece of the three sets, and the conflicts that a merge must find in it, each as `id pointer`. */
export interface StoredBatch {
  readonly triples: readonly StoredTriple[];
  readonly conflicts: readonly string[];
}

/** The three sets in pieces, as a store hands out pages, so that a million records are never in memory at once. */
export function* storedBatches(seed: number, records: number): Generator<StoredBatch> {
  for (let block = 0; block < records / blockSize; block++) {
    const triples = generateBlock(seed, block);
    yield { triples: triples.map(storeTriple), conflicts: triples.flatMap(describeConflict) };
  }
}

const hashSection = createRecordHasher(sectionRules);

function storeTriple({ id, base, ours, theirs }: SectionTriple): StoredTriple {
  // What is one object on several sides is hashed once, and yet stored for each of them.
  const stored = new Map<JsonObject, StoredSection>();
  return { id, base: store(base), ours: store(ours), theirs: store(theirs) };

  function store(section: JsonObject | undefined): StoredSection | undefined {
    if (section === undefined) return undefined;
    let known = stored.get(section);
    if (known === undefined) {
      known = { id, hash: hashSection(section), text: JSON.stringify(section) };
      stored.set(section, known);
    }
    return { id: copyText(id), hash: copyText(known.hash), text: copyText(known.text) };
  }
}

/** Text of its own, as it comes out of a database: two sides that shared one text would compare it by its address. */
function copyText(text: string): string {
  return Buffer.from(text).toString();
}

function describeConflict({ id, conflict }: SectionTriple): string[] {
  return conflict === undefined ? [] : [`${id} ${conflict}`];
}
