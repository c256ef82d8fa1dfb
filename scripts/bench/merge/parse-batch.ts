import type { JsonObject } from '../../../packages/substrate/src/json/json-value.ts';
import type { StoredSection, StoredTriple } from './section-texts.ts';

/** A record of three sides, parsed. */
export interface ParsedTriple {
  readonly id: string;
  readonly base: JsonObject | undefined;
  readonly ours: JsonObject | undefined;
  readonly theirs: JsonObject | undefined;
}

/** Plain `JSON.parse` of the three inputs: what every other speed is compared with. */
export function parseBatch(triples: readonly StoredTriple[]): ParsedTriple[] {
  return triples.map(({ id, base, ours, theirs }) => ({
    id,
    base: parse(base),
    ours: parse(ours),
    theirs: parse(theirs),
  }));
}

function parse(section: StoredSection | undefined): JsonObject | undefined {
  return section === undefined ? undefined : JSON.parse(section.text);
}
