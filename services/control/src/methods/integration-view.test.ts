import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { updateRun } from '@flotilla/substrate/store';
import type { ServiceStage } from '@flotilla/substrate/testing/service-stage';
import { describe, expect, test } from 'vitest';
import { openControl, pause, register } from '../control.fixture.ts';
import { integration, openTwoWay } from '../two-way.fixture.ts';

const customerId = 'springfield';

function list(stage: ServiceStage) {
  return stage.result('integrations.list.v1', { customerId }, 'viewer');
}

/** Begins a run and lets it end so. */
async function run(stage: ServiceStage, integrationId: string, state: string, more: JsonObject = {}) {
  const { runId } = await stage.result('runs.start.v1', { customerId, integrationId, ...more });
  const finishedAt = new Date(stage.clock.now()).toISOString();
  const ended = { state, finishedAt, openSince: null };
  await stage.store.transaction(async (transaction) =>
    updateRun(transaction, { customerId, runId: runId as string }, ended),
  );
  await stage.clock.advance(1_000);
  return runId;
}

describe('an integration in the list', () => {
  test('shows the last run that says how it is with its counts, and beside it the one under way', async () => {
    const { control, vendor, finish } = await openTwoWay();
    const { runId } = await control.result('runs.start.v1', integration);
    expect(await list(control)).toMatchObject({
      integrations: [{ currentRun: { runId, state: 'queued' }, lastRun: { state: 'succeeded' } }],
    });
    await finish(runId as string);
    vendor.clock.skip(1_000);
    const trial = await control.result('runs.start.v1', { ...integration, dryRun: true });

    const { integrations } = await list(control);
    expect(integrations).toMatchObject([
      {
        lastRun: { runId, state: 'succeeded', totals: { received: 4, unchanged: 4, created: 0 } },
        currentRun: { runId: trial.runId, isDryRun: true },
        openConflicts: 0,
      },
    ]);
    expect(await control.result('integrations.get.v1', integration, 'viewer')).toEqual(
      (integrations as readonly JsonObject[])[0],
    );
  });

  test('shows when the night comes to it next on the clock of its customer, jitter included, and why it does not', async () => {
    const stage = await openControl();
    await register(stage, customerId, ['first', 'paused']);
    await pause(stage, customerId, 'paused');
    expect(await list(stage)).toMatchObject({
      integrations: [
        { nextStart: null, leftOut: null },
        { nextStart: null, leftOut: 'paused' },
      ],
    });

    const schedule = { cron: '30 2 * * *', jitterMinutes: 60, blackoutDates: ['2026-01-01'] };
    await stage.result('customers.put.v1', { customerId, name: 'x', timeZone: 'America/Chicago', schedule });

    const { integrations } = await stage.result('schedule.preview.v1', { customerId, count: 1 });
    const [first] = integrations as readonly { starts: readonly { startsAt: string }[] }[];
    const startsAt = first?.starts[0]?.startsAt ?? '';
    expect(startsAt.slice(0, 10)).toBe('2026-01-02');
    expect(await list(stage)).toMatchObject({
      integrations: [{ nextStart: startsAt }, { nextStart: null, leftOut: 'paused' }],
    });
  });
});

describe('a customer in the list', () => {
  test('shows how many integrations it has, in which states their last runs are, and what waits for a person', async () => {
    const stage = await openControl();
    await register(stage, customerId, ['a', 'b', 'c', 'd']);
    await register(stage, 'shelbyville');
    await run(stage, 'a', 'failed');
    await run(stage, 'a', 'succeeded');
    await run(stage, 'b', 'succeeded');
    await run(stage, 'b', 'failed');
    await run(stage, 'b', 'succeeded', { dryRun: true });
    await run(stage, 'c', 'succeeded');
    await pause(stage, customerId, 'd');

    const standing = { openConflicts: 0, lastRunAt: '2026-01-01T00:00:05.000Z' };
    expect(await stage.result('customers.list.v1', {}, 'viewer')).toMatchObject({
      customers: [
        {
          customerId: 'shelbyville',
          standing: { integrations: 1, paused: 0, byLastRun: { never: 1 }, lastRunAt: null },
        },
        {
          customerId,
          standing: {
            ...standing,
            integrations: 4,
            paused: 1,
            byLastRun: { succeeded: 2, failed: 1, never: 1 },
          },
        },
      ],
    });
  });
});
