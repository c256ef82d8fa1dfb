import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createManualClock } from '../clock/clock.manual.ts';
import { systemClock } from '../clock/clock.system.ts';
import { Failure } from '../failure/failure.ts';
import { startTestReceiver } from '../tasks/test-receiver.fixture.ts';
import { largestChangeBytes } from './batch.ts';
import { openLocalChangeBus } from './change-bus.local.ts';
import type { ChangeBus } from './change-bus.ts';
import { createMemoryChangeSource } from './change-source.fixture.ts';
import { decodeChanges } from './decode-changes.ts';
import { messageIn } from './received-message.fixture.ts';
import { relayChanges } from './relay.ts';
import { sampleChange, sampleChanges } from './sample-changes.fixture.ts';

const integration = { customerId: 'customer-1', integrationId: 'integration-1' };
const limits = { maxCount: 10, maxBytes: 1_000_000, maxAgeMs: 1_000 };
const clock = createManualClock();

async function openBus() {
  const folder = await mkdtemp(join(tmpdir(), 'relay-'));
  const bus = await openLocalChangeBus({ path: join(folder, 'bus.sqlite'), clock: systemClock, pollMs: 5 });
  onTestFinished(async () => {
    await bus.close();
    await rm(folder, { recursive: true });
  });
  await bus.ensureSubscription({ name: 'sub', topic: 'changes' });
  return bus;
}

/** Everything that the bus pushes, decoded, message by message. */
async function drain(bus: Awaited<ReturnType<typeof openBus>>) {
  const receiver = await startTestReceiver(() => ({ status: 200 }));
  const pusher = bus.startPusher({
    subscriptions: [
      {
        name: 'sub',
        topic: 'changes',
        pushUrl: receiver.url,
        ackDeadlineMs: 5_000,
        minBackoffMs: 10,
        maxBackoffMs: 20,
        maxDeliveryAttempts: 5,
        maxConcurrentPushes: 4,
      },
    ],
    tokenFor: () => 'token',
  });
  await expect.poll(() => bus.stats('sub'), { interval: 5 }).toMatchObject({ pending: 0, running: 0 });
  await pusher.stop();
  await receiver.close();
  return receiver.received.map(({ body }) => {
    const message = messageIn(body);
    return { ...message, changes: decodeChanges(message) };
  });
}

const sequences = (messages: Awaited<ReturnType<typeof drain>>) =>
  messages.map(({ changes }) => changes.map(({ sequence }) => sequence));

describe('relayChanges', () => {
  test('committed changes are published in order, many to a message, and the cursor follows', async () => {
    const bus = await openBus();
    const source = createMemoryChangeSource(sampleChanges(25));

    const outcome = await relayChanges({
      source,
      bus,
      integration,
      clock,
      limits,
      pageSize: 7,
      attributes: { traceparent: '00-1' },
    });

    expect(outcome).toEqual({ changes: 25, messages: 3, cursor: 25, isDrained: true });
    expect(await source.readCursor(integration)).toBe(25);
    const messages = await drain(bus);
    expect(messages.flatMap(({ changes }) => changes)).toEqual(sampleChanges(25));
    expect(messages[0]?.attributes).toEqual({
      format: 'flotilla.changes.v1',
      customerId: 'customer-1',
      integrationId: 'integration-1',
      firstSequence: '1',
      lastSequence: '10',
      count: '10',
      traceparent: '00-1',
    });
  });

  test('nothing new: no message and no write', async () => {
    const bus = await openBus();
    const source = createMemoryChangeSource(sampleChanges(5));
    await relayChanges({ source, bus, integration, clock });

    const again = await relayChanges({ source, bus, integration, clock });

    expect(again).toEqual({ changes: 0, messages: 0, cursor: 5, isDrained: true });
    expect(source.advances).toBe(1);
    expect(await bus.stats('sub')).toMatchObject({ pending: 1 });
  });

  test('another integration’s changes are left alone', async () => {
    const bus = await openBus();
    const source = createMemoryChangeSource([
      ...sampleChanges(3),
      ...sampleChanges(4, { integrationId: 'integration-2' }),
    ]);

    expect(await relayChanges({ source, bus, integration, clock })).toMatchObject({ changes: 3, cursor: 3 });
    expect(await source.readCursor({ ...integration, integrationId: 'integration-2' })).toBe(0);
  });

  test('a crash between publishing and moving the cursor publishes again, and loses nothing', async () => {
    const bus = await openBus();
    const source = createMemoryChangeSource(sampleChanges(25));
    let crashes = 1;
    const crashing = {
      ...source,
      advance: (...args: Parameters<typeof source.advance>) => {
        if (args[1] === 20 && crashes-- > 0) throw new Error('killed');
        return source.advance(...args);
      },
    };

    await expect(relayChanges({ source: crashing, bus, integration, clock, limits })).rejects.toThrow(
      'killed',
    );
    await relayChanges({ source: crashing, bus, integration, clock, limits });

    expect(sequences(await drain(bus)).map(([first]) => first)).toEqual([1, 11, 11, 21]);
  });

  test('a broker that refuses one message stops the relay there: nothing after it is published', async () => {
    const local = await openBus();
    const source = createMemoryChangeSource(sampleChanges(25));
    let refusals = 1;
    const bus: ChangeBus = {
      ...local,
      publish: async (topic, messages) => {
        if (messages[0]?.attributes['firstSequence'] === '11' && refusals-- > 0)
          throw new Failure('unavailable', 'The broker is away');
        return local.publish(topic, messages);
      },
    };

    await expect(relayChanges({ source, bus, integration, clock, limits })).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect(await source.readCursor(integration)).toBe(10);
    await relayChanges({ source, bus, integration, clock, limits });

    expect(sequences(await drain(local)).flat()).toEqual(sampleChanges(25).map(({ sequence }) => sequence));
  });

  test('a change that no message can hold stops the relay by name, after everything before it is published', async () => {
    const bus = await openBus();
    const huge = sampleChange(4, { after: { note: 'x'.repeat(largestChangeBytes) } });
    const source = createMemoryChangeSource([...sampleChanges(3), huge, sampleChange(5)]);

    const failed = relayChanges({ source, bus, integration, clock });

    await expect(failed).rejects.toMatchObject({ code: 'too_large', data: { changeId: huge.changeId } });
    expect(sequences(await drain(bus))).toEqual([[1, 2, 3]]);
    expect(await source.readCursor(integration)).toBe(3);
  });

  test('a gap in the feed stops the relay before the gap', async () => {
    const bus = await openBus();
    const source = createMemoryChangeSource([sampleChange(1), sampleChange(2), sampleChange(4)]);

    const failed = relayChanges({ source, bus, integration, clock });

    await expect(failed).rejects.toMatchObject({
      code: 'internal',
      data: { expectedSequence: 3, foundSequence: 4 },
    });
    expect(await source.readCursor(integration)).toBe(2);
  });

  test('a signal ends the relay between two messages, and the next one goes on from there', async () => {
    const local = await openBus();
    const source = createMemoryChangeSource(sampleChanges(25));
    const stop = new AbortController();
    const bus: ChangeBus = {
      ...local,
      publish: async (...args) => {
        stop.abort();
        return local.publish(...args);
      },
    };

    const first = await relayChanges({ source, bus, integration, clock, limits, signal: stop.signal });
    const second = await relayChanges({ source, bus: local, integration, clock, limits });

    expect(first).toEqual({ changes: 10, messages: 1, cursor: 10, isDrained: false });
    expect(second).toMatchObject({ changes: 15, isDrained: true });
  });

  test('a batch is sent when it has waited long enough, though more changes keep coming', async () => {
    const bus = await openBus();
    const source = createMemoryChangeSource(sampleChanges(6));
    const slow = createManualClock();
    const trickling = {
      ...source,
      readAfter: async (...args: Parameters<typeof source.readAfter>) => {
        await slow.advance(600);
        return source.readAfter(...args);
      },
    };

    await relayChanges({ source: trickling, bus, integration, clock: slow, limits, pageSize: 1 });

    expect(sequences(await drain(bus))).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });
});
