import { Failure } from '../failure/failure.ts';

/**
 * A message bus with Pub/Sub's semantics: topics, subscriptions that push over HTTP, order per key, at least once.
 *
 * - A message is pushed as a POST of a `PushEnvelope`; a 2xx acknowledges it, anything else brings it again after a back-off.
 * - Messages of one ordering key reach a subscription in the order of their publishing; one that fails holds up its own key only.
 * - After `maxDeliveryAttempts` a message is a dead letter: its key goes on, and it is kept until replayed or discarded. A replayed
 *   message comes after what overtook it, so a consumer must not rely on order for its result.
 */
export interface ChangeBus {
  /**
   * Publishes in the order given; durable when resolved. Answers the message ids. Fails with `too_large` for a message over
   * `maximumMessageBytes`, `unavailable` when the broker does not take it (then some of the messages may have been taken).
   */
  publish(topic: string, messages: readonly BusMessage[]): Promise<readonly string[]>;
  stats(subscription: string): Promise<SubscriptionStats>;
  /** Latest first; at most `limit` (100). */
  listDead(subscription: string, limit?: number): Promise<readonly DeadMessage[]>;
  /** Fails with `not_found`. */
  replayDead(subscription: string, messageId: string): Promise<void>;
  discardDead(subscription: string, messageId: string): Promise<void>;
  close(): Promise<void>;
}

/** Data and attributes together. Pub/Sub's limit is 10 MB; its emulator hangs beyond instead of failing, so we check first. */
export const maximumMessageBytes = 9_000_000;

/** Pure. Data and attributes together. */
export function bytesOf({ attributes, data }: BusMessage): number {
  return data.byteLength + Buffer.byteLength(JSON.stringify(attributes));
}

/** Throws `too_large` where one of the messages is more than the bus takes. */
export function assertSizes(topic: string, messages: readonly BusMessage[]): void {
  for (const message of messages) {
    const bytes = bytesOf(message);
    if (bytes <= maximumMessageBytes) continue;
    throw new Failure('too_large', 'A message is larger than the bus takes', {
      data: { topic, orderingKey: message.orderingKey, bytes, maximumBytes: maximumMessageBytes },
    });
  }
}

export interface BusMessage {
  readonly orderingKey: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly data: Uint8Array;
}

export interface SubscriptionSettings {
  readonly name: string;
  readonly topic: string;
  readonly pushUrl: string;
  /** An unanswered push counts as failed after this; Pub/Sub: 10 to 600 s. */
  readonly ackDeadlineMs: number;
  /** Doubled at each failure up to the maximum; Pub/Sub: 10 s and 600 s by default. */
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
  /** Pub/Sub: 5 to 100. */
  readonly maxDeliveryAttempts: number;
  /** Pushes under way at once, each of another ordering key. Pub/Sub chooses this by itself. */
  readonly maxConcurrentPushes: number;
}

/** Null: the bus does not tell. */
export interface SubscriptionStats {
  /** Not yet acknowledged; where `running` is told, without those. */
  readonly pending: number | null;
  readonly running: number | null;
  readonly dead: number | null;
  /** When the oldest message not yet acknowledged was published; null also when there is none. */
  readonly oldestPublishedAt: number | null;
}

export interface DeadMessage {
  readonly messageId: string;
  readonly topic: string;
  readonly subscription: string;
  readonly orderingKey: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly bytes: number;
  readonly attempts: number;
  readonly publishedAt: number;
  readonly diedAt: number;
  /** Null when there was no answer. */
  readonly lastStatus: number | null;
  readonly lastAnswer: string;
}

/** The body of a push, as Pub/Sub sends it: both spellings of id and time are there. */
export interface PushEnvelope {
  readonly message: {
    /** Base64. */
    readonly data: string;
    readonly attributes: Readonly<Record<string, string>>;
    readonly messageId: string;
    readonly message_id: string;
    /** RFC 3339, UTC. */
    readonly publishTime: string;
    readonly publish_time: string;
    readonly orderingKey: string;
  };
  readonly subscription: string;
  /** 1 at first; present because every subscription of ours has a dead-letter policy, but not from the emulator. */
  readonly deliveryAttempt: number;
}
