import type { Clock } from '../clock/clock.ts';
import type { Log } from '../observability/log.ts';
import type { Secrets } from '../observability/secrets.ts';
import type { Authenticator } from '../rpc/authenticate.ts';
import type { DeadTaskKeeper } from '../tasks/dead-task-keeper.ts';
import type { QueueSettings } from '../tasks/task-queue.ts';
import type { Peers } from './peers.ts';
import type { People } from './people/people.ts';
import type { Platform } from './platform.ts';
import type { Service, ServiceDefinition } from './service-definition.ts';
import type { Shutdown } from './shutdown.ts';

/** A platform, and what else of a service depends on where it runs. */
export interface Stack {
  readonly platform: Platform;
  readonly authenticator: Authenticator;
  readonly peers: Peers;
  /** People whose browsers reach the service's pages at `origin`; undefined where none are let in. */
  openPeople(origin: string): People | undefined;
  /** Whether the service looks for lost work by itself; false where Cloud Scheduler asks it to. */
  readonly sweepsItself: boolean;
  /** Keeps the tasks of the service's queues that die; left out where the queue does so itself. */
  keepDead?(queues: readonly QueueSettings[]): DeadTaskKeeper;
  /** Sees to it that its tasks and messages come to the service, which listens at `url`; ends with the shutdown. */
  attach(service: Intakes, url: string, shutdown: Shutdown): Promise<void>;
}

export type Intakes = Pick<Service<unknown>, 'queues' | 'subscriptions'>;

export interface StackParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly secrets: Secrets;
  readonly definition: Pick<ServiceDefinition<never>, 'name' | 'mayUnwrap'>;
}
