import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../clock/clock.system.ts';
import { startTestReceiver, type TestAnswer, type TestReceiver } from '../tasks/test-receiver.fixture.ts';
import {
  type BusMessage,
  type ChangeBus,
  maximumMessageBytes,
  type PushEnvelope,
  type SubscriptionSettings,
} from './change-bus.ts';

export interface ChangeBusUnderTest {
  readonly bus: ChangeBus;
  /** Makes topic and subscription and has it pushed with this token. */
  subscribe(settings: SubscriptionSettings, token: string, isOrdered: boolean): Promise<void>;
  close(): Promise<void>;
}

/** What of the contract an adapter cannot show where it runs here. */
export const limitations = {
  'no-token': 'pushes carry no token',
  'no-attempts': 'a push tells neither the ordering key nor how many attempts there were',
  'no-stats': 'the bus does not tell its backlog',
  'no-answers':
    "a dead letter tells the subscriber's last answer at most in words of the bus, and has an id of its own",
  'no-order-beside-dead':
    'an ordered subscription never gives a message up, so dead letters are shown without order',
  'no-back-off': 'the bus comes again after a time of its own choice',
} as const;
export type Limitation = keyof typeof limitations;

export interface ChangeBusTraits {
  /** Scales all waits: what the adapter's shortest back-off is. */
  readonly unitMs: number;
  /** Default: what takes a subscriber no longer than a few units. */
  readonly shortestAckDeadlineMs?: number;
  readonly limitedBy?: readonly Limitation[];
}

/** What every adapter of the change bus must do. */
export function testChangeBus(
  name: string,
  createAdapter: () => Promise<ChangeBusUnderTest>,
  { unitMs, shortestAckDeadlineMs = 4 * unitMs, limitedBy = [] }: ChangeBusTraits,
): void {
  const is = (limitation: Limitation) => limitedBy.includes(limitation);
  for (const limitation of limitedBy)
    console.warn(`NOT SHOWN by the change bus ${name}: ${limitations[limitation]}`);

  describe(`change bus: ${name}`, { timeout: 90_000 }, () => {
    let adapter: ChangeBusUnderTest;
    let receiver: TestReceiver | undefined;
    let count = 0;

    beforeAll(async () => {
      adapter = await createAdapter();
    }, 90_000);
    afterAll(() => adapter?.close());
    afterEach(async () => {
      await receiver?.close();
    });

    /** `attempt`: as the bus tells it, else as counted by the receiver; 1 at first. */
    type Answer = (text: string, attempt: number) => TestAnswer | 'hang up' | Promise<TestAnswer | 'hang up'>;

    async function arrange(
      answer: Answer,
      {
        isOrdered = true,
        ...overrides
      }: Partial<SubscriptionSettings> & { readonly isOrdered?: boolean } = {},
    ) {
      /** The text of each push and its attempt, in the order of their coming. */
      const story: string[] = [];
      const attempts = new Map<string, number>();
      receiver = await startTestReceiver((push) => {
        const { message, deliveryAttempt } = push.body as PushEnvelope;
        const counted = (attempts.get(message.messageId) ?? 0) + 1;
        attempts.set(message.messageId, counted);
        const attempt = is('no-attempts') ? counted : deliveryAttempt;
        const text = Buffer.from(message.data, 'base64').toString();
        story.push(`${text} attempt ${attempt}`);
        return answer(text, attempt);
      });
      const id = `contract-${systemClock.now()}-${count++}`;
      const settings: SubscriptionSettings = {
        name: `${id}-subscription`,
        topic: `${id}-topic`,
        pushUrl: `${receiver.url}/push`,
        ackDeadlineMs: 10_000,
        minBackoffMs: unitMs,
        maxBackoffMs: 4 * unitMs,
        maxDeliveryAttempts: 5,
        maxConcurrentPushes: 4,
        ...overrides,
      };
      await adapter.subscribe(settings, 'the-token', isOrdered);
      const { received } = receiver;
      const { bus } = adapter;

      /** Waits until so many pushes came, and everything is acknowledged or dead. */
      async function untilReceived(pushes: number): Promise<void> {
        const patience = { timeout: 100 * unitMs + 30_000, interval: 10 };
        await expect.poll(() => received.length, patience).toBeGreaterThanOrEqual(pushes);
        if (!is('no-stats'))
          await expect
            .poll(() => bus.stats(settings.name), patience)
            .toMatchObject({ pending: 0, running: 0 });
        expect(received).toHaveLength(pushes);
      }

      return { bus, topic: settings.topic, subscription: settings.name, received, story, untilReceived };
    }

    test('a message arrives as Pub/Sub’s push envelope, with the token', async () => {
      const { bus, topic, subscription, received, untilReceived } = await arrange(() => ({ status: 204 }));
      const data = new Uint8Array(256).map((_, index) => index);

      const ids = await bus.publish(topic, [
        { orderingKey: 'a/b', attributes: { color: 'ünïcode 😀', empty: '' }, data },
      ]);
      await untilReceived(1);

      expect(received[0]).toMatchObject({ path: '/push', headers: { 'content-type': 'application/json' } });
      if (!is('no-token'))
        expect(received[0]).toMatchObject({ headers: { authorization: 'Bearer the-token' } });
      const envelope = received[0]?.body as PushEnvelope;
      expect(envelope).toEqual({
        message: {
          data: Buffer.from(data).toString('base64'),
          attributes: { color: 'ünïcode 😀', empty: '' },
          messageId: ids[0],
          message_id: ids[0],
          publishTime: envelope.message.publish_time,
          publish_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
          ...(is('no-attempts') ? {} : { orderingKey: 'a/b' }),
        },
        subscription: expect.stringMatching(`^projects/[^/]+/subscriptions/${subscription}$`),
        ...(is('no-attempts') ? {} : { deliveryAttempt: 1 }),
      });
    });

    test('messages of one key arrive in the order of their publishing, one after the other', async () => {
      let running = 0;
      const { bus, topic, story, untilReceived } = await arrange(async () => {
        expect(++running).toBe(1);
        await systemClock.sleep(Math.random() * 5);
        running--;
        return { status: 200 };
      });

      for (let page = 0; page < 4; page++) await bus.publish(topic, messages('key', 10, page * 10));
      await untilReceived(40);

      expect(story).toEqual(Array.from({ length: 40 }, (_, index) => `key ${index} attempt 1`));
    });

    test('messages of many keys, published together, get their ids in the order given', async () => {
      const { bus, topic, received, untilReceived } = await arrange(() => ({ status: 200 }));
      const mixed = Array.from({ length: 30 }, (_, index) => messages(`key-${index % 11}`, 1, index)).flat();

      const ids = await bus.publish(topic, mixed);
      await untilReceived(30);

      const textById = new Map(
        received.map(({ body }) => {
          const { message } = body as PushEnvelope;
          return [message.messageId, Buffer.from(message.data, 'base64').toString()];
        }),
      );
      expect(ids.map((id) => textById.get(id))).toEqual(
        mixed.map(({ data }) => Buffer.from(data).toString()),
      );
    });

    test('a failing message holds up its own key only, and comes again after a back-off', async () => {
      const { bus, topic, received, story, untilReceived } = await arrange((text, attempt) =>
        text === 'bad 0' && attempt < 3 ? { status: 500 } : { status: 200 },
      );

      await bus.publish(topic, [...messages('bad', 2), ...messages('good', 3)]);
      await untilReceived(7);

      expect(story.filter((line) => line.startsWith('bad'))).toEqual([
        'bad 0 attempt 1',
        'bad 0 attempt 2',
        'bad 0 attempt 3',
        'bad 1 attempt 1',
      ]);
      expect(story.indexOf('good 2 attempt 1')).toBeLessThan(story.indexOf('bad 0 attempt 3'));
      if (is('no-back-off')) return;
      const [, second, third] = story.flatMap((line, index) => (line.startsWith('bad 0') ? [index] : []));
      const waited = (received[third ?? 0]?.at ?? 0) - (received[second ?? 0]?.at ?? 0);
      expect(waited).toBeGreaterThanOrEqual(2 * unitMs - 1);
    });

    test('a broken connection and an answer after the deadline are no acknowledgement', async () => {
      const { bus, topic, story, untilReceived } = await arrange(
        async (_text, attempt) => {
          if (attempt === 1) return 'hang up';
          if (attempt === 2) await systemClock.sleep(2.5 * shortestAckDeadlineMs);
          return { status: 200 };
        },
        { ackDeadlineMs: shortestAckDeadlineMs },
      );

      await bus.publish(topic, messages('key', 1));
      await untilReceived(3);

      expect(story).toEqual(['key 0 attempt 1', 'key 0 attempt 2', 'key 0 attempt 3']);
    });

    test('after its attempts a message is a dead letter, its key goes on, and it can be replayed or discarded', async () => {
      let isMended = false;
      const { bus, topic, subscription, received, story, untilReceived } = await arrange(
        (text) =>
          text.startsWith('poison') && !isMended
            ? { status: 422, body: 'cannot read this' }
            : { status: 200 },
        { isOrdered: !is('no-order-beside-dead') },
      );
      const poison = (number: number) => ({
        orderingKey: 'key',
        attributes: { poison: String(number) },
        data: Buffer.from(`poison ${number}`),
      });

      const ids = await bus.publish(topic, [poison(0), poison(1), ...messages('key', 1)]);
      await untilReceived(11);

      expect(story).toContain('key 0 attempt 1');
      if (!is('no-order-beside-dead')) expect(story.at(-1)).toBe('key 0 attempt 1');
      await expect.poll(async () => (await bus.listDead(subscription)).length, { timeout: 30_000 }).toBe(2);
      if (!is('no-stats'))
        expect(await bus.stats(subscription)).toEqual({
          pending: 0,
          running: 0,
          dead: 2,
          oldestPublishedAt: null,
        });
      const dead = await bus.listDead(subscription);
      const [first, second] = ['0', '1'].map((n) =>
        dead.find(({ attributes }) => attributes['poison'] === n),
      );
      if (first === undefined || second === undefined) throw new Error('both should be dead letters');
      expect(first).toMatchObject({
        topic,
        subscription,
        orderingKey: 'key',
        attributes: { poison: '0' },
        bytes: 8,
        attempts: 5,
      });
      expect(first.diedAt).toBeGreaterThan(first.publishedAt);
      if (!is('no-answers')) {
        expect(dead.map(({ messageId }) => messageId)).toEqual([ids[1], ids[0]]);
        expect(first).toMatchObject({ lastStatus: 422, lastAnswer: 'cannot read this' });
      }

      isMended = true;
      await bus.replayDead(subscription, first.messageId);
      await bus.discardDead(subscription, second.messageId);
      await untilReceived(12);

      expect(await bus.listDead(subscription)).toEqual([]);
      expect(received.at(-1)?.body).toMatchObject({
        message: {
          data: Buffer.from('poison 0').toString('base64'),
          attributes: { poison: '0' },
          ...(is('no-answers') ? {} : { messageId: ids[0] }),
        },
        ...(is('no-attempts') ? {} : { deliveryAttempt: 1 }),
      });
    });

    test('a dead letter of an unknown id is not found', async () => {
      const { bus, topic, subscription, untilReceived } = await arrange(() => ({ status: 200 }));
      const [id] = await bus.publish(topic, messages('key', 1));
      await untilReceived(1);

      const unknown = [id ?? '', 'nonsense', ''];
      const asked = unknown.flatMap((one) => [
        bus.replayDead(subscription, one),
        bus.discardDead(subscription, one),
      ]);
      for (const outcome of await Promise.allSettled(asked))
        expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'not_found' } });
    });

    test('each subscription of a topic gets every message', async () => {
      const { bus, topic, subscription, story, untilReceived } = await arrange(() => ({ status: 200 }));
      const second = await startTestReceiver(() => ({ status: 200 }));
      const settings = {
        name: `${subscription}-other`,
        topic,
        pushUrl: second.url,
        ackDeadlineMs: 10_000,
        minBackoffMs: unitMs,
        maxBackoffMs: unitMs,
        maxDeliveryAttempts: 5,
        maxConcurrentPushes: 1,
      };
      await adapter.subscribe(settings, 'the-token', true);

      await bus.publish(topic, messages('key', 5));
      await untilReceived(5);
      await expect.poll(() => second.received.length, { timeout: 30_000 }).toBe(5);
      await second.close();

      expect(story).toEqual([0, 1, 2, 3, 4].map((number) => `key ${number} attempt 1`));
    });

    test('a message as large as allowed arrives whole; a larger one is refused, with all that were published with it', async () => {
      const { bus, topic, received, untilReceived } = await arrange(() => ({ status: 200 }));
      const message = (bytes: number) => ({
        orderingKey: 'key',
        attributes: {},
        data: Buffer.alloc(bytes, 'x'),
      });

      const refused = bus.publish(topic, [message(1), message(maximumMessageBytes + 1)]);
      await expect(refused).rejects.toMatchObject({ code: 'too_large', data: { orderingKey: 'key' } });
      await bus.publish(topic, [message(maximumMessageBytes - 2)]);
      await untilReceived(1);

      expect(Buffer.from((received[0] as { body: PushEnvelope }).body.message.data, 'base64')).toHaveLength(
        maximumMessageBytes - 2,
      );
    });
  });
}

/** Each says its key and number. */
function messages(orderingKey: string, count: number, from = 0): BusMessage[] {
  return Array.from({ length: count }, (_, index) => ({
    orderingKey,
    attributes: {},
    data: Buffer.from(`${orderingKey} ${from + index}`),
  }));
}
