import type { Clock } from '@flotilla/substrate/clock/clock';
import { Failure } from '@flotilla/substrate/failure';
import { LandedAnswer } from '../rpc/answers.ts';
import type { RpcClient } from '../rpc/rpc-client.ts';
import { askPatiently } from './follow-run.ts';

export interface LandingOptions {
  readonly warehouse: RpcClient;
  readonly customerId: string;
  readonly integrationId: string;
  /** The run's last change; null or 0 where the integration has none. */
  readonly lastSequence: number | null;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const betweenMs = 100;
const patienceMs = 120_000;

/** Resolves to the number of changes of the integration that the warehouse has, once none up to `lastSequence` is missing. */
export async function waitForWarehouse(options: LandingOptions): Promise<number> {
  const { warehouse, customerId, integrationId, clock, signal } = options;
  const lastSequence = options.lastSequence ?? 0;
  const until = clock.now() + patienceMs;
  for (;;) {
    const landed = await askPatiently(
      () => warehouse.call('warehouse.progress.v1', { customerId, integrationId }, LandedAnswer),
      clock,
      signal,
    );
    // Sequences begin at 1 and have no gaps: as many distinct changes as the highest one means that none is missing.
    if (landed.highestSequence >= lastSequence && landed.changes >= landed.highestSequence)
      return landed.changes;
    if (clock.now() > until) {
      throw new Failure('unavailable', 'The changes have not reached the warehouse in time', {
        data: {
          customerId,
          integrationId,
          expected: lastSequence,
          landed: landed.changes,
          advice: 'The run itself has ended; delivery goes on by itself. See the log of `warehouse`.',
        },
      });
    }
    await clock.sleep(betweenMs, signal);
  }
}
