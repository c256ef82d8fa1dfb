import { Failure } from '../failure/failure.ts';

/** Pure. Why a sealed value or a wrapped key was refused; stands in `data.reason` of `credentials_corrupt`. */
export type CorruptReason =
  /** Shorter than anything that was ever sealed. */
  | 'truncated'
  /** A format version or algorithm that this program does not know. */
  | 'unknown_format'
  /** Changed, or sealed by another key or for another place. GCM cannot tell these apart. */
  | 'not_authentic'
  /** The data key that it names was never made, or its row is gone. */
  | 'unknown_key'
  /** The data key that it names was destroyed on purpose: it is unreadable for ever. */
  | 'key_destroyed'
  /** The key ring has no such key version. */
  | 'unknown_ring_key';

const messages: Readonly<Record<CorruptReason, string>> = {
  truncated: 'A sealed value is cut short',
  unknown_format: 'A sealed value has an unknown format',
  not_authentic: 'A sealed value was changed or does not belong here',
  unknown_key: 'The data key of a sealed value does not exist',
  key_destroyed: 'The data key of a sealed value was destroyed',
  unknown_ring_key: 'The key ring does not have the key that wraps a data key',
};

/** `place` says where the value stands, never what it holds. */
export function refuseSecret(reason: CorruptReason, place: Readonly<Record<string, unknown>> = {}): Failure {
  return new Failure('credentials_corrupt', messages[reason], { data: { ...place, reason } });
}
