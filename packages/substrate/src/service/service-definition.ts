import type { Clock } from '../clock/clock.ts';
import type { Vault } from '../credentials/vault.ts';
import type { ChangeBus, SubscriptionSettings } from '../egress/change-bus.ts';
import type { Warehouse } from '../egress/warehouse.ts';
import type { Log } from '../observability/log.ts';
import type { Secrets } from '../observability/secrets.ts';
import type { AnyMethod } from '../rpc/define-method.ts';
import type { Store } from '../store/schema.ts';
import type { QueueSettings, TaskQueue } from '../tasks/task-queue.ts';
import type { RuntimeProfile } from '../vendor/define-vendor.ts';
import type { PushHandler } from './push-route.ts';
import type { TaskHandler } from './task-route.ts';

/** What the composition root gives to a service: every port, and the fleet's settings. */
export interface ServiceParts {
  readonly store: Store;
  readonly vault: Pick<Vault, 'prepare'>;
  readonly tasks: TaskQueue;
  readonly bus: ChangeBus;
  /** One process of the fleet owns the warehouse; only that one may ask for it. */
  readonly openWarehouse: () => Promise<Warehouse>;
  readonly clock: Clock;
  readonly log: Log;
  readonly secrets: Secrets;
  /** The origin of a service of the fleet. Fails with `config_invalid` for one that is not deployed. */
  readonly serviceUrl: (name: string) => string;
  /** The names of the fleet's services. */
  readonly deployed: readonly string[];
  readonly settings: ServiceSettings;
}

export interface ServiceSettings {
  /** The folder in which the embedded stack keeps everything. */
  readonly home: string;
  readonly allowedHosts: readonly string[];
  readonly sliceMs: number;
  readonly nightlySpreadMs: number;
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
  readonly open: (parts: ServiceParts) => Promise<Service<Context>>;
}
