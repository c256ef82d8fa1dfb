import type { Clock } from '../clock/clock.ts';
import type { Vault } from '../credentials/vault.ts';
import type { SubscriptionSettings } from '../egress/change-bus.ts';
import type { Log } from '../observability/log.ts';
import type { Secrets } from '../observability/secrets.ts';
import type { KeyChanger } from '../pipeline/parts.ts';
import type { AnyMethod } from '../rpc/define-method.ts';
import type { QueueSettings } from '../tasks/task-queue.ts';
import type { RuntimeProfile } from '../vendor/define-vendor.ts';
import type { Pages } from './pages.ts';
import type { Peers } from './peers.ts';
import type { SignInLinks } from './people/people.ts';
import type { Platform } from './platform.ts';
import type { PushHandler } from './push-route.ts';
import type { TaskHandler } from './task-route.ts';

/** What the composition root gives to a service: every port, and the fleet's settings. */
export interface ServiceParts extends Pick<Platform, 'store' | 'tasks' | 'bus' | 'openWarehouse'> {
  readonly vault: Pick<Vault, 'prepare'> & KeyChanger;
  readonly clock: Clock;
  readonly log: Log;
  readonly secrets: Secrets;
  /** The origin of a service of the fleet. Fails with `config_invalid` for one that is not deployed. */
  readonly serviceUrl: (name: string) => string;
  readonly peers: Peers;
  /** The names of the fleet's services. */
  readonly deployed: readonly string[];
  /** Signs people in on this service's pages; left out where it has none, or somebody else signs them in. */
  readonly signInLinks?: Pick<SignInLinks, 'create'> | undefined;
  readonly fleet: FleetFacts;
  readonly settings: ServiceSettings;
}

/** What a person is told of the fleet that the person works on. */
export interface FleetFacts {
  readonly stack: 'local' | 'google';
  readonly version: string;
  /** Where people reach the dashboard, an origin; undefined where the deployment has none, or does not say. */
  readonly dashboardUrl: string | undefined;
}

export interface ServiceSettings {
  readonly allowedHosts: readonly string[];
  readonly sliceMs: number;
  readonly nightlySpreadMs: number;
  /** Left out: no mail is sent. */
  readonly mail?: MailSettings | undefined;
}

export interface MailSettings {
  /** `smtp://` or `smtps://`, with what is needed to be let in. */
  readonly smtpUrl: string;
  readonly from: string;
}

/** What a service is made of. `Context` is what its methods work with. */
export interface Service<Context> {
  readonly context: Context;
  readonly methods: readonly AnyMethod<Context>[];
  /** By name, as in `/tasks/<name>`. */
  readonly taskRoutes?: Readonly<Record<string, TaskHandler>>;
  /** By name, as in `/push/<name>`. */
  readonly pushRoutes?: Readonly<Record<string, PushHandler>>;
  /** Queues whose tasks are delivered to this service. */
  readonly queues?: readonly QueueSettings[];
  /** Subscriptions that push to this service; the push URL follows from the route. */
  readonly subscriptions?: readonly (Omit<SubscriptionSettings, 'pushUrl'> & { readonly route: string })[];
  /** Done at the start, and every five minutes: by Cloud Scheduler in the cloud, by the process itself locally. */
  readonly sweep?: (signal: AbortSignal) => Promise<void>;
  readonly close?: () => Promise<void>;
}

export interface ServiceDefinition<Context> {
  readonly name: string;
  /** False: it stores secrets and must never read one. */
  readonly mayUnwrap: boolean;
  /** What one of its processes gets; see `nodeFlags`. */
  readonly memory: RuntimeProfile['memory'];
  /** Served where people can sign in. */
  readonly pages?: Pages;
  readonly open: (parts: ServiceParts) => Promise<Service<Context>>;
}
