import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@flotilla/substrate/clock/clock.system';
import type { Change } from '@flotilla/substrate/egress/change';
import { openLocalChangeBus } from '@flotilla/substrate/egress/change-bus.local';
import { createMemoryChangeSource } from '@flotilla/substrate/egress/change-source.fixture';
import type { ReceivedMessage } from '@flotilla/substrate/egress/decode-changes';
import { messageIn } from '@flotilla/substrate/egress/received-message.fixture';
import { relayChanges } from '@flotilla/substrate/egress/relay';
import { sampleChange } from '@flotilla/substrate/egress/sample-changes.fixture';
import { openDuckDbWarehouse } from '@flotilla/substrate/egress/warehouse.duckdb';
import { startTestReceiver } from '@flotilla/substrate/tasks/test-receiver.fixture';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { commitAll, edit, entityTables, readCurrent } from './history.fixture.ts';
import { writeChanges } from './write-changes.ts';

async function openWarehouse() {
  const folder = await mkdtemp(join(tmpdir(), 'write-changes-'));
  const warehouse = await openDuckDbWarehouse({ path: join(folder, 'warehouse.duckdb'), clock: systemClock });
  onTestFinished(async () => {
    await warehouse.close();
    await rm(folder, { recursive: true });
  });
  await warehouse.ensureTables(entityTables);
  return { warehouse, folder };
}

function messageOf(changes: readonly Change[]): ReceivedMessage {
  return {
    data: Buffer.from(JSON.stringify({ changes })),
    attributes: { format: 'flotilla.changes.v1', customerId: 'customer-1', integrationId: 'integration-1' },
    messageId: '1',
  };
}

describe('writeChanges', () => {
  test('a push of several entity types lands in the table of each', async () => {
    const { warehouse } = await openWarehouse();
    const changes = [sampleChange(1), sampleChange(2, { entityType: 'class' }), sampleChange(3)];

    const written = await writeChanges(warehouse, messageOf(changes));

    expect(written).toEqual({ user: 2, class: 1 });
    expect(await warehouse.progress({ customerId: 'customer-1', integrationId: 'integration-1' })).toEqual({
      highestSequence: 3,
      changes: 3,
    });
  });

  test('a malformed push and one of an unknown entity type are refused, and the latter lands whole once its table is there', async () => {
    const { warehouse } = await openWarehouse();
    const push = messageOf([sampleChange(1), sampleChange(2, { entityType: 'demographics' })]);

    await expect(writeChanges(warehouse, { ...push, data: Buffer.from('{') })).rejects.toMatchObject({
      code: 'invalid_params',
    });
    await expect(writeChanges(warehouse, push)).rejects.toMatchObject({ code: 'not_found' });
    await warehouse.ensureTables([{ entityType: 'demographics', fields: [] }]);
    await writeChanges(warehouse, push);

    expect(await warehouse.progress({ customerId: 'customer-1', integrationId: 'integration-1' })).toEqual({
      highestSequence: 2,
      changes: 2,
    });
  });

  test('whatever is repeated, delayed, reordered or crashes on the way, the warehouse ends as the store', async () => {
    const { warehouse, folder } = await openWarehouse();
    const bus = await openLocalChangeBus({ path: join(folder, 'bus.sqlite'), clock: systemClock, pollMs: 2 });
    let random = () => 1;
    const receiver = await startTestReceiver(async ({ body }) => {
      const fate = random();
      if (fate < 0.2) return { status: 503 };
      await writeChanges(warehouse, messageIn(body));
      return fate < 0.4 ? 'hang up' : { status: 204 };
    });
    bus.startPusher({
      // Two attempts only: many messages become dead letters, and their replay brings them out of order.
      subscriptions: [
        {
          name: 'warehouse',
          topic: 'changes',
          pushUrl: receiver.url,
          ackDeadlineMs: 5_000,
          minBackoffMs: 1,
          maxBackoffMs: 1,
          maxDeliveryAttempts: 2,
          maxConcurrentPushes: 3,
        },
      ],
      tokenFor: () => 'token',
    });
    let customers = 0;

    async function relayWithCrashes(
      changes: readonly Change[],
      customerId: string,
      chances: readonly number[],
    ): Promise<void> {
      const source = createMemoryChangeSource(changes);
      let step = 0;
      const crashing = {
        ...source,
        advance: async (...args: Parameters<typeof source.advance>) => {
          if ((chances[step++] ?? 1) < 0.3) throw new Error('killed');
          await source.advance(...args);
        },
      };
      const limits = { maxCount: 3, maxBytes: 10_000, maxAgeMs: 1_000 };
      for (const integrationId of ['i1', 'i2', 'i3']) {
        const relay = () =>
          relayChanges({
            source: crashing,
            bus,
            integration: { customerId, integrationId },
            clock: systemClock,
            limits,
          });
        // The chances run out, and with them the crashes.
        while (
          !(await relay().then(
            (outcome) => outcome.isDrained,
            () => false,
          ))
        );
      }
    }

    async function untilAllDelivered(): Promise<void> {
      for (;;) {
        const { pending, running, dead } = await bus.stats('warehouse');
        if (pending + running + dead === 0) return;
        for (const { messageId } of await bus.listDead('warehouse'))
          await bus.replayDead('warehouse', messageId);
        await systemClock.sleep(2);
      }
    }

    await fc.assert(
      fc.asyncProperty(
        fc.array(edit, { maxLength: 60 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 200 }),
        async (edits, chances) => {
          const customerId = `customer-${customers++}`;
          let draw = 0;
          random = () => chances[draw++] ?? 1;
          const { records, sequences, changes } = commitAll(customerId, edits);

          await relayWithCrashes(changes, customerId, chances.slice(0, 20));
          await untilAllDelivered();

          const { found, rows } = await readCurrent(warehouse, customerId);
          expect(rows).toBe(records.size);
          expect(found).toEqual(records);
          for (const [integrationId, highestSequence] of sequences) {
            expect(await warehouse.progress({ customerId, integrationId })).toEqual({
              highestSequence,
              changes: highestSequence,
            });
          }
          const where = `WHERE customer_id = '${customerId}'`;
          const changed = await warehouse.query(
            `SELECT change_id FROM user_changes ${where} UNION ALL SELECT change_id FROM class_changes ${where}`,
            { maxRows: 1_000 },
          );
          expect(changed.rows.map((row) => row['change_id'] as string).toSorted(byText)).toEqual(
            changes.map(({ changeId }) => changeId).toSorted(byText),
          );
        },
      ),
      { numRuns: 40, endOnFailure: true },
    );
    await bus.close();
    await receiver.close();
  }, 90_000);
});

function byText(a: string, b: string): number {
  return a < b ? -1 : 1;
}
