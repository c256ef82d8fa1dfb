/**
 * Pure. The codes with which Google's services refuse a call.
 *
 * https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
 */
export const grpcStatus = {
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  aborted: 10,
  outOfRange: 11,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** The code in what a client library threw; -1 for anything else. */
export function grpcStatusOf(thrown: unknown): number {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'number' ? thrown.code : -1;
}

/**
 * Of the moment, or of the quota of a minute: another try may be answered. `unknown` and `internal` are among them, which Google's own clients
 * repeat too (`publisher_client_config.json`): the first is also what a call ends with whose token could not be had (`Getting metadata
 * from plugin failed`, grpc-js).
 */
const passing: ReadonlySet<number> = new Set([
  grpcStatus.cancelled,
  grpcStatus.unknown,
  grpcStatus.deadlineExceeded,
  grpcStatus.resourceExhausted,
  grpcStatus.aborted,
  grpcStatus.internal,
  grpcStatus.unavailable,
]);

/** Whether a call that was refused with this code may succeed later, unchanged. */
export function isPassingStatus(code: number): boolean {
  return passing.has(code);
}
