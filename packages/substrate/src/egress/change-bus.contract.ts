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
  subscribe(settings: SubscriptionSettings, token: string): Promise<void>;
  close(): Promise<void>;
}

/** What every adapter of the change bus must do. `unitMs` scales all waits: what the adapter's shortest back-off is. */
export function testChangeBus(
  name: string,
  createAdapter: () => Promise<ChangeBusUnderTest>,
  unitMs: number,
): void {
  describe(`change bus: ${name}`, () => {
    let adapter: ChangeBusUnderTest;
    let receiver: TestReceiver | undefined;
    let count = 0;

    beforeAll(async () => {
      adapter = await createAdapter();
    });
    afterAll(() => adapter.close());
    afterEach(async () => {
      await receiver?.close();
    });

    type Answer = (envelope: PushEnvelope) => TestAnswer | 'hang up' | Promise<TestAnswer | 'hang up'>;

    async function arrange(answer: Answer, overrides: Partial<SubscriptionSettings> = {}) {
      receiver = await startTestReceiver((push) => answer(push.body as PushEnvelope));
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
      await adapter.subscribe(settings, 'the-token');
      return {
        bus: adapter.bus,
        topic: settings.topic,
        subscription: settings.name,
        received: receiver.received,
      };
    }

    async function untilEmpty(subscription: string): Promise<void> {
      await expect
        .poll(() => adapter.bus.stats(subscription), { timeout: 100 * unitMs + 5_000, interval: 10 })
        .toMatchObject({ pending: 0, running: 0 });
    }

    test('a message arrives as Pub/Sub’s push envelope, with the token', async () => {
      const { bus, topic, subscription, received } = await arrange(() => ({ status: 204 }));
      const data = new Uint8Array(256).map((_, index) => index);

      const ids = await bus.publish(topic, [
        { orderingKey: 'a/b', attributes: { color: 'ünïcode 😀', empty: '' }, data },
      ]);
      await untilEmpty(subscription);

      expect(received).toHaveLength(1);
      expect(received[0]).toMatchObject({
        path: '/push',
        headers: { authorization: 'Bearer the-token', 'content-type': 'application/json' },
      });
      const envelope = received[0]?.body as PushEnvelope;
      expect(envelope).toEqual({
        message: {
          data: Buffer.from(data).toString('base64'),
          attributes: { color: 'ünïcode 😀', empty: '' },
          messageId: ids[0],
          message_id: ids[0],
          publishTime: envelope.message.publish_time,
          publish_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
          orderingKey: 'a/b',
        },
        subscription: expect.stringMatching(`^projects/[^/]+/subscriptions/${subscription}$`),
        deliveryAttempt: 1,
      });
    });

    test('messages of one key arrive in the order of their publishing, one after the other', async () => {
      let running = 0;
      const { bus, topic, subscription, received } = await arrange(async () => {
        expect(++running).toBe(1);
        await systemClock.sleep(Math.random() * 5);
        running--;
        return { status: 200 };
      });

      for (let page = 0; page < 4; page++) await bus.publish(topic, messages('key', 10, page * 10));
      await untilEmpty(subscription);

      expect(received.map(({ body }) => numberOf(body))).toEqual(
        Array.from({ length: 40 }, (_, index) => index),
      );
    });

    test('a failing message holds up its own key only, and comes again with a higher attempt after a back-off', async () => {
      const { bus, topic, subscription, received } = await arrange((envelope) =>
        describePush(envelope).startsWith('bad 0') && envelope.deliveryAttempt < 3
          ? { status: 500 }
          : { status: 200 },
      );

      await bus.publish(topic, [...messages('bad', 2), ...messages('good', 3)]);
      await untilEmpty(subscription);

      const story = received.map(({ body }) => describePush(body));
      expect(story.filter((line) => line.startsWith('bad'))).toEqual([
        'bad 0 attempt 1',
        'bad 0 attempt 2',
        'bad 0 attempt 3',
        'bad 1 attempt 1',
      ]);
      expect(story.indexOf('good 2 attempt 1')).toBeLessThan(story.indexOf('bad 0 attempt 3'));
      const attempts = received.filter(({ body }) => describePush(body).startsWith('bad 0'));
      expect((attempts[2]?.at ?? 0) - (attempts[1]?.at ?? 0)).toBeGreaterThanOrEqual(2 * unitMs - 1);
    });

    test('a broken connection and an answer after the deadline are no acknowledgement', async () => {
      const { bus, topic, subscription, received } = await arrange(
        async ({ deliveryAttempt }) => {
          if (deliveryAttempt === 1) return 'hang up';
          if (deliveryAttempt === 2) await systemClock.sleep(10 * unitMs);
          return { status: 200 };
        },
        { ackDeadlineMs: 4 * unitMs },
      );

      await bus.publish(topic, messages('key', 1));
      await untilEmpty(subscription);

      expect(received.map(({ body }) => describePush(body))).toEqual([
        'key 0 attempt 1',
        'key 0 attempt 2',
        'key 0 attempt 3',
      ]);
    });

    test('after its attempts a message is a dead letter, its key goes on, and it can be replayed or discarded', async () => {
      let isMended = false;
      const { bus, topic, subscription, received } = await arrange((envelope) =>
        envelope.message.attributes['poison'] === 'yes' && !isMended
          ? { status: 422, body: 'cannot read this' }
          : { status: 200 },
      );
      const poison = { orderingKey: 'key', attributes: { poison: 'yes' }, data: Buffer.from('"poison"') };

      const ids = await bus.publish(topic, [poison, poison, ...messages('key', 1)]);
      await untilEmpty(subscription);

      expect(received.map(({ body }) => describePush(body)).at(-1)).toBe('key 0 attempt 1');
      expect(received).toHaveLength(11);
      expect(await bus.stats(subscription)).toEqual({
        pending: 0,
        running: 0,
        dead: 2,
        oldestPublishedAt: null,
      });
      const dead = await bus.listDead(subscription);
      expect(dead.map(({ messageId }) => messageId)).toEqual([ids[1], ids[0]]);
      expect(dead[0]).toMatchObject({
        topic,
        subscription,
        orderingKey: 'key',
        attributes: { poison: 'yes' },
        bytes: 8,
        attempts: 5,
        lastStatus: 422,
        lastAnswer: 'cannot read this',
      });

      isMended = true;
      await bus.replayDead(subscription, ids[0] ?? '');
      await bus.discardDead(subscription, ids[1] ?? '');
      await untilEmpty(subscription);

      expect(await bus.listDead(subscription)).toEqual([]);
      expect(received).toHaveLength(12);
      expect(received.at(-1)?.body).toMatchObject({ message: { messageId: ids[0] }, deliveryAttempt: 1 });
    });

    test('a dead letter of an unknown id is not found', async () => {
      const { bus, topic, subscription } = await arrange(() => ({ status: 200 }));
      const [id] = await bus.publish(topic, messages('key', 1));
      await untilEmpty(subscription);

      for (const unknown of [id ?? '', 'nonsense', '']) {
        await expect(bus.replayDead(subscription, unknown)).rejects.toMatchObject({ code: 'not_found' });
        await expect(bus.discardDead(subscription, unknown)).rejects.toMatchObject({ code: 'not_found' });
      }
    });

    test('each subscription of a topic gets every message', async () => {
      const { bus, topic, subscription, received } = await arrange(() => ({ status: 200 }));
      const second = await startTestReceiver(() => ({ status: 200 }));
      const other = `${subscription}-other`;
      await adapter.subscribe(
        {
          name: other,
          topic,
          pushUrl: second.url,
          ackDeadlineMs: 10_000,
          minBackoffMs: unitMs,
          maxBackoffMs: unitMs,
          maxDeliveryAttempts: 5,
          maxConcurrentPushes: 1,
        },
        'the-token',
      );

      await bus.publish(topic, messages('key', 5));
      await untilEmpty(subscription);
      await untilEmpty(other);
      await second.close();

      expect(received.map(({ body }) => numberOf(body))).toEqual([0, 1, 2, 3, 4]);
      expect(second.received.map(({ body }) => numberOf(body))).toEqual([0, 1, 2, 3, 4]);
    });

    test('a message as large as allowed arrives whole; a larger one is refused, with all that were published with it', async () => {
      const { bus, topic, subscription, received } = await arrange(() => ({ status: 200 }));
      const message = (bytes: number) => ({
        orderingKey: 'key',
        attributes: {},
        data: Buffer.alloc(bytes, 'x'),
      });

      const refused = bus.publish(topic, [message(1), message(maximumMessageBytes + 1)]);
      await expect(refused).rejects.toMatchObject({ code: 'too_large', data: { orderingKey: 'key' } });
      await bus.publish(topic, [message(maximumMessageBytes - 2)]);
      await untilEmpty(subscription);

      expect(received).toHaveLength(1);
      expect(Buffer.from((received[0] as { body: PushEnvelope }).body.message.data, 'base64')).toHaveLength(
        maximumMessageBytes - 2,
      );
    });
  });
}

function messages(orderingKey: string, count: number, from = 0): BusMessage[] {
  return Array.from({ length: count }, (_, index) => ({
    orderingKey,
    attributes: {},
    data: Buffer.from(String(from + index)),
  }));
}

function numberOf(body: unknown): number {
  return Number(Buffer.from((body as PushEnvelope).message.data, 'base64').toString());
}

function describePush(body: unknown): string {
  const { message, deliveryAttempt } = body as PushEnvelope;
  return `${message.orderingKey} ${Buffer.from(message.data, 'base64').toString()} attempt ${deliveryAttempt}`;
}
