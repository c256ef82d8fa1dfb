import { startBigQuery } from '@flotilla/stand-ins/bigquery';
import { createIdTokens } from '@flotilla/stand-ins/id-tokens';
import { startPushRelay } from '@flotilla/stand-ins/push-relay';
import { systemClock } from '@flotilla/substrate/clock/clock.system';
import type { BusMessage, ChangeBus, PushEnvelope } from '@flotilla/substrate/egress/change-bus';
import { createPubSubChangeBus } from '@flotilla/substrate/egress/change-bus.pubsub';
import { createMemoryChangeSource } from '@flotilla/substrate/egress/change-source.fixture';
import { ensureSubscription } from '@flotilla/substrate/egress/pubsub/ensure-subscription';
import { openPubSubClients } from '@flotilla/substrate/egress/pubsub/pubsub-clients';
import { messageIn } from '@flotilla/substrate/egress/received-message.fixture';
import { changesFormat, changesTopic, relayChanges } from '@flotilla/substrate/egress/relay';
import { sampleChange } from '@flotilla/substrate/egress/sample-changes.fixture';
import { openBigQueryWarehouse } from '@flotilla/substrate/egress/warehouse.bigquery';
import { startTestReceiver } from '@flotilla/substrate/tasks/test-receiver.fixture';
import { findEmulator, startEmulator } from '@flotilla/substrate/testing/emulators';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { commitAll, edit, entityTables, readCurrent } from './history.fixture.ts';
import { warehouseSubscriptions } from './service.ts';
import { writeChanges } from './write-changes.ts';

const emulator = await findEmulator('pubsub');
const projectId = 'flotilla-tests';
/** Histories and chances are the same each time; what the emulator makes of them is not. */
const seed = 20_261_121;

if ('missing' in emulator) {
  console.warn(`SKIPPED: changes from the Pub/Sub emulator to BigQuery. ${emulator.missing}`);
  test.skip(`changes from Pub/Sub to BigQuery (${emulator.missing})`, () => {});
} else {
  const { path } = emulator;

  // Together, since either mostly waits: the emulator comes again after a second, and an empty pull takes three.
  describe.concurrent('changes on their way from Pub/Sub to BigQuery', { timeout: 90_000 }, () => {
    const cleanup = new AsyncDisposableStack();
    let stage: Awaited<ReturnType<typeof openStage>>;

    beforeAll(async () => {
      stage = await openStage(path, cleanup);
    }, 90_000);
    afterAll(() => cleanup.disposeAsync());

    test('may be repeated, reordered and refused now and then: the views end as the store', async () => {
      const { bus, warehouse, subscribe, untilTaken, refusals } = stage;
      const customerId = 'springfield';
      const { records, sequences, changes } = commitAll(customerId, fc.sample(edit, { seed, numRuns: 160 }));
      expect([...sequences.keys()].toSorted()).toEqual(['i1', 'i2', 'i3']);
      expect(new Set(changes.map(({ action }) => action)).size).toBe(3);
      await subscribe(changesTopic, true);

      const messages = await messagesOf(bus, changes, customerId, [...sequences.keys()]);
      const ids = await bus.publish(changesTopic, shuffled([...messages, ...messages]));
      await untilTaken(ids);

      expect(new Set(ids).size).toBe(2 * messages.length);
      expect(refusals.before).toBeGreaterThan(0);
      expect(refusals.after).toBeGreaterThan(0);
      const { found, rows } = await readCurrent(warehouse, customerId);
      expect(rows).toBe(records.size);
      expect(found).toEqual(records);
      for (const [integrationId, highestSequence] of sequences)
        expect(await warehouse.progress({ customerId, integrationId })).toEqual({
          highestSequence,
          changes: highestSequence,
        });
    });

    test('that cannot land end as a dead letter, which is listed, and lands once it is replayed after the mend', async () => {
      const { bus, warehouse, subscribe, untilTaken } = stage;
      const integration = { customerId: 'shelbyville', integrationId: 'i1' };
      // An ordered subscription of the emulator never gives a message up; Pub/Sub's does.
      const subscription = await subscribe('poison', false);
      const publish = (sequence: number, entityType: string) => {
        const change = sampleChange(sequence, { ...integration, entityType, after: { note: 'late' } });
        const data = Buffer.from(JSON.stringify({ changes: [change] }));
        const attributes = { ...integration, format: changesFormat, lastSequence: String(sequence) };
        return bus.publish('poison', [{ orderingKey: 'shelbyville/i1', attributes, data }]);
      };

      await publish(1, 'demographics');
      await untilTaken(await publish(2, 'user'));
      const [dead] = await vi.waitFor(
        async () => {
          const all = await bus.listDead(subscription);
          expect(all).toHaveLength(1);
          return all;
        },
        { timeout: 60_000, interval: 100 },
      );

      expect(dead).toMatchObject({
        topic: 'poison',
        orderingKey: 'shelbyville/i1',
        attributes: { ...integration, lastSequence: '1' },
        attempts: 5,
      });
      expect(await warehouse.progress(integration)).toEqual({ highestSequence: 2, changes: 1 });

      await warehouse.ensureTables([
        { entityType: 'demographics', fields: [{ name: 'note', type: 'string' }] },
      ]);
      await bus.replayDead(subscription, dead?.messageId ?? '');

      await vi.waitFor(
        async () => expect(await warehouse.progress(integration)).toEqual({ highestSequence: 2, changes: 2 }),
        { timeout: 30_000, interval: 50 },
      );
      expect(await bus.listDead(subscription)).toEqual([]);
      const sql = "SELECT note FROM demographics_current WHERE customer_id = 'shelbyville'";
      expect((await warehouse.query(sql, { maxRows: 10 })).rows).toEqual([{ note: 'late' }]);
    });
  });
}

/** The emulator, which pushes through the relay to a receiver that does what the service's door does, and BigQuery's stand-in. */
async function openStage(path: string, cleanup: AsyncDisposableStack) {
  const pubsub = await startEmulator('pubsub', path);
  cleanup.defer(pubsub.stop);
  // It forgets at once what it was sent: the views must do without.
  const bigquery = await startBigQuery({ rememberedMs: 0 });
  cleanup.defer(bigquery.close);
  const relay = await startPushRelay(await createIdTokens(systemClock), 'push@flotilla.invalid');
  cleanup.defer(relay.close);
  const place = { projectId, emulatorHost: pubsub.host };
  const clients = await openPubSubClients(place);
  cleanup.defer(clients.close);
  const bus = createPubSubChangeBus({ ...place, clock: systemClock });
  cleanup.defer(bus.close);
  const warehouse = await openBigQueryWarehouse({
    projectId,
    dataset: 'flotilla',
    location: 'us-central1',
    clock: systemClock,
    endpoint: bigquery.endpoint,
  });
  cleanup.defer(warehouse.close);
  await warehouse.ensureTables(entityTables);

  const taken = new Set<string>();
  const refusals = { before: 0, after: 0 };
  const chances = fc.sample(fc.noBias(fc.integer({ min: 0, max: 99 })), { seed, numRuns: 500 });
  const receiver = await startTestReceiver(async ({ body, headers }) => {
    if (headers.authorization?.startsWith('Bearer ') !== true) return { status: 401 };
    const { subscription, message } = body as PushEnvelope;
    const chance = subscription.endsWith(nameOf(changesTopic)) ? (chances.pop() ?? 99) : 99;
    if (chance < 4) {
      refusals.before++;
      return { status: 503 };
    }
    try {
      await writeChanges(warehouse, messageIn(body));
    } catch {
      return { status: 422 };
    }
    if (chance < 8) {
      refusals.after++;
      return 'hang up';
    }
    taken.add(message.messageId);
    return { status: 204 };
  });
  cleanup.defer(receiver.close);

  async function subscribe(topic: string, isOrdered: boolean): Promise<string> {
    const [settings] = warehouseSubscriptions;
    if (settings === undefined) throw new Error('The warehouse has no subscription');
    const { route, ...own } = settings;
    const name = nameOf(topic);
    const pushUrl = `${relay.pushTo}${encodeURIComponent(`${receiver.url}/push/${route}`)}`;
    const quick = { ackDeadlineMs: 10_000, minBackoffMs: 100, maxBackoffMs: 200, maxDeliveryAttempts: 5 };
    await ensureSubscription(clients, place, { ...own, ...quick, name, topic, pushUrl }, isOrdered);
    return name;
  }

  return {
    bus,
    warehouse,
    subscribe,
    /** How often a push of `changes` was refused, and how often its answer was lost after it had landed. */
    refusals,
    async untilTaken(ids: readonly string[]) {
      const patience = { timeout: 60_000, interval: 20 };
      await vi.waitFor(() => expect(ids.filter((id) => !taken.has(id))).toEqual([]), patience);
    },
  };
}

function nameOf(topic: string): string {
  return `${topic}-to-warehouse`;
}

/** What the relay publishes of all integrations; it is held back here. */
async function messagesOf(
  bus: ChangeBus,
  changes: ReturnType<typeof commitAll>['changes'],
  customerId: string,
  integrationIds: readonly string[],
): Promise<readonly BusMessage[]> {
  const held: BusMessage[] = [];
  for (const integrationId of integrationIds)
    await relayChanges({
      source: createMemoryChangeSource(changes),
      bus: {
        ...bus,
        async publish(_topic, messages) {
          held.push(...messages);
          return messages.map((_message, index) => `held-${index}`);
        },
      },
      integration: { customerId, integrationId },
      clock: systemClock,
      limits: { maxCount: 3, maxBytes: 10_000, maxAgeMs: 1_000 },
    });
  return held;
}

function shuffled<Item>(items: readonly Item[]): readonly Item[] {
  const [order = []] = fc.sample(fc.shuffledSubarray([...items.keys()], { minLength: items.length }), {
    seed,
    numRuns: 1,
  });
  return order.flatMap((index) => items[index] ?? []);
}
