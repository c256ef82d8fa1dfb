import { type BusMessage, bytesOf } from '../change-bus.ts';
import { type PubSubClients, type PubSubPlace, topicPath } from './pubsub-clients.ts';
import { translated } from './pubsub-failure.ts';

/** Of one request; https://cloud.google.com/pubsub/quotas#resource_limits. The bytes leave room for what surrounds the messages. */
const most = { messages: 1_000, bytes: 9_500_000 };
/** Ordering keys that are under way at once. */
const mostKeys = 8;

interface Numbered {
  readonly message: BusMessage;
  /** Its place among those that the caller gave. */
  readonly index: number;
}

/**
 * Publishes the messages of each ordering key one request after the other: the next only when the one before was taken, so that a failure
 * leaves no gap. After one no key is begun any more, and it is told when nothing is under way: else what is repeated would meet what is
 * still being sent. Answers the ids in the order of the messages.
 */
export async function publishInOrder(
  { publisher }: PubSubClients,
  place: PubSubPlace,
  topic: string,
  messages: readonly BusMessage[],
): Promise<readonly string[]> {
  const ids: string[] = Array.from({ length: messages.length }, () => '');

  async function publishKey(ofOneKey: readonly Numbered[]): Promise<void> {
    for (const request of requestsOf(ofOneKey)) {
      const [{ messageIds }] = await translated(topic, () =>
        publisher.publish({
          topic: topicPath(place, topic),
          messages: request.map(({ message: { data, attributes, orderingKey } }) => ({
            data,
            attributes,
            orderingKey,
          })),
        }),
      );
      for (const [at, { index }] of request.entries()) ids[index] = messageIds?.[at] ?? '';
    }
  }

  const keys = Map.groupBy(
    messages.map((message, index): Numbered => ({ message, index })),
    ({ message }) => message.orderingKey,
  ).values();
  let failed: { readonly thrown: unknown } | undefined;
  // Each of these takes the next key when it is done with one: an iterator is shared by all.
  await Promise.all(
    Array.from({ length: mostKeys }, async () => {
      for (const ofOneKey of keys) {
        if (failed !== undefined) return;
        await publishKey(ofOneKey).catch((thrown: unknown) => {
          failed ??= { thrown };
        });
      }
    }),
  );
  if (failed !== undefined) throw failed.thrown;
  return ids;
}

function requestsOf(messages: readonly Numbered[]): readonly (readonly Numbered[])[] {
  const requests: Numbered[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const numbered of messages) {
    const own = bytesOf(numbered.message);
    const last = requests.at(-1);
    if (last === undefined || last.length >= most.messages || bytes + own > most.bytes) {
      requests.push([numbered]);
      bytes = own;
    } else {
      last.push(numbered);
      bytes += own;
    }
  }
  return requests;
}
