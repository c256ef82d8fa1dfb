import type { google } from '@google-cloud/pubsub/build/protos/protos.js';
import { Failure } from '../../failure/failure.ts';
import { grpcStatus, grpcStatusOf } from '../../failure/grpc-status.ts';
import type { DeadMessage } from '../change-bus.ts';
import { deadLettersOf, type PubSubClients, type PubSubPlace, subscriptionPath } from './pubsub-clients.ts';
import { translated } from './pubsub-failure.ts';

type Received = google.pubsub.v1.IReceivedMessage;

/** How long an empty subscription is listened to: Pub/Sub answers a pull when there is something, or after a while of its own choice. */
const pullMs = 3_000;
const pullSize = 100;
/** Of all those that are taken while one is looked for; https://cloud.google.com/pubsub/quotas has none for a pull but 10 MB an answer. */
const mostLookedAt = 10_000;

/** What Pub/Sub adds to a message when it gives up; https://cloud.google.com/pubsub/docs/handling-failures#track-delivery-attempts */
const added = {
  attempts: 'CloudPubSubDeadLetterSourceDeliveryCount',
  subscription: 'CloudPubSubDeadLetterSourceSubscription',
  project: 'CloudPubSubDeadLetterSourceSubscriptionProject',
  publishedAt: 'CloudPubSubDeadLetterSourceTopicPublishTime',
  answer: 'CloudPubSubDeadLetterSourceDeliveryErrorMessage',
} as const;

/**
 * Takes dead letters one after the other until `isWanted` says yes, gives that one to `work`, which ends with its acknowledgement, and all
 * others back. They cannot be looked up by their ids. Two who look at the same time each see a part.
 */
export async function takeDeadLetter(
  clients: PubSubClients,
  place: PubSubPlace,
  subscription: string,
  messageId: string,
  work: (received: Received) => Promise<void>,
): Promise<void> {
  const path = subscriptionPath(place, deadLettersOf(subscription));
  const taken = new Set<string>();
  try {
    while (taken.size < mostLookedAt) {
      const batch = await pull(clients, path, pullSize);
      for (const { ackId } of batch) taken.add(ackId ?? '');
      const found = batch.find(({ message }) => message?.messageId === messageId);
      if (found !== undefined) {
        const ackId = found.ackId ?? '';
        await work(found);
        await translated(path, () => clients.subscriber.acknowledge({ subscription: path, ackIds: [ackId] }));
        taken.delete(ackId);
        return;
      }
      if (batch.length === 0) break;
    }
  } finally {
    // The one that is meant as well, where the work failed: whoever tries again at once must find it.
    await giveBack(clients, path, [...taken]);
  }
  throw new Failure('not_found', 'No dead letter of this id', { data: { subscription, messageId } });
}

/** At most `limit`, latest first; of a full subscription any of them. */
export async function listDeadLetters(
  clients: PubSubClients,
  place: PubSubPlace,
  subscription: string,
  limit: number,
): Promise<readonly DeadMessage[]> {
  const path = subscriptionPath(place, deadLettersOf(subscription));
  const topic = await topicOf(clients, place, subscription);
  const ackIds: string[] = [];
  const byId = new Map<string, DeadMessage>();
  try {
    while (byId.size < limit) {
      const batch = await pull(clients, path, Math.min(pullSize, limit - byId.size));
      if (batch.length === 0) break;
      for (const received of batch) {
        ackIds.push(received.ackId ?? '');
        const dead = toDeadMessage(received, topic, subscription);
        byId.set(dead.messageId, dead);
      }
    }
  } finally {
    await giveBack(clients, path, ackIds);
  }
  return [...byId.values()].toSorted((a, b) => b.diedAt - a.diedAt || (a.messageId < b.messageId ? 1 : -1));
}

/** The topic whose messages a subscription gets. */
export async function topicOf(
  { subscriber }: PubSubClients,
  place: PubSubPlace,
  subscription: string,
): Promise<string> {
  const path = subscriptionPath(place, subscription);
  const [{ topic }] = await translated(path, () => subscriber.getSubscription({ subscription: path }));
  return topic?.split('/').at(-1) ?? '';
}

/** The message as its publisher sent it. */
export function originalOf({ message }: Received) {
  const own = Object.entries(message?.attributes ?? {}).filter(
    ([name]) => !Object.values<string>(added).includes(name),
  );
  return {
    data: toBytes(message?.data),
    attributes: Object.fromEntries(own),
    orderingKey: message?.orderingKey ?? '',
  };
}

function toDeadMessage(received: Received, topic: string, subscription: string): DeadMessage {
  const { data, ...original } = originalOf(received);
  const { messageId, attributes, publishTime } = received.message ?? {};
  return {
    ...original,
    messageId: messageId ?? '',
    topic,
    subscription,
    bytes: data.byteLength,
    attempts: Number(attributes?.[added.attempts]),
    publishedAt: Date.parse(attributes?.[added.publishedAt] ?? ''),
    diedAt: Number(publishTime?.seconds ?? 0) * 1000 + Math.floor(Number(publishTime?.nanos ?? 0) / 1e6),
    lastStatus: null,
    lastAnswer: attributes?.[added.answer] ?? '',
  };
}

async function pull(
  { subscriber }: PubSubClients,
  path: string,
  maxMessages: number,
): Promise<readonly Received[]> {
  return await translated(path, async () => {
    try {
      const [answer] = await subscriber.pull(
        { subscription: path, maxMessages },
        { timeout: pullMs, retry: null },
      );
      return answer.receivedMessages ?? [];
    } catch (thrown) {
      if (grpcStatusOf(thrown) === grpcStatus.deadlineExceeded) return [];
      throw thrown;
    }
  });
}

/** At once for whoever asks next. Where that fails they come back by themselves, a minute later: what was done before stays done. */
async function giveBack(
  { subscriber }: PubSubClients,
  path: string,
  ackIds: readonly string[],
): Promise<void> {
  for (let from = 0; from < ackIds.length; from += 1_000) {
    const some = ackIds.slice(from, from + 1_000);
    await subscriber
      .modifyAckDeadline({ subscription: path, ackIds: some, ackDeadlineSeconds: 0 })
      .catch(() => undefined);
  }
}

function toBytes(data: Uint8Array | string | null | undefined): Uint8Array {
  return typeof data === 'string' ? Buffer.from(data, 'base64') : (data ?? new Uint8Array());
}
