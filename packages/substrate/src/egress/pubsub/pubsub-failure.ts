import { Failure } from '../../failure/failure.ts';
import { grpcStatus, grpcStatusOf, isPassingStatus } from '../../failure/grpc-status.ts';

/** Runs a call of the client and translates what it throws: `unavailable`, `forbidden`, `config_invalid`, `internal`. */
export async function translated<R>(name: string, call: () => Promise<R>): Promise<R> {
  try {
    return await call();
  } catch (thrown) {
    throw thrown instanceof Failure ? thrown : pubSubErrorToFailure(name, thrown);
  }
}

function pubSubErrorToFailure(name: string, cause: unknown): Failure {
  const status = grpcStatusOf(cause);
  const options = { data: { name, pubSubCode: status }, cause };
  if (isPassingStatus(status)) return new Failure('unavailable', 'Pub/Sub does not answer', options);
  switch (status) {
    case grpcStatus.notFound:
      return new Failure('config_invalid', 'Pub/Sub has no topic or subscription of this name', options);
    case grpcStatus.permissionDenied:
    case grpcStatus.unauthenticated:
      return new Failure('forbidden', 'This service account may not use the topic or subscription', options);
    default:
      return new Failure('internal', 'Pub/Sub failed', options);
  }
}
