import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { putConflicts, type StoredConflict, updateRun } from '@flotilla/substrate/store';
import type { CallAnswer } from '@flotilla/substrate/testing/service-stage';
import { describe, expect, test } from 'vitest';
import { openControl, pause, register, runNight } from '../control.fixture.ts';

const day = '2026-01-01';

/** A service that answers what every service can be asked. */
const sound = {
  call: async (method: string): Promise<CallAnswer> => ({
    result:
      method === 'rpc.discover'
        ? { info: { version: '7' }, methods: [] }
        : {
            vendor: 'clever',
            title: 'Clever',
            docs: 'https://example.com',
            entityTypes: [],
            writeBack: [],
            connection: {},
            credential: {},
          },
  }),
};
const refusing = {
  call: async (): Promise<CallAnswer> => ({
    error: { code: -32003, message: 'This account is not among the callers', data: { code: 'forbidden' } },
  }),
};

type Service = JsonObject & { readonly service: string };
const nobodyQueued = { pending: 0, running: 0, dead: 0, oldestCreatedAt: null };

describe('the fleet at a glance', () => {
  test('is looked at once for all who ask meanwhile', async () => {
    let asked = 0;
    const counting = {
      call: async (method: string): Promise<CallAnswer> => {
        asked += method === 'rpc.discover' ? 1 : 0;
        return await sound.call(method);
      },
    };
    const stage = await openControl({ peers: { clever: counting, warehouse: refusing } });

    const looks = await Promise.all([1, 2, 3].map(() => stage.result('fleet.get.v1', {}, 'viewer')));
    expect(asked).toBe(1);
    expect(looks[1]).toEqual(looks[0]);

    await stage.result('fleet.get.v1', {}, 'viewer');
    expect(asked).toBe(2);
  });

  test('has every service with how it is, its queues and its integrations, also where most do not answer', async () => {
    const stage = await openControl({ peers: { clever: sound, warehouse: refusing } });
    await register(stage, 'springfield', ['a', 'b', 'c']);
    await pause(stage, 'springfield', 'c');
    await runNight(stage, day);

    const fleet = await stage.result('fleet.get.v1', {}, 'viewer');

    expect(fleet.services).toEqual([
      {
        service: 'clever',
        kind: 'vendor',
        title: 'Clever',
        state: 'ready',
        reason: null,
        version: '7',
        queues: ['nightly', 'realtime', 'manual'].map((each) => ({
          queue: `clever-${each}`,
          ...nobodyQueued,
        })),
        integrations: { total: 0, paused: 0, byLastRun: {}, troubled: [], firstPaused: [] },
      },
      {
        service: 'oneroster',
        kind: 'vendor',
        title: 'oneroster',
        state: 'unreachable',
        reason: 'A service of the fleet does not answer: nothing listens there',
        version: null,
        queues: [
          {
            ...nobodyQueued,
            queue: 'oneroster-nightly',
            pending: 2,
            oldestCreatedAt: '2026-01-01T00:00:00.000Z',
          },
          { ...nobodyQueued, queue: 'oneroster-realtime' },
          { ...nobodyQueued, queue: 'oneroster-manual' },
        ],
        integrations: {
          total: 3,
          paused: 1,
          byLastRun: { never: 3 },
          troubled: [],
          firstPaused: [
            { customerId: 'springfield', customerName: 'The springfield district', integrationId: 'c' },
          ],
        },
      },
      expect.objectContaining({
        service: 'control',
        state: 'ready',
        version: '0',
        queues: [expect.objectContaining({ queue: 'control', pending: 1 })],
      }),
      expect.objectContaining({
        service: 'warehouse',
        state: 'notReady',
        reason: 'A service of the fleet does not let another one in: forbidden',
        queues: [],
      }),
    ]);
    expect(fleet).toMatchObject({
      at: '2026-01-01T00:00:00.000Z',
      changeBus: { pending: 0, dead: 0, oldestPublishedAt: null },
      deadLetters: 0,
      unknown: [],
    });
  });

  test('has the last nights, latest first, by the states of their runs and the reasons of what they left out', async () => {
    const stage = await openControl();
    await register(stage, 'springfield', ['a', 'b', 'c']);
    await pause(stage, 'springfield', 'c');
    expect(await stage.result('fleet.get.v1', {})).toMatchObject({ nights: [] });
    for (const night of ['2025-12-28', '2025-12-30', '2025-12-31', day]) await runNight(stage, night);
    await stage.result('nightly.run.v1', { night: '2026-01-20' });
    const { runs } = await stage.result('nightly.get.v1', { night: day });
    const [{ runId, integrationId }] = runs as [{ runId: string; integrationId: string }];
    await stage.store.transaction(async (transaction) =>
      updateRun(transaction, { customerId: 'springfield', runId }, { state: 'failed', openSince: null }),
    );

    const { nights, services } = await stage.result('fleet.get.v1', {});

    const earlier = { state: 'started', runs: { queued: 2 }, leftOut: { paused: 1 } };
    expect(nights).toEqual([
      { ...earlier, night: day, runs: { queued: 1, failed: 1 } },
      { ...earlier, night: '2025-12-31' },
      { ...earlier, night: '2025-12-30' },
    ]);
    // The one that failed is named.
    const customerName = 'The springfield district';
    const troubled = { customerId: 'springfield', customerName, integrationId, runId };
    const withTroubled = (state: string) =>
      expect.objectContaining({
        integrations: expect.objectContaining({ troubled: [{ ...troubled, state }] }),
      });
    expect(services).toContainEqual(withTroubled('failed'));
    // And so is one whose run somebody rejected, or nobody decided on: it waits for nobody, and nothing was applied.
    for (const state of ['rejected', 'expired'] as const) {
      await stage.store.transaction(async (transaction) =>
        updateRun(transaction, { customerId: 'springfield', runId }, { state }),
      );
      const later = await stage.result('fleet.get.v1', {});
      expect(later.services).toContainEqual(withTroubled(state));
    }
  });

  test('has what waits for a person: held runs by when they expire, and conflicts by customer', async () => {
    const stage = await openControl();
    await register(stage, 'springfield', ['a', 'b']);
    await register(stage, 'shelbyville', ['a']);
    const nameOf = (customerId: string) => `The ${customerId} district`;
    const hold = async (customerId: string, integrationId: string, dueAt: string) => {
      const { runId } = await stage.result('runs.start.v1', { customerId, integrationId });
      const heldSince = '2026-01-01T00:00:00.000Z';
      await stage.store.transaction(async (transaction) =>
        updateRun(transaction, { customerId, runId: runId as string }, { state: 'held', heldSince, dueAt }),
      );
      return {
        customerId,
        customerName: nameOf(customerId),
        integrationId,
        runId,
        heldSince,
        expiresAt: dueAt,
      };
    };
    const later = await hold('shelbyville', 'a', '2026-01-03T00:00:00.000Z');
    const sooner = await hold('springfield', 'b', '2026-01-02T00:00:00.000Z');
    await stage.store.transaction(async (transaction) =>
      putConflicts(transaction, [
        conflict('shelbyville', 'a', 'c1'),
        conflict('springfield', 'a', 'c1'),
        conflict('springfield', 'b', 'c1'),
      ]),
    );

    expect(await stage.result('fleet.get.v1', {})).toMatchObject({
      heldRuns: { count: 2, first: [sooner, later] },
      openConflicts: {
        count: 3,
        customers: [
          { customerId: 'springfield', customerName: nameOf('springfield'), count: 2 },
          { customerId: 'shelbyville', customerName: nameOf('shelbyville'), count: 1 },
        ],
      },
    });
  });

  test('waits for nobody longer than it is looked at', async () => {
    let hung = 0;
    const hanging = {
      call() {
        hung += 1;
        return new Promise<CallAnswer>(() => undefined);
      },
    };
    const stage = await openControl({ peers: { clever: hanging, oneroster: hanging, warehouse: hanging } });
    const asked = stage.result('fleet.get.v1', {});
    // Three that are asked how they are, two of them also what they are called.
    while (hung < 5 || stage.clock.sleeping !== hung) await new Promise((resolve) => setImmediate(resolve));

    await stage.clock.advance(2_500);
    const { services } = await asked;

    const states = (services as readonly Service[]).map(({ service, state, reason }) => [
      service,
      state,
      reason,
    ]);
    const reason = 'A service of the fleet does not answer: no answer within 2.5 s';
    expect(states).toEqual([
      ['clever', 'starting', reason],
      ['oneroster', 'starting', reason],
      ['control', 'ready', null],
      ['warehouse', 'starting', reason],
    ]);
  });
});

function conflict(customerId: string, integrationId: string, conflictId: string): StoredConflict {
  const foundAt = '2026-01-01T00:00:00.000Z';
  return {
    customerId,
    integrationId,
    entityType: 'user',
    recordId: 'u1',
    conflictId,
    pointer: '/title',
    kind: 'modify/modify',
    sides: {},
    inputs: 'inputs',
    rule: 'manual (default)',
    state: 'open',
    decision: null,
    runId: 'r',
    foundAt,
    openSince: foundAt,
    endedByRunId: null,
    endedAt: null,
    version: 1,
  };
}
