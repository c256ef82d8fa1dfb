/** Pure. How the elements of a list are told apart: by the values of some of their members, or, in a set, by all that they are. */
export type ListSpec = 'set' | KeyedList;

export interface KeyedList {
  /** Names of members, not pointers. */
  readonly key: readonly string[];
}
