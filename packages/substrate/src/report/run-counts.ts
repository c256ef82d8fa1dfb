/** Pure. What became of the records of one entity type in a run, or of all. */
export interface RunCounts {
  /** Records on the vendor's pages, as they came. */
  readonly received: number;
  /** The same record once more: rows move between pages while a list is read. */
  readonly repeated: number;
  readonly unchanged: number;
  readonly quarantined: number;
  /** Created, updated and deleted on our side. */
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
  /** Records that the vendor itself marked as to be deleted. */
  readonly withdrawn: number;
  /** Records on which both sides came to the same by themselves: only base moved. */
  readonly agreed: number;
  /** Records held because both sides changed them differently, and nobody has decided yet. */
  readonly conflicted: number;
  /** Records written to the vendor, read again, and found there. */
  readonly pushCreated: number;
  readonly pushUpdated: number;
  readonly pushDeleted: number;
  /** Records that the vendor refused, or accepted and did not keep. */
  readonly pushFailed: number;
}

export const noCounts: RunCounts = {
  received: 0,
  repeated: 0,
  unchanged: 0,
  quarantined: 0,
  created: 0,
  updated: 0,
  deleted: 0,
  withdrawn: 0,
  agreed: 0,
  conflicted: 0,
  pushCreated: 0,
  pushUpdated: 0,
  pushDeleted: 0,
  pushFailed: 0,
};

const names = Object.keys(noCounts) as readonly (keyof RunCounts)[];

/** The sums, name by name; what is left out counts as 0. */
export function addCounts(...counts: readonly Partial<RunCounts>[]): RunCounts {
  const sum = (name: keyof RunCounts) => counts.reduce((total, each) => total + (each[name] ?? 0), 0);
  return Object.fromEntries(names.map((name) => [name, sum(name)])) as unknown as RunCounts;
}
