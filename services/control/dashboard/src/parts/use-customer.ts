import { isFailure } from '@flotilla/substrate/failure';
import { useCall } from '../rpc/use-call.ts';

/** Names hardly change, and whoever changes one sees it at once: an action asks anew for all that is shown. */
const freshMs = 60_000;

export interface KnownCustomer {
  /** By which people know it; its id where it has none, and until it is known. */
  readonly name: string;
  /** Control says that there is none with this id. */
  readonly isMissing: boolean;
}

/** A customer by its name: asked for once, on however many places and pages it stands. */
export function useCustomer(customerId: string): KnownCustomer {
  const { data, error, isPlaceholderData } = useCall('customers.get.v1', { customerId }, { freshMs });
  // An id that none can have is refused as such.
  const isMissing = isFailure(error, 'not_found') || isFailure(error, 'invalid_params');
  // While another one is asked for, the last one's name would stay.
  return { name: (isPlaceholderData ? undefined : data?.name) ?? customerId, isMissing };
}
