/** Pure. What a retry can do about a failure: nothing; try again later with back-off; wait until the other side says so. */
export type RetryVerdict = 'never' | 'backoff' | 'when-told';

/** Pure. Who can end a failure: the school's staff, the vendor, whoever runs Flotilla, the calling program, or its engineers. */
export type Actor = 'school' | 'vendor' | 'operator' | 'caller' | 'engineer' | 'nobody';

interface CodeFacts {
  readonly retry: RetryVerdict;
  readonly actor: Actor;
  /** The JSON-RPC error code: standard ones where JSON-RPC 2.0 has one, else from its server range -32000..-32099. */
  readonly rpcCode: number;
  /** What a person can do, in one sentence. */
  readonly advice: string;
}

/**
 * Every way in which Flotilla fails, and what follows from each. The set is closed: a new code is added here and nowhere else.
 * The first block are the error kinds that reports show to people; the second are those of programs.
 */
export const failureFacts = {
  vendor_unavailable: {
    retry: 'backoff',
    actor: 'vendor',
    rpcCode: -32010,
    advice: "The vendor's server does not answer. Nothing to do unless it lasts: then ask the vendor.",
  },
  gateway_unavailable: {
    retry: 'backoff',
    actor: 'vendor',
    rpcCode: -32011,
    advice:
      'Something between us and the vendor (proxy, firewall, DNS, TLS) fails. If it lasts, ask the network team of the host.',
  },
  credentials_rejected: {
    retry: 'never',
    actor: 'school',
    rpcCode: -32012,
    advice: 'The vendor refuses the stored credentials. Enter new ones, then run the connection check.',
  },
  rate_limited: {
    retry: 'when-told',
    actor: 'nobody',
    rpcCode: -32013,
    advice: 'The vendor asked us to slow down. The run waits as told and goes on by itself.',
  },
  duplicate_id: {
    retry: 'never',
    actor: 'school',
    rpcCode: -32014,
    advice: 'Two different records carry the same id. Correct one of them in the vendor system.',
  },
  verification_failed: {
    retry: 'never',
    actor: 'school',
    rpcCode: -32015,
    advice:
      'What the vendor sent is not sound as a whole. Nothing of this entity type was changed; correct the data there and run again.',
  },
  vendor_answer_invalid: {
    retry: 'never',
    actor: 'school',
    rpcCode: -32030,
    advice:
      "The vendor's answer is not what its interface promises; its beginning is shown. Check the base URL; if it is right, ask the vendor.",
  },
  incomplete_fetch: {
    // What came is stored and the run goes on with the next entity type.
    retry: 'never',
    actor: 'vendor',
    rpcCode: -32016,
    advice:
      'It is not certain that everything came, so nothing was deleted. The next run tries again; if that ends the same way, ask the vendor.',
  },
  cursor_expired: {
    // The run begins that list anew by itself.
    retry: 'never',
    actor: 'vendor',
    rpcCode: -32033,
    advice:
      'The vendor forgot how far a list had been read, again and again. The next run reads it anew; if that ends the same way, ask the vendor.',
  },
  merge_conflict: {
    retry: 'never',
    actor: 'school',
    rpcCode: -32017,
    advice: 'Both sides changed the same field. Decide which value holds.',
  },
  push_rejected: {
    retry: 'never',
    actor: 'school',
    rpcCode: -32018,
    advice: 'The vendor refused what we wrote; its exact answer is shown. Correct the record and run again.',
  },
  limit_exceeded: {
    retry: 'never',
    actor: 'school',
    rpcCode: -32019,
    advice: 'More would change than the safety limit allows. Look at the preview, then approve or reject.',
  },
  record_quarantined: {
    retry: 'never',
    actor: 'school',
    rpcCode: -32020,
    advice:
      'This record could not be read and was left out; all others went on. Correct it in the vendor system.',
  },
  revert_refused: {
    retry: 'never',
    actor: 'school',
    rpcCode: -32032,
    advice:
      'Later changes touched the same fields, so nothing was taken back. Take those runs back first, or correct the named fields by hand.',
  },
  internal: {
    retry: 'backoff',
    actor: 'engineer',
    rpcCode: -32603,
    advice: "This is a fault of Flotilla. Its engineers find the details in the log under the run's id.",
  },

  invalid_params: {
    retry: 'never',
    actor: 'caller',
    rpcCode: -32602,
    advice: 'Correct the named parameters and call again.',
  },
  not_found: {
    retry: 'never',
    actor: 'caller',
    rpcCode: -32021,
    advice: 'Check the id: nothing is stored under it for this customer.',
  },
  already_exists: {
    retry: 'never',
    actor: 'caller',
    rpcCode: -32022,
    advice: 'Something is stored under this id already.',
  },
  stale_version: {
    retry: 'never',
    actor: 'caller',
    rpcCode: -32031,
    advice: 'It was changed after you looked. Read it again, then decide anew.',
  },
  unauthenticated: {
    retry: 'never',
    actor: 'caller',
    rpcCode: -32001,
    advice: 'Sign in again, or send a valid token in the Authorization header.',
  },
  forbidden: {
    retry: 'never',
    actor: 'operator',
    rpcCode: -32003,
    advice: 'This caller may not do that. Ask the operator for the role.',
  },
  too_large: { retry: 'never', actor: 'caller', rpcCode: -32023, advice: 'Send or ask for less at once.' },
  config_invalid: {
    retry: 'never',
    actor: 'operator',
    rpcCode: -32024,
    advice: 'Correct the named settings and start again.',
  },
  credentials_corrupt: {
    retry: 'never',
    actor: 'operator',
    rpcCode: -32025,
    advice: 'A stored secret was tampered with, cut short or moved. Restore it from backup or enter it anew.',
  },
  lease_held: {
    retry: 'backoff',
    actor: 'nobody',
    rpcCode: -32026,
    advice: 'Another run of this integration is under way; this one waits for it.',
  },
  lease_lost: {
    retry: 'never',
    actor: 'nobody',
    rpcCode: -32027,
    advice: 'Another worker took this run over and goes on with it.',
  },
  aborted: { retry: 'backoff', actor: 'nobody', rpcCode: -32028, advice: 'The database asked to try again.' },
  unavailable: {
    retry: 'backoff',
    actor: 'operator',
    rpcCode: -32029,
    advice: 'A part of Flotilla does not answer. It is tried again by itself.',
  },
} as const satisfies Record<string, CodeFacts>;

export type FailureCode = keyof typeof failureFacts;

/** Pure. Whether something from outside is one of ours. */
export function isFailureCode(code: unknown): code is FailureCode {
  return typeof code === 'string' && Object.hasOwn(failureFacts, code);
}

export function factsOf(code: FailureCode): CodeFacts {
  return failureFacts[code];
}
