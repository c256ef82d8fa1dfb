import { describe, expect, test } from 'vitest';
import { createManualClock } from '../clock/clock.manual.ts';
import { systemClock } from '../clock/clock.system.ts';
import { findEmulator, startEmulator } from '../testing/emulators.ts';
import { testChangeBus } from './change-bus.contract.ts';
import { createPubSubChangeBus } from './change-bus.pubsub.ts';
import { ensureSubscription } from './pubsub/ensure-subscription.ts';
import { openPubSubClients } from './pubsub/pubsub-clients.ts';

const found = await findEmulator('pubsub');
const projectId = 'flotilla-tests';

if ('missing' in found) {
  console.warn(`SKIPPED: the change bus on the Pub/Sub emulator. ${found.missing}`);
  test.skip(`change bus: Pub/Sub emulator (${found.missing})`, () => {});
} else {
  const { path } = found;
  testChangeBus(
    'Pub/Sub emulator',
    async () => {
      const emulator = await startEmulator('pubsub', path);
      const place = { projectId, emulatorHost: emulator.host };
      const clients = await openPubSubClients(place);
      const bus = createPubSubChangeBus({ ...place, clock: systemClock });
      return {
        bus,
        subscribe: (settings, _token, isOrdered) => ensureSubscription(clients, place, settings, isOrdered),
        close: async () => {
          await bus.close();
          await clients.close();
          await emulator.stop();
        },
      };
    },
    {
      unitMs: 250,
      shortestAckDeadlineMs: 10_000,
      limitedBy: ['no-token', 'no-attempts', 'no-stats', 'no-answers', 'no-order-beside-dead', 'no-back-off'],
    },
  );
}

describe('the backlog of a Pub/Sub subscription', () => {
  const now = Date.parse('2026-11-21T07:00:00Z');

  function createBus(points: Readonly<Record<string, string>>) {
    const asked: URL[] = [];
    const bus = createPubSubChangeBus({
      projectId,
      clock: createManualClock(now),
      readMetric: async (href) => {
        const url = new URL(href);
        asked.push(url);
        const [, metric, name] =
          /subscription\/(\w+)" AND resource.labels.subscription_id="([\w-]+)"/.exec(
            url.searchParams.get('filter') ?? '',
          ) ?? [];
        const value = points[`${name} ${metric}`];
        // As https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.timeSeries/list shows: 64-bit integers are texts.
        return value === undefined ? {} : { timeSeries: [{ points: [{ value: { int64Value: value } }] }] };
      },
    });
    return { bus, asked };
  }

  test('is what Cloud Monitoring said last, of the last ten minutes', async () => {
    const { bus, asked } = createBus({
      'warehouse num_undelivered_messages': '12',
      'warehouse oldest_unacked_message_age': '90',
      'warehouse-dead num_undelivered_messages': '3',
    });

    expect(await bus.stats('warehouse')).toEqual({
      pending: 12,
      running: null,
      dead: 3,
      oldestPublishedAt: now - 90_000,
    });
    for (const url of asked) {
      expect(url.href).toMatch(
        /^https:\/\/monitoring\.googleapis\.com\/v3\/projects\/flotilla-tests\/timeSeries\?/,
      );
      expect(url.searchParams.get('interval.startTime')).toBe('2026-11-21T06:50:00.000Z');
      expect(url.searchParams.get('interval.endTime')).toBe('2026-11-21T07:00:00.000Z');
    }
  });

  test('of which nothing is known yet is null, not zero; of an empty one nothing is old', async () => {
    expect(await createBus({}).bus.stats('warehouse')).toEqual({
      pending: null,
      running: null,
      dead: null,
      oldestPublishedAt: null,
    });
    const empty = {
      'warehouse num_undelivered_messages': '0',
      'warehouse oldest_unacked_message_age': '5',
    };
    expect(await createBus(empty).bus.stats('warehouse')).toMatchObject({
      pending: 0,
      oldestPublishedAt: null,
    });
  });

  test('that cannot be had is a failure that may pass', async () => {
    const bus = createPubSubChangeBus({
      projectId,
      clock: createManualClock(now),
      readMetric: async () => {
        throw new Error('503');
      },
    });
    await expect(bus.stats('warehouse')).rejects.toMatchObject({ code: 'unavailable' });
  });
});
