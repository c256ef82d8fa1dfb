import { Failure } from '../../failure/failure.ts';
import { grpcStatusOf, isPassingStatus, grpcStatus as status } from '../../failure/grpc-status.ts';
import { retryDelayMs } from './retry-delay.ts';

/** What the client threw, as a Failure. Spanner's messages may quote values of rows: they stay in the cause. */
export function spannerErrorToFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  const [code, message] = [grpcStatusOf(thrown), messageOf(thrown)];
  const data = { spannerCode: code };
  const options = { data, cause: thrown };
  switch (code) {
    case status.aborted:
      return new Failure('aborted', 'Spanner aborted the transaction', {
        ...options,
        ...readRetryDelay(thrown),
      });
    case status.alreadyExists:
      return new Failure('already_exists', 'A row with this key or unique value exists', options);
    case status.notFound:
      return notFoundToFailure(message, options);
    case status.failedPrecondition:
      return preconditionToFailure(message, options);
    case status.invalidArgument:
    case status.outOfRange:
      return new Failure('internal', 'Spanner refused a statement', options);
    case status.permissionDenied:
    case status.unauthenticated:
      return new Failure('config_invalid', 'Spanner refuses this service account', options);
    default:
      return isPassingStatus(code)
        ? new Failure('unavailable', 'Spanner does not answer', options)
        : new Failure('internal', 'Spanner failed', options);
  }
}

interface Options {
  readonly data: { readonly spannerCode: number };
  readonly cause: unknown;
}

function notFoundToFailure(message: string, options: Options): Failure {
  if (/session not found/i.test(message))
    return new Failure('aborted', 'Spanner has dropped the session', options);
  if (/parent/i.test(message)) return new Failure('not_found', 'The parent row does not exist', options);
  if (/(table|index|column|database|instance) not found/i.test(message)) {
    return new Failure('internal', 'Spanner does not know the database, table, column or index', options);
  }
  return new Failure('not_found', 'No row has this key', options);
}

function preconditionToFailure(message: string, options: Options): Failure {
  // One schema change or read-write transaction at a time on the emulator.
  if (/schema change operation rejected/i.test(message))
    return new Failure('aborted', 'Another schema change is under way', options);
  if (/child/i.test(message)) {
    return new Failure('invalid_params', 'Rows that lie inside this one would lose their parent', options);
  }
  return new Failure('invalid_params', 'A value does not fit its column', options);
}

function readRetryDelay(thrown: unknown): { readonly retryAfterMs?: number } {
  const delay = thrown instanceof Error && 'metadata' in thrown ? retryDelayMs(thrown.metadata) : undefined;
  return delay === undefined ? {} : { retryAfterMs: delay };
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : '';
}

/** Runs a call of the client and translates what it throws. */
export async function translated<R>(call: () => Promise<R>): Promise<R> {
  try {
    return await call();
  } catch (thrown) {
    throw spannerErrorToFailure(thrown);
  }
}
