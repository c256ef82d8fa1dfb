import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { describe, expect, test } from 'vitest';
import { integration, openTwoWay, type TwoWay } from '../two-way.fixture.ts';

const writeBack = ['category'];
const customer = { customerId: 'springfield' };

/** Whatever the share, no more than so many are let through. */
const deletes = (floor: number): JsonObject => ({ toOurs: { delete: { percent: 0, floor } } });

async function tryLimits({ control }: TwoWay, limits: JsonObject) {
  return await control.result('settings.tryLimits.v1', { ...integration, limits });
}

async function night({ vendor }: TwoWay): Promise<string> {
  const { run } = await vendor.sync({ context: 'nightly' });
  vendor.clock.skip(1_000);
  return run.runId;
}

describe('safety limits that are tried', () => {
  test('say which of the last runs they would have held, by what those counted, and change nothing', async () => {
    const stage = await openTwoWay();
    stage.school.boxes.delete('b3');
    const runId = await night(stage);
    await night(stage);
    const { settings } = await stage.control.result('settings.get.v1', integration);

    const answer = await tryLimits(stage, deletes(0));

    const { requestedAt } = await stage.control.result('runs.get.v1', { ...customer, runId });
    const allowed = { percent: 0, floor: 0, allowed: 0 };
    expect(answer).toEqual({
      runs: 3,
      since: expect.any(String),
      held: { actually: 0, stored: 0, tried: 1 },
      unclear: { stored: 0, tried: 0 },
      exceeded: [
        {
          runId,
          at: requestedAt,
          entityType: 'category',
          action: 'delete',
          direction: 'toOurs',
          count: 1,
          of: 3,
          limit: { stored: { percent: 10, floor: 10, allowed: 10 }, tried: allowed },
          held: { stored: false, tried: true },
          wasHeld: false,
        },
      ],
      exceededOmitted: 0,
      unknown: [],
      unknownOmitted: 0,
    });
    expect(await stage.control.result('settings.get.v1', integration)).toMatchObject({ settings });
    // What they say is what the next run does.
    await stage.control.result('settings.put.v1', {
      ...integration,
      settings: { writeBack, limits: deletes(0) },
    });
    stage.school.boxes.delete('b2');
    const held = await night(stage);
    expect(await tryLimits(stage, deletes(1))).toMatchObject({
      runs: 4,
      held: { actually: 1, stored: 2, tried: 0 },
      exceeded: [
        { runId: held, count: 1, of: 2, held: { stored: true, tried: false }, wasHeld: true },
        { runId, held: { stored: true, tried: false }, wasHeld: false },
      ],
    });
  });

  test('are not asked of dry runs, of runs that take others back, nor of those of single records', async () => {
    const stage = await openTwoWay();
    stage.school.boxes.delete('b3');
    await stage.vendor.sync({ isDryRun: true });
    const one = { entityTypes: ['category'], recordIds: ['b3'], context: 'realtime' } as const;
    const { run } = await stage.vendor.sync(one);
    await stage.vendor.sync({ reverts: run.runId });
    stage.vendor.clock.skip(1_000);

    expect(await tryLimits(stage, deletes(0))).toMatchObject({ runs: 1, held: { tried: 0 }, exceeded: [] });
  });

  test('are told with the settings that are tried, also where there is no record of the entity type', async () => {
    const stage = await openTwoWay();
    stage.school.boxes.clear();
    stage.school.boxes.set('b9', { id: 'b9', title: 'Box b9' });
    await night(stage);
    const settings = { writeBack, limits: deletes(2) };
    const params = { ...integration, entityType: 'org', settings };

    const { sampled, limits } = await stage.control.result('settings.try.v1', params);

    expect([sampled, limits]).toEqual([0, await tryLimits(stage, deletes(2))]);
    expect(limits).toMatchObject({ held: { tried: 1 }, exceeded: [{ count: 3, of: 3 }] });
  });

  test('are refused where they are not sound', async () => {
    const stage = await openTwoWay();
    const params = { ...integration, limits: { toOurs: { delete: { floor: 1 } } } };
    const { error } = await stage.control.call('settings.tryLimits.v1', params);
    expect(error?.data).toMatchObject({
      code: 'invalid_params',
      issues: [{ pointer: expect.stringMatching('^/limits/toOurs/delete') }],
    });
  });
});
