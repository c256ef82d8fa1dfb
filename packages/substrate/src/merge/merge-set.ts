import { Failure } from '../failure/failure.ts';
import type { JsonObject } from '../json/json-value.ts';
import { mergeRecord, type RecordMerge } from './merge-record.ts';
import type { MergeRules } from './merge-rules.ts';

/** A record of a set, as its side lists it. */
export interface SetEntry {
  readonly id: string;
  /** As `createRecordHasher` makes it, on all three sides by the rules of the merge. */
  readonly hash: string;
  /** Loads or parses the record; called at most once, and only where the hashes do not say that nothing is to be done. */
  readonly read: () => JsonObject;
}

/** Each side ascends by id, compared by UTF-16 code units: as `<` does, and as a database does until it meets an emoji. */
export interface SetSides {
  readonly base: Iterable<SetEntry>;
  readonly ours: Iterable<SetEntry>;
  readonly theirs: Iterable<SetEntry>;
}

export interface SetMerge {
  readonly id: string;
  readonly merge: RecordMerge;
}

/**
 * Pure. Merges three sets in one pass and yields, ascending by id, the records that need something: a plan, a person, or a base that
 * moves. It holds one entry a side, so memory does not grow with the sets. Fails with `duplicate_id` or `invalid_params`, naming side
 * and ids, where a side does not ascend: a join of lists out of order would take records for deleted.
 */
export function* mergeSet(sides: SetSides, rules: MergeRules): Generator<SetMerge> {
  const base = createCursor('base', sides.base);
  const ours = createCursor('ours', sides.ours);
  const theirs = createCursor('theirs', sides.theirs);
  try {
    for (const cursor of [base, ours, theirs]) cursor.advance();
    for (;;) {
      const id = leastId(base.entry, leastId(ours.entry, theirs.entry?.id));
      if (id === undefined) return;
      const b = base.take(id);
      const o = ours.take(id);
      const t = theirs.take(id);
      if (areUnchanged(b, o, t)) continue;
      const merge = mergeRecord({ base: b?.read(), ours: o?.read(), theirs: t?.read() }, rules.forRecord(id));
      if (needsSomething(merge)) yield { id, merge };
    }
  } finally {
    for (const cursor of [base, ours, theirs]) cursor.close();
  }
}

/**
 * Only three equal hashes say by themselves that nothing is to be done. Where just two are equal the record changed somewhere: on one
 * side, or on both alike, and then the base has to move; a record that one side lacks was created or deleted.
 */
function areUnchanged(
  base: SetEntry | undefined,
  ours: SetEntry | undefined,
  theirs: SetEntry | undefined,
): boolean {
  return base !== undefined && base.hash === ours?.hash && base.hash === theirs?.hash;
}

function needsSomething({ isHeld, isAgreed, toOurs, toTheirs }: RecordMerge): boolean {
  return isHeld || isAgreed || toOurs.length > 0 || toTheirs.length > 0;
}

function leastId(entry: SetEntry | undefined, id: string | undefined): string | undefined {
  if (entry === undefined) return id;
  return id === undefined || entry.id < id ? entry.id : id;
}

interface Cursor {
  /** The first entry that was not taken; undefined at the end. */
  readonly entry: SetEntry | undefined;
  advance(): void;
  /** The entry of this id, if it is the next one; the cursor then stands behind it. */
  take(id: string): SetEntry | undefined;
  /** Lets go of a source that was not read to its end. */
  close(): void;
}

function createCursor(side: keyof SetSides, entries: Iterable<SetEntry>): Cursor {
  const iterator = entries[Symbol.iterator]();
  let entry: SetEntry | undefined;
  let hasEnded = false;
  function advance(): void {
    const before = entry;
    // A source that throws has ended, too: it is not told to let go.
    hasEnded = true;
    const next = iterator.next();
    hasEnded = next.done === true;
    entry = next.done === true ? undefined : next.value;
    if (before !== undefined && entry !== undefined && !(before.id < entry.id))
      throw refuse(side, before.id, entry.id);
  }
  return {
    get entry() {
      return entry;
    },
    advance,
    take(id) {
      if (entry?.id !== id) return undefined;
      const taken = entry;
      advance();
      return taken;
    },
    close() {
      if (!hasEnded) iterator.return?.();
    },
  };
}

function refuse(side: keyof SetSides, before: string, id: string): Failure {
  if (before === id)
    return new Failure('duplicate_id', 'One side of a set has two records of one id', {
      data: { side, ids: [before, id] },
    });
  return new Failure('invalid_params', 'One side of a set is not in the order of its ids', {
    data: {
      side,
      ids: [before, id],
      advice: 'Sort each side by id, ascending by UTF-16 code units, before it is merged.',
    },
  });
}
