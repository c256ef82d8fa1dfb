/** Pure. The one thing in a list; undefined where there is none, or where nobody says which of several is meant. */
export function onlyOf<T>(list: readonly T[] | undefined): T | undefined {
  return list?.length === 1 ? list[0] : undefined;
}

/** Pure. The one that is marked as the one that counts, else the only one; undefined where nobody says which counts. */
export function markedOf<T>(list: readonly T[] | undefined, isMarked: (one: T) => boolean): T | undefined {
  return onlyOf(list?.filter(isMarked)) ?? onlyOf(list);
}
