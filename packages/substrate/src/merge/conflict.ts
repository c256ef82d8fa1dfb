import type { JsonValue } from '../json/json-value.ts';

/** Pure. A field that both sides changed differently and that is left to a person. */
export interface Conflict {
  /** An element of a keyed list goes by its key: `/meetings/m1/room`. */
  readonly pointer: string;
  readonly kind: 'modify/modify' | 'delete/modify' | 'add/add';
  /** A member that is absent stands for an absent value. */
  readonly base?: JsonValue;
  readonly ours?: JsonValue;
  readonly theirs?: JsonValue;
  /** `digestJson` of `{base?, ours?, theirs?}` without what no change is seen in: a decision made on other inputs is not applied. */
  readonly inputs: string;
  /** Why it was left to a person: `manual (field /email)`, `manual (default)`. */
  readonly rule: string;
}
