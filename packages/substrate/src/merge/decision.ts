import type { JsonValue } from '../json/json-value.ts';
import type { Side } from './strategy.ts';

/** Pure. A person's decision on a conflict, for exactly the inputs that the person saw. */
export interface Decision {
  readonly pointer: string;
  /** The conflict's `inputs`. */
  readonly inputs: string;
  readonly choice: Side | { readonly value: JsonValue };
}
