/** A cheap stream of choices, the same for the same seed. Ten thousand cases a law are only affordable because drawing one costs microseconds. */
export interface Chooser {
  /** A whole number from 0 to `bound - 1`. */
  readonly below: (bound: number) => number;
  readonly chance: (percent: number) => boolean;
  readonly pick: <T>(list: readonly T[]) => T;
  /** Like `pick`, but the earlier the likelier: two sides that choose on their own then often choose the same. */
  readonly pickEarly: <T>(list: readonly T[]) => T;
  /** A seed for another stream. */
  readonly seed: () => number;
}

/** Mulberry32. */
export function createChooser(seed: number): Chooser {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (bound: number) => next() % bound;
  return {
    below,
    chance: (percent) => below(100) < percent,
    pick: (list) => itemAt(list, below(list.length)),
    pickEarly: (list) => itemAt(list, Math.min(below(list.length), below(list.length))),
    seed: next,
  };
}

function itemAt<T>(list: readonly T[], index: number): T {
  if (index >= list.length) throw new Error('There is nothing to pick from');
  return list[index] as T;
}

/** The list in another order (Fisher and Yates). */
export function shuffle<T>(chooser: Chooser, list: readonly T[]): T[] {
  const shuffled = [...list];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = chooser.below(last + 1);
    [shuffled[last], shuffled[other]] = [shuffled[other] as T, shuffled[last] as T];
  }
  return shuffled;
}
