import type { GoogleAuth } from 'google-auth-library';
import type { Clock } from '../clock/clock.ts';
import { assertSizes, type ChangeBus, type SubscriptionStats } from './change-bus.ts';
import { listDeadLetters, originalOf, takeDeadLetter, topicOf } from './pubsub/dead-letters.ts';
import { publishInOrder } from './pubsub/publish-in-order.ts';
import { openPubSubClients, type PubSubClients, type PubSubPlace } from './pubsub/pubsub-clients.ts';
import { type ReadMetric, readBacklog } from './pubsub/read-backlog.ts';

export interface PubSubChangeBusOptions extends PubSubPlace {
  readonly clock: Clock;
  /** Default: a GET with the token of the service account. */
  readonly readMetric?: ReadMetric;
}

const untold: SubscriptionStats = { pending: null, running: null, dead: null, oldestPublishedAt: null };

/**
 * The change bus on Cloud Pub/Sub. Topics, push subscriptions and their dead letters are there already, made by `infra/` (or on an emulator by
 * `ensureSubscription`). What differs from the embedded bus: a dead letter has another message id than the message had, tells the last answer
 * only as far as Pub/Sub does, and is replayed by publishing it again, to all subscriptions of its topic.
 */
export function createPubSubChangeBus(options: PubSubChangeBusOptions): ChangeBus {
  const { clock, projectId, emulatorHost, readMetric = createMetricReader() } = options;
  let connecting: Promise<PubSubClients> | undefined;

  function connect(): Promise<PubSubClients> {
    connecting ??= openPubSubClients(options);
    return connecting;
  }

  return {
    async publish(topic, messages) {
      assertSizes(topic, messages);
      return await publishInOrder(await connect(), options, topic, messages);
    },

    async stats(subscription) {
      // The emulator has no metrics.
      if (emulatorHost !== undefined) return untold;
      return await readBacklog(readMetric, projectId, subscription, clock.now());
    },

    async listDead(subscription, limit = 100) {
      return await listDeadLetters(await connect(), options, subscription, limit);
    },

    async replayDead(subscription, messageId) {
      const clients = await connect();
      const topic = await topicOf(clients, options, subscription);
      await takeDeadLetter(clients, options, subscription, messageId, async (received) => {
        // Published before it is acknowledged: a crash in between leaves it twice, not nowhere.
        await publishInOrder(clients, options, topic, [originalOf(received)]);
      });
    },

    async discardDead(subscription, messageId) {
      await takeDeadLetter(await connect(), options, subscription, messageId, async () => undefined);
    },

    async close() {
      await (await connecting)?.close();
    },
  };
}

function createMetricReader(): ReadMetric {
  let opening: Promise<GoogleAuth> | undefined;
  async function open(): Promise<GoogleAuth> {
    const library = await import('google-auth-library');
    return new library.GoogleAuth({ scopes: 'https://www.googleapis.com/auth/monitoring.read' });
  }
  return async (url) => {
    // It keeps the token that the metadata server gave it.
    opening ??= open();
    const { data } = await (await opening).request<unknown>({ url });
    return data;
  };
}
