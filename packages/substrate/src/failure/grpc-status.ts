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
