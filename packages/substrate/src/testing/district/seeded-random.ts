/** Pure. A stream of chance that is the same on every machine for the same seeds. */
export interface SeededRandom {
  /** From 0 (inclusive) to 1 (exclusive). */
  next(): number;
  /** A whole number from 0 to `below - 1`. */
  integer(below: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** `count` different whole numbers from 0 to `below - 1`, in random order; fewer where there are not as many. */
  sample(below: number, count: number): number[];
}

/**
 * Pure. sfc32 (PractRand's small fast counter), seeded from any texts and numbers: equal seeds, equal streams; streams of different
 * seeds do not hang together, so that each person can have their own and keeps their name when the district around them grows.
 */
export function createSeededRandom(...seeds: readonly (string | number)[]): SeededRandom {
  const hash = createHash(seeds.join('\u0000'));
  let a = hash();
  let b = hash();
  let c = hash();
  let counter = 1;

  function next(): number {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  }

  function integer(below: number): number {
    return Math.floor(next() * below);
  }

  function sample(below: number, count: number): number[] {
    // A sparse Fisher-Yates shuffle: only the places touched are kept.
    const moved = new Map<number, number>();
    return Array.from({ length: Math.min(below, count) }, (_, at) => {
      const other = at + integer(below - at);
      const drawn = moved.get(other) ?? other;
      moved.set(other, moved.get(at) ?? at);
      return drawn;
    });
  }

  function pick<T>(list: readonly T[]): T {
    const picked = list[integer(list.length)];
    if (picked === undefined) throw new RangeError('Nothing to pick from');
    return picked;
  }

  // The first values of sfc32 still resemble its seed.
  for (let round = 0; round < 12; round++) next();
  return { next, integer, sample, pick, chance: (probability) => next() < probability };
}

/** xmur3: a text to as many well-mixed 32-bit numbers as asked for. */
function createHash(text: string): () => number {
  let state = 1779033703 ^ text.length;
  for (let at = 0; at < text.length; at++) {
    state = Math.imul(state ^ text.charCodeAt(at), 3432918353);
    state = (state << 13) | (state >>> 19);
  }
  return () => {
    state = Math.imul(state ^ (state >>> 16), 2246822507);
    state = Math.imul(state ^ (state >>> 13), 3266489909);
    state ^= state >>> 16;
    return state >>> 0;
  };
}
