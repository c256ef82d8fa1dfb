/** Pure. The one thing in a list; undefined where there is none, or where nobody says which of several is meant. */
export function onlyOf<T>(list: readonly T[] | undefined): T | undefined {
  return list?.length === 1 ? list[0] : undefined;
}
