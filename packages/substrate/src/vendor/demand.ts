import { Failure } from '../failure/failure.ts';

/** Pure. Throws `push_rejected` where something is not known that the vendor demands; `missing` says what, and where it would come from. */
export function demand<V>(value: V | undefined, missing: string): V {
  if (value !== undefined) return value;
  throw new Failure('push_rejected', 'The vendor demands what is not known here', { data: { missing } });
}
