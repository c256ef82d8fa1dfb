import type { JsonValue } from '../json/json-value.ts';

/** Pure. One difference between a side and the merge's result, and the rule that decided it. */
export interface PlanLine {
  /** `create` and `delete` have the pointer `''` and the whole record; of an update there is one line a changed field. */
  readonly action: 'create' | 'update' | 'delete';
  readonly pointer: string;
  /** What the side has now. A member that is absent stands for an absent value. */
  readonly before?: JsonValue;
  readonly after?: JsonValue;
  /** Words that a person can read: `ours changed`, `resolveTheirs (field /email)`, `alwaysOurs (record)`, `decision`. */
  readonly rule: string;
}

/** A declared list that was merged as one field, since its elements could not be told apart. Nothing was dropped. */
export interface MergeRemark {
  readonly pointer: string;
  readonly reason:
    | 'duplicate key'
    | 'missing key'
    | 'duplicate value'
    | 'not a list of objects'
    | 'not a list';
  /** The first side, of base, ours and theirs, on which it is so. */
  readonly side: 'base' | 'ours' | 'theirs';
}
