import type { QueueSettings } from '../../packages/substrate/src/tasks/task-queue.ts';
import type { RuntimeProfile } from '../../packages/substrate/src/vendor/define-vendor.ts';
import type { LoadedService } from './load-services.ts';
import type { Renderer } from './rendered-file.ts';

/**
 * `infra/services.auto.tfvars.json`: what each service needs of a project, as the variable `services` of `infra/` takes it. One file, since
 * Terraform reads a variable from one only.
 */
export const renderServiceProfiles: Renderer = (_root, services) => [
  {
    path: 'infra/services.auto.tfvars.json',
    text: `${JSON.stringify(
      { services: Object.fromEntries(services.map((service) => [service.folder, toProfile(service)])) },
      null,
      2,
    )}\n`,
  },
];

function toProfile(service: LoadedService) {
  const { memory, queues, subscriptions, vendor } = service;
  const { cpu, timeoutSeconds, concurrency } = vendor?.runtime ?? platformRuntime(service);
  return {
    is_vendor: vendor !== undefined,
    memory: toQuantity(memory),
    cpu,
    timeout_seconds: timeoutSeconds,
    concurrency,
    queues: Object.fromEntries(queues.map((queue) => [queue.name, toQueue(queue)])),
    subscriptions: Object.fromEntries(subscriptions.map((one) => [one.name, toSubscription(one)])),
  };
}

/** The platform's own services say only their memory: the rest follows from what is sent to them. */
function platformRuntime({ queues, subscriptions }: LoadedService): Omit<RuntimeProfile, 'memory'> {
  const deadlines = [
    ...queues.map(({ dispatchDeadlineMs }) => dispatchDeadlineMs),
    ...subscriptions.map(({ ackDeadlineMs }) => ackDeadlineMs),
  ];
  const pushes = subscriptions.map(({ maxConcurrentPushes }) => maxConcurrentPushes);
  return {
    cpu: 1,
    timeoutSeconds: Math.ceil(Math.max(60_000, ...deadlines) / 1000),
    // A push may be of 10 MB; calls and tasks are small.
    concurrency: pushes.length === 0 ? 20 : Math.max(...pushes),
  };
}

function toQueue({ rate, retry }: QueueSettings) {
  return {
    max_dispatches_per_second: rate.maxDispatchesPerSecond,
    max_concurrent_dispatches: rate.maxConcurrentDispatches,
    max_attempts: retry.maxAttempts,
    min_backoff: toDuration(retry.minBackoffMs),
    max_backoff: toDuration(retry.maxBackoffMs),
    max_doublings: retry.maxDoublings,
    ...(retry.maxRetryDurationMs === undefined
      ? {}
      : { max_retry_duration: toDuration(retry.maxRetryDurationMs) }),
  };
}

function toSubscription(settings: LoadedService['subscriptions'][number]) {
  return {
    topic: settings.topic,
    route: settings.route,
    ack_deadline_seconds: Math.ceil(settings.ackDeadlineMs / 1000),
    minimum_backoff: toDuration(settings.minBackoffMs),
    maximum_backoff: toDuration(settings.maxBackoffMs),
    max_delivery_attempts: settings.maxDeliveryAttempts,
  };
}

/** As Google's APIs write durations: `0.5s`. */
function toDuration(ms: number): string {
  return `${ms / 1000}s`;
}

/** As Kubernetes writes them, and so Cloud Run: `512Mi`. */
function toQuantity(memory: RuntimeProfile['memory']): string {
  return memory.slice(0, -1);
}
