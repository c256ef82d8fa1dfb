import type { RunStarter } from '@flotilla/substrate/pipeline';
import type { ServiceParts } from '@flotilla/substrate/service';
import type { Mailer } from './mail/mailer.ts';
import type { ServiceProbe } from './service-probe.ts';
import type { VendorDescriptions } from './vendor-descriptions.ts';

/** What control's methods work with. Control starts runs and never works on them: vendors' services do. */
export interface Control extends RunStarter {
  readonly log: ServiceParts['log'];
  /** Where changes of ours go on to the warehouse. */
  readonly bus: ServiceParts['bus'];
  /** The fleet's other services. */
  readonly peers: ServiceParts['peers'];
  readonly descriptions: VendorDescriptions;
  readonly probe: ServiceProbe;
  readonly signInLinks?: ServiceParts['signInLinks'];
  readonly fleet: ServiceParts['fleet'];
  /** Left out: no mail is sent. */
  readonly mailer?: Mailer | undefined;
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
