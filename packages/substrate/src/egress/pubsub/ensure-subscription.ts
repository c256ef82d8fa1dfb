import { grpcStatus, grpcStatusOf } from '../../failure/grpc-status.ts';
import type { SubscriptionSettings } from '../change-bus.ts';
import {
  deadLettersOf,
  type PubSubClients,
  type PubSubPlace,
  subscriptionPath,
  topicPath,
} from './pubsub-clients.ts';
import { translated } from './pubsub-failure.ts';

/** The longest that the emulator knows; Pub/Sub itself has come to 31 days, which `infra/` asks for. */
const deadKeptSeconds = 7 * 24 * 3_600;
/**
 * The shortest there is; `infra/` gives whoever looks for one of many dead letters a minute. An emulator on a busy machine may answer a pull
 * whose caller has given up, and for so long nobody sees what was in the answer.
 */
const deadAckDeadlineSeconds = 10;

/**
 * Makes a subscription with its topic and its dead letters as `infra/` makes them in a project: for the emulator, and tests. What is there
 * stays as it is.
 */
export async function ensureSubscription(
  { publisher, subscriber }: PubSubClients,
  place: PubSubPlace,
  settings: SubscriptionSettings,
  isOrdered = true,
): Promise<void> {
  const dead = deadLettersOf(settings.name);
  for (const name of [settings.topic, dead])
    await unlessThere(name, () => publisher.createTopic({ name: topicPath(place, name) }));
  await unlessThere(dead, () =>
    subscriber.createSubscription({
      name: subscriptionPath(place, dead),
      topic: topicPath(place, dead),
      ackDeadlineSeconds: deadAckDeadlineSeconds,
      messageRetentionDuration: { seconds: deadKeptSeconds },
      // Else one that nobody has asked for a month is deleted, dead letters and all.
      expirationPolicy: {},
    }),
  );
  await unlessThere(settings.name, () =>
    subscriber.createSubscription({
      name: subscriptionPath(place, settings.name),
      topic: topicPath(place, settings.topic),
      enableMessageOrdering: isOrdered,
      ackDeadlineSeconds: Math.ceil(settings.ackDeadlineMs / 1000),
      pushConfig: { pushEndpoint: settings.pushUrl },
      retryPolicy: {
        minimumBackoff: toDuration(settings.minBackoffMs),
        maximumBackoff: toDuration(settings.maxBackoffMs),
      },
      deadLetterPolicy: {
        deadLetterTopic: topicPath(place, dead),
        maxDeliveryAttempts: settings.maxDeliveryAttempts,
      },
      expirationPolicy: {},
    }),
  );
}

function toDuration(ms: number) {
  return { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1e6 };
}

async function unlessThere(name: string, create: () => Promise<unknown>): Promise<void> {
  await translated(name, async () => {
    try {
      await create();
    } catch (thrown) {
      if (grpcStatusOf(thrown) !== grpcStatus.alreadyExists) throw thrown;
    }
  });
}
