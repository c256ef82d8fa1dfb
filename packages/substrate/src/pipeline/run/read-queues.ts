import { type FailureCode } from '../../failure/codes.ts';
import { toFailure } from '../../failure/failure.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { emptyQueues, giveUpQueues } from '../fetch/queue-pages.ts';
import { type Slice, stopIfOver } from '../slice.ts';

/**
 * Empties the vendor's queues of changes before anything is fetched. One that cannot be read spares no work, and that is all: then
 * everything is fetched whole, until one can be read to its end.
 */
export async function readQueues(slice: Slice, entities: readonly Entity[]): Promise<void> {
  try {
    await emptyQueues(slice, entities);
  } catch (thrown) {
    stopIfOver(slice);
    if (!theirs.has(toFailure(thrown).code)) throw thrown;
    slice.worker.log.warn("The vendor's queue of changes could not be read", { error: thrown });
    await giveUpQueues(slice);
  }
}

/** What the vendor's answer to the queue alone may be; all else the lists meet as well, or it is ours. */
const theirs: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'vendor_unavailable',
  'gateway_unavailable',
  'credentials_rejected',
  'vendor_answer_invalid',
  'verification_failed',
  'cursor_expired',
  'not_found',
  'too_large',
]);
