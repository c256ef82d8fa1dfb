import type { RunStarter } from '@flotilla/substrate/pipeline';
import type { ServiceParts } from '@flotilla/substrate/service';

/** What control's methods work with. Control starts runs and never works on them: vendors' services do. */
export interface Control extends RunStarter {
  readonly log: ServiceParts['log'];
  /** Where changes of ours go on to the warehouse. */
  readonly bus: ServiceParts['bus'];
  readonly signInLinks?: ServiceParts['signInLinks'];
  readonly fleet: ServiceParts['fleet'];
  /** The vendors whose services are part of the fleet. */
  readonly vendors: readonly string[];
  /** Runs of one night begin spread over this many milliseconds. */
  readonly nightlySpreadMs: number;
  /** Sees to it that there is a key to seal a credential with, before the transaction that stores it. */
  readonly prepareKey: (owner: {
    readonly customerId: string;
    readonly integrationId: string;
  }) => Promise<void>;
}
