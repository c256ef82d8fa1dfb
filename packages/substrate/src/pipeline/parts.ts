import type { Clock } from '../clock/clock.ts';
import type { Vault } from '../credentials/vault.ts';
import type { IntegrationKey } from '../egress/change.ts';
import type { ChangeBus } from '../egress/change-bus.ts';
import type { VendorClient, VendorClientOptions } from '../http/vendor-client.ts';
import type { Log } from '../observability/log.ts';
import type { Store } from '../store/schema.ts';
import type { TaskQueue } from '../tasks/task-queue.ts';

/** What starting runs needs. */
export interface RunStarter {
  readonly store: Store;
  readonly tasks: TaskQueue;
  readonly clock: Clock;
  /** The service's origin, where its tasks are delivered. Fails with `config_invalid` for a vendor that is not deployed. */
  readonly serviceUrl: (vendorId: string) => string;
}

/** What working on them needs besides. */
export interface RunWorker extends RunStarter {
  readonly bus: ChangeBus;
  readonly log: Log;
  readonly openClient: (
    options: Pick<VendorClientOptions, 'baseUrl' | 'auth' | 'limits' | 'failures' | 'signal' | 'onAttempt'>,
  ) => VendorClient;
  /** How long one slice works before it hands over to the next, in milliseconds: well below the queue's dispatch deadline. */
  readonly sliceMs: number;
  /** Called with a run's secrets before they are used, so that no log line can carry them; the answer ends that. */
  readonly guardSecrets: (secrets: readonly string[]) => () => void;
  /** Sees to it that there is a key to seal an integration's data with: a transaction cannot make one. */
  readonly prepareKey: (owner: IntegrationKey) => Promise<void>;
  /** For the methods that rotate keys: no run opens or seals by it. */
  readonly vault: KeyChanger;
}

/** What changes the keys of a vendor's integrations, and opens and seals what stands under them. */
export type KeyChanger = Pick<Vault, 'open' | 'seal' | 'rotate' | 'rewrap'>;

/** The path of a service's task endpoint for slices. */
export const runSliceTask = 'run-slice';
