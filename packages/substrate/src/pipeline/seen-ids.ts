import { hash } from 'node:crypto';

/** Of SHA-256, enough that two ids never meet: 2^64 records before it is likely. */
const digestBytes = 16;
const words = digestBytes / 4;

/**
 * The ids that a fetch has seen, 16 bytes each whatever their length: two million records fit in about 100 MB less than a Set of
 * strings would take. Ids cannot be read back.
 */
export interface SeenIds {
  readonly size: number;
  has(id: string): boolean;
  /** True when the id was not seen before. */
  add(id: string): boolean;
  /** What `digestsOf` made, of this fetch or of the one it resumes. */
  addDigests(digests: Uint8Array): void;
}

/** The ids as a page keeps them. */
export function digestsOf(ids: readonly string[]): Uint8Array {
  const digests = new Uint8Array(ids.length * digestBytes);
  ids.forEach((id, index) => {
    digests.set(digestOf(id), index * digestBytes);
  });
  return digests;
}

export function createSeenIds(): SeenIds {
  let capacity = 1024;
  let table = new Uint32Array(capacity * words);
  let size = 0;

  /** The slot that holds the digest, or the free one where it belongs. An all-zero slot is free: no digest is zero. */
  function findSlot(digest: Uint32Array): number {
    let slot = (digest[0] as number) & (capacity - 1);
    for (;;) {
      const at = slot * words;
      if (isFree(at) || holds(at, digest)) return at;
      slot = (slot + 1) & (capacity - 1);
    }
  }

  function isFree(at: number): boolean {
    return table[at] === 0 && table[at + 1] === 0 && table[at + 2] === 0 && table[at + 3] === 0;
  }

  function holds(at: number, digest: Uint32Array): boolean {
    return (
      table[at] === digest[0] &&
      table[at + 1] === digest[1] &&
      table[at + 2] === digest[2] &&
      table[at + 3] === digest[3]
    );
  }

  function addDigest(digest: Uint32Array): boolean {
    const at = findSlot(digest);
    if (!isFree(at)) return false;
    table.set(digest, at);
    size++;
    if (size * 10 > capacity * 7) grow();
    return true;
  }

  function grow(): void {
    const old = table;
    capacity *= 2;
    table = new Uint32Array(capacity * words);
    for (let at = 0; at < old.length; at += words) {
      const digest = old.subarray(at, at + words);
      if (digest[0] !== 0 || digest[1] !== 0 || digest[2] !== 0 || digest[3] !== 0)
        table.set(digest, findSlot(digest));
    }
  }

  return {
    get size() {
      return size;
    },
    has: (id) => !isFree(findSlot(toWords(digestOf(id)))),
    add: (id) => addDigest(toWords(digestOf(id))),
    addDigests(digests) {
      for (let at = 0; at + digestBytes <= digests.length; at += digestBytes) {
        addDigest(toWords(digests.subarray(at, at + digestBytes)));
      }
    },
  };
}

function digestOf(id: string): Uint8Array {
  return hash('sha256', id, 'buffer').subarray(0, digestBytes);
}

/** A copy: a Uint32Array wants aligned bytes of its own, and a Buffer's `slice` is a view on the pool. */
function toWords(digest: Uint8Array): Uint32Array {
  return new Uint32Array(Uint8Array.from(digest).buffer);
}
