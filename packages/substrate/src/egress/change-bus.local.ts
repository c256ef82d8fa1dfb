import type { Clock } from '../clock/clock.ts';
import { Failure } from '../failure/failure.ts';
import { openDeliveryDatabase } from '../tasks/delivery-schema.local.ts';
import {
  type ClaimedDelivery,
  createDeliveryTable,
  type DeadDelivery,
} from '../tasks/delivery-table.local.ts';
import { type Dispatcher, type Lane, startDispatcher } from '../tasks/dispatcher.local.ts';
import {
  assertSizes,
  type BusMessage,
  type ChangeBus,
  type DeadMessage,
  type PushEnvelope,
  type SubscriptionSettings,
  type SubscriptionStats,
} from './change-bus.ts';

export interface LocalChangeBusOptions {
  /** The SQLite file that all processes of one fleet share. */
  readonly path: string;
  readonly clock: Clock;
  /** After a crash of its pusher a message is pushed again when this has passed. Default 5 s. */
  readonly leaseMs?: number;
  /** Default 1 s. */
  readonly beatMs?: number;
  /** Default 50 ms. */
  readonly pollMs?: number;
  readonly onFault?: (fault: Failure) => void;
}

export interface PusherOptions {
  readonly subscriptions: readonly SubscriptionSettings[];
  readonly tokenFor: (url: string) => string | Promise<string>;
  /** Default 8 s. */
  readonly graceMs?: number;
}

export interface LocalChangeBus extends ChangeBus {
  stats(subscription: string): Promise<Told<SubscriptionStats>>;
  /**
   * Makes a subscription known, so that what is published from now on is kept for it; idempotent. The first subscription of a topic
   * also gets what was published before it (Pub/Sub would have dropped that).
   */
  ensureSubscription(subscription: { readonly name: string; readonly topic: string }): Promise<void>;
  /** Ensures the subscriptions and pushes their messages until stopped. Several processes may push one subscription; its order holds. */
  startPusher(options: PusherOptions): { stop(): Promise<void> };
}

/** It knows everything of itself. */
type Told<S> = { readonly [M in keyof S]: M extends 'oldestPublishedAt' ? S[M] : NonNullable<S[M]> };

interface MessageHead {
  readonly topic: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly publishedAt: number;
}

/** The embedded change bus: a SQLite file. */
export async function openLocalChangeBus(options: LocalChangeBusOptions): Promise<LocalChangeBus> {
  const { clock, leaseMs = 5_000, beatMs = 1_000, pollMs = 50, onFault = () => undefined } = options;
  const database = await openDeliveryDatabase(options.path, clock);
  const table = createDeliveryTable(database, { now: () => clock.now(), leaseMs, nameWindowMs: 0 });
  table.transact(() =>
    database.exec('CREATE TABLE IF NOT EXISTS subscription (name TEXT PRIMARY KEY, topic TEXT NOT NULL)'),
  );
  const insertSubscription = database.prepare('INSERT INTO subscription (name, topic) VALUES (?, ?)');
  const topicOf = database.prepare('SELECT topic FROM subscription WHERE name = ?');
  const subscriptionsOf = database.prepare('SELECT name FROM subscription WHERE topic = ?');
  const pushers = new Set<Dispatcher>();

  async function publish(topic: string, messages: readonly BusMessage[]): Promise<readonly string[]> {
    assertSizes(topic, messages);
    const ids = table.transact(() => {
      const lanes = subscriptionsOf.all(topic).map((row) => String(row['name']));
      return messages.map((message) => insert(topic, message, lanes));
    });
    wakePushers();
    return ids;
  }

  function insert(
    topic: string,
    { orderingKey, attributes, data }: BusMessage,
    lanes: readonly string[],
  ): string {
    const dueAt = clock.now();
    const head: MessageHead = { topic, attributes, publishedAt: dueAt };
    const payloadId = table.addPayload(JSON.stringify(head), data);
    const delivery = {
      name: String(payloadId),
      orderingKey: orderingKey === '' ? null : orderingKey,
      payloadId,
      dueAt,
    };
    for (const lane of lanes) table.add({ ...delivery, lane });
    if (lanes.length === 0) table.add({ ...delivery, lane: unroutedLane(topic), parked: true });
    return delivery.name;
  }

  function ensure({ name, topic }: { readonly name: string; readonly topic: string }): void {
    table.transact(() => {
      const known = topicOf.get(name)?.['topic'];
      if (known === topic) return;
      if (known !== undefined) {
        throw new Failure('config_invalid', 'A subscription cannot move to another topic', {
          data: { name, topic, known },
        });
      }
      insertSubscription.run(name, topic);
      table.unpark(unroutedLane(topic), name);
    });
  }

  function startPusher({ subscriptions, tokenFor, graceMs = 8_000 }: PusherOptions): {
    stop(): Promise<void>;
  } {
    for (const subscription of subscriptions) ensure(subscription);
    const lanes = subscriptions.map(subscriptionToLane);
    const pusher = startDispatcher({ table, lanes, clock, tokenFor, pollMs, beatMs, graceMs, onFault });
    pushers.add(pusher);
    return {
      stop: async () => {
        pushers.delete(pusher);
        await pusher.stop();
      },
    };
  }

  function wakePushers(): void {
    for (const pusher of pushers) pusher.wake();
  }

  function findDead(subscription: string, messageId: string): number {
    const id = table.findDead(subscription, messageId);
    if (id === null)
      throw new Failure('not_found', 'No dead letter of this id', { data: { subscription, messageId } });
    return id;
  }

  async function close(): Promise<void> {
    await Promise.all([...pushers].map((pusher) => pusher.stop()));
    pushers.clear();
    if (database.isOpen) database.close();
  }

  return {
    publish,
    stats: async (subscription) => {
      const { pending, running, dead, oldestCreatedAt } = table.stats(subscription);
      return { pending, running, dead, oldestPublishedAt: oldestCreatedAt };
    },
    listDead: async (subscription, limit = 100) =>
      table.listDead(subscription, limit).map((dead) => deliveryToDeadMessage(subscription, dead)),
    replayDead: async (subscription, messageId) => {
      table.replayDead(subscription, findDead(subscription, messageId));
      wakePushers();
    },
    discardDead: async (subscription, messageId) =>
      table.discardDead(subscription, findDead(subscription, messageId)),
    ensureSubscription: async (subscription) => ensure(subscription),
    startPusher,
    close,
  };
}

/** Where messages of a topic without any subscription wait; a slash cannot stand in a subscription's name. */
function unroutedLane(topic: string): string {
  return `unrouted/${topic}`;
}

function subscriptionToLane(settings: SubscriptionSettings): Lane {
  const { name, pushUrl, minBackoffMs, maxBackoffMs, maxDeliveryAttempts } = settings;
  return {
    lane: name,
    maxConcurrent: settings.maxConcurrentPushes,
    retry: { maxAttempts: maxDeliveryAttempts, minBackoffMs, maxBackoffMs, maxDoublings: 30 },
    deadlineMs: settings.ackDeadlineMs,
    toPush: (delivery) => ({ url: pushUrl, headers: {}, body: JSON.stringify(deliveryToEnvelope(delivery)) }),
  };
}

function deliveryToEnvelope(delivery: ClaimedDelivery): PushEnvelope {
  const { attributes, publishedAt } = JSON.parse(delivery.head) as MessageHead;
  const publishTime = new Date(publishedAt).toISOString();
  const message = {
    data: Buffer.from(delivery.data.buffer, delivery.data.byteOffset, delivery.data.byteLength).toString(
      'base64',
    ),
    attributes,
    messageId: delivery.name,
    message_id: delivery.name,
    publishTime,
    publish_time: publishTime,
    orderingKey: delivery.orderingKey ?? '',
  };
  return {
    message,
    subscription: `projects/local/subscriptions/${delivery.lane}`,
    deliveryAttempt: delivery.attempt,
  };
}

function deliveryToDeadMessage(subscription: string, dead: DeadDelivery): DeadMessage {
  const { topic, attributes, publishedAt } = JSON.parse(dead.head) as MessageHead;
  const { attempts, diedAt, lastStatus, lastAnswer } = dead;
  const orderingKey = dead.orderingKey ?? '';
  return {
    messageId: dead.name,
    topic,
    subscription,
    orderingKey,
    attributes,
    bytes: dead.data.byteLength,
    attempts,
    publishedAt,
    diedAt,
    lastStatus,
    lastAnswer,
  };
}
