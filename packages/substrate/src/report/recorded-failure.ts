import type { FailureCode } from '../failure/codes.ts';
import type { JsonObject } from '../json/json-value.ts';

/** Pure. A failure as it is kept and shown: no cause, no stack. */
export interface RecordedFailure {
  readonly code: FailureCode;
  readonly message: string;
  readonly data: JsonObject;
}
