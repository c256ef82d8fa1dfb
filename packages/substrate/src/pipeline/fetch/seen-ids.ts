import { hash } from 'node:crypto';

/** Of SHA-256, enough that two ids never meet: 2^64 records before it is likely. */
const digestBytes = 16;
const words = digestBytes / 4;

/**
 * The ids that a fetch has seen, 16 bytes each whatever their length: two million records fit in about 100 MB less than a Set of
 * strings would take. Ids cannot be read back. Many at a time, by what `digestsOf` makes of them: a page's ids are digested once.
 */
export interface SeenIds {
  readonly size: number;
  /** Whether each was seen, in order. */
  holds(digests: Uint8Array): readonly boolean[];
  add(digests: Uint8Array): void;
  /** Another set with the same ids. */
  copy(): SeenIds;
}

/** The ids as a page keeps them: of this fetch or of the one it resumes. */
export function digestsOf(ids: readonly string[]): Uint8Array {
  const digests = new Uint8Array(ids.length * digestBytes);
  ids.forEach((id, index) => {
    digests.set(hash('sha256', id, 'buffer').subarray(0, digestBytes), index * digestBytes);
  });
  return digests;
}

export function createSeenIds(): SeenIds {
  return openTable(new Uint32Array(1024 * words), 0);
}

function openTable(initial: Uint32Array, count: number): SeenIds {
  let table = initial;
  let capacity = table.length / words;
  let size = count;

  /** Where in the table the digest stands, or the free place where it belongs. All zeros mean free: no digest is zero. */
  function find(digests: Uint32Array, from: number): number {
    let slot = (digests[from] as number) & (capacity - 1);
    for (;;) {
      const at = slot * words;
      if (isFree(table, at) || isEqual(at, digests, from)) return at;
      slot = (slot + 1) & (capacity - 1);
    }
  }

  function isEqual(at: number, digests: Uint32Array, from: number): boolean {
    return (
      table[at] === digests[from] &&
      table[at + 1] === digests[from + 1] &&
      table[at + 2] === digests[from + 2] &&
      table[at + 3] === digests[from + 3]
    );
  }

  function put(digests: Uint32Array, from: number): void {
    const at = find(digests, from);
    if (!isFree(table, at)) return;
    for (let word = 0; word < words; word++) table[at + word] = digests[from + word] as number;
    size++;
  }

  function grow(): void {
    const old = table;
    capacity *= 2;
    table = new Uint32Array(capacity * words);
    size = 0;
    for (let from = 0; from < old.length; from += words) if (!isFree(old, from)) put(old, from);
  }

  return {
    get size() {
      return size;
    },
    holds(digests) {
      const wanted = toWords(digests);
      const held: boolean[] = [];
      for (let from = 0; from < wanted.length; from += words) held.push(!isFree(table, find(wanted, from)));
      return held;
    },
    add(digests) {
      const added = toWords(digests);
      for (let from = 0; from < added.length; from += words) {
        put(added, from);
        if (size * 10 > capacity * 7) grow();
      }
    },
    copy: () => openTable(table.slice(), size),
  };
}

function isFree(table: Uint32Array, at: number): boolean {
  return table[at] === 0 && table[at + 1] === 0 && table[at + 2] === 0 && table[at + 3] === 0;
}

/** A copy: a Uint32Array wants aligned bytes of its own, and what comes from a database may begin anywhere in a buffer. */
function toWords(digests: Uint8Array): Uint32Array {
  return new Uint32Array(
    Uint8Array.from(digests).buffer,
    0,
    Math.floor(digests.length / digestBytes) * words,
  );
}
