import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { ServiceStage } from '@flotilla/substrate/testing/service-stage';
import { describe, expect, test } from 'vitest';
import { createPlayer, openControl, pause, register, runsIn } from '../control.fixture.ts';

interface ShownStart extends JsonObject {
  readonly night: string;
  readonly at: string;
  readonly startsAt: string;
  readonly local: string;
}

interface Shown extends JsonObject {
  readonly integrationId: string;
  readonly leftOut: string | null;
  readonly starts: readonly ShownStart[];
}

async function preview(stage: ServiceStage, params: JsonObject = {}) {
  const answer = await stage.result('schedule.preview.v1', { customerId: 'springfield', ...params });
  const { timeZone, schedule, blackouts } = answer;
  return { timeZone, schedule, blackouts, integrations: answer.integrations as readonly Shown[] };
}

describe('schedule.preview', () => {
  test('lists the next starts of each integration, on the clock of the customer too, and saves nothing', async () => {
    const stage = await openControl();
    await register(stage, 'springfield', ['sis']);
    const schedule = { cron: '30 18 * * *', blackoutDates: [{ from: '2026-01-02', note: 'Day off' }] };

    expect(await preview(stage, { count: 2, schedule, timeZone: 'America/Chicago' })).toEqual({
      timeZone: 'America/Chicago',
      schedule: { ...schedule, jitterMinutes: 0 },
      integrations: [
        {
          integrationId: 'sis',
          vendor: 'oneroster',
          leftOut: null,
          starts: [
            // In Chicago it is still the evening before.
            {
              night: '2025-12-31',
              at: '2026-01-01T00:30:00.000Z',
              startsAt: '2026-01-01T00:30:00.000Z',
              local: '2025-12-31T18:30:00-06:00',
            },
            {
              night: '2026-01-01',
              at: '2026-01-02T00:30:00.000Z',
              startsAt: '2026-01-02T00:30:00.000Z',
              local: '2026-01-01T18:30:00-06:00',
            },
          ],
        },
      ],
      blackouts: [],
    });
    expect(await stage.result('customers.list.v1', {})).toMatchObject({
      customers: [{ timeZone: 'UTC', schedule: null }],
    });
  });

  test('passes over blackouts and names them', async () => {
    const stage = await openControl();
    await register(stage, 'springfield', ['sis']);
    const blackoutDates = ['2026-01-01', { from: '2026-01-03', to: '2026-01-10', note: 'Winter break' }];
    const { integrations, blackouts } = await preview(stage, {
      count: 2,
      schedule: { cron: '0 2 * * *', blackoutDates },
    });
    expect(integrations[0]?.starts.map(({ night }) => night)).toEqual(['2026-01-02', '2026-01-11']);
    expect(blackouts).toEqual([
      { from: '2026-01-01', to: '2026-01-01', note: null },
      { from: '2026-01-03', to: '2026-01-10', note: 'Winter break' },
    ]);
  });

  test('shows a change of the clocks as it will be', async () => {
    const stage = await openControl();
    await register(stage, 'springfield', ['sis']);
    await stage.clock.advance(Date.parse('2026-03-07T12:00:00Z') - stage.clock.now());
    const { integrations } = await preview(stage, {
      count: 2,
      schedule: { cron: '30 2 * * *' },
      timeZone: 'America/New_York',
    });
    expect(integrations[0]?.starts.map(({ local }) => local)).toEqual([
      '2026-03-08T03:00:00-04:00',
      '2026-03-09T02:30:00-04:00',
    ]);
  });

  test('says of a customer without a schedule that it has none, and of an integration that is left out why', async () => {
    const stage = await openControl();
    await register(stage, 'springfield', ['sis', 'paused']);
    await pause(stage, 'springfield', 'paused');
    expect(await preview(stage)).toMatchObject({
      schedule: null,
      integrations: [
        { integrationId: 'paused', starts: [] },
        { integrationId: 'sis', starts: [] },
      ],
    });
    const { integrations } = await preview(stage, { schedule: { cron: '0 2 * * *' }, count: 1 });
    expect(integrations).toMatchObject([
      { integrationId: 'paused', leftOut: 'paused', starts: [] },
      { integrationId: 'sis', leftOut: null, starts: [{ night: '2026-01-01' }] },
    ]);
  });

  test('tells the minute at which each run then really begins, jitter included', async () => {
    const stage = await openControl();
    await register(stage, 'springfield', ['a', 'b', 'c', 'd']);
    const schedule = { cron: '45 1,23 * * *', jitterMinutes: 180 };
    await stage.result('customers.put.v1', {
      customerId: 'springfield',
      name: 'Springfield',
      timeZone: 'Europe/Paris',
      schedule,
    });
    // In the middle of a jitter: some of the starts of one occurrence are past already.
    await stage.clock.advance(2 * 3_600_000);
    const { integrations } = await preview(stage, { count: 4 });
    const player = createPlayer(stage, 3_600_000);
    await player.passUntil('2026-01-03T23:30:00Z');

    const begun = await runsIn(stage, ['2025-12-31', '2026-01-01', '2026-01-02', '2026-01-03']);
    const told = integrations.flatMap(({ integrationId, starts }) =>
      starts.map(({ night, startsAt }) => `springfield/${integrationId} ${night} ${startsAt.slice(0, 16)}`),
    );
    expect(told).toHaveLength(16);
    expect(begun).toEqual(expect.arrayContaining(told));
    expect(new Set(told.map((text) => text.slice(-5))).size).toBe(8);
  });

  test.each([
    [{ schedule: { cron: '0 25 * * *' } }, '/schedule/cron'],
    [{ timeZone: 'Mars/Olympus' }, '/timeZone'],
    [{ count: 0 }, '/count'],
    [{ count: 51 }, '/count'],
  ])('refuses %j, saying where', async (wrong, pointer) => {
    const stage = await openControl();
    await register(stage, 'springfield');
    const { error } = await stage.call('schedule.preview.v1', { customerId: 'springfield', ...wrong });
    expect(error?.data).toMatchObject({ code: 'invalid_params', issues: [{ pointer }] });
  });

  test('does not know a customer that is not registered', async () => {
    const stage = await openControl();
    const { error } = await stage.call('schedule.preview.v1', { customerId: 'nobody' });
    expect(error?.data).toMatchObject({ code: 'not_found', customerId: 'nobody' });
  });
});
