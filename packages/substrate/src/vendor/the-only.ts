/**
 * Pure. The only one; of several lists, that of the first that has exactly one: those that are marked, else all. Undefined where nobody says which of
 * several counts.
 */
export function theOnly<T>(...lists: readonly (readonly T[] | undefined)[]): T | undefined {
  return lists.find((list) => list?.length === 1)?.[0];
}
