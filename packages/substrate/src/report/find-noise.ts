/** A field that changes in every run in nearly every record, so that it says nothing. */
export interface ReportNoise {
  readonly entityType: string;
  /** JSON Pointer. */
  readonly pointer: string;
  /** In how many runs, one after the other, it was so; this one included. */
  readonly runs: number;
  /** In how many of the updated records it changed, 0 to 1, over those runs. */
  readonly share: number;
}

/** How often the fields of an entity type changed in one run. */
export interface FieldUpdates {
  readonly entityType: string;
  readonly updated: number;
  /** Records that were there to be updated. */
  readonly stored: number;
  /** By JSON Pointer: in how many of the updated records the field was another. */
  readonly fields: Readonly<Record<string, number>>;
}

/** Fewer runs may be chance. */
const runsNeeded = 3;
/** Of the updated records. */
const shareNeeded = 0.9;
/** Of all records: scores that change in a few records each night are news, however alone they change. */
const reachNeeded = 0.1;
/** Fewer records may be chance. */
const recordsNeeded = 10;

/**
 * Pure. The fields that could be declared volatile. `runs`: this run first, then those before it, each with the entity types that it looked
 * at whole. One that updated nothing of an entity type breaks the row: noise would have been there.
 */
export function findNoise(runs: readonly (readonly FieldUpdates[])[]): readonly ReportNoise[] {
  const [own = []] = runs;
  return own.flatMap(({ entityType, fields }) => {
    const history = runs.flatMap((run) => run.filter((each) => each.entityType === entityType));
    return Object.keys(fields).flatMap((pointer) => {
      const end = history.findIndex((each) => !isNoisy(each, pointer));
      const row = end === -1 ? history : history.slice(0, end);
      if (row.length < runsNeeded) return [];
      const sum = (of: (each: FieldUpdates) => number) => row.reduce((total, each) => total + of(each), 0);
      const share = sum((each) => each.fields[pointer] ?? 0) / sum(({ updated }) => updated);
      return [{ entityType, pointer, runs: row.length, share: Math.round(share * 1_000) / 1_000 }];
    });
  });
}

function isNoisy({ updated, stored, fields }: FieldUpdates, pointer: string): boolean {
  const count = fields[pointer] ?? 0;
  return count >= recordsNeeded && count >= shareNeeded * updated && count >= reachNeeded * stored;
}
