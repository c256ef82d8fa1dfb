import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { putCustomer, readCustomer } from '@flotilla/substrate/store';
import type { ServiceStage } from '@flotilla/substrate/testing/service-stage';
import { describe, expect, test } from 'vitest';
import {
  createPlayer,
  fanOutTaskOf,
  openControl,
  pause,
  register,
  runNight,
  runsIn,
} from './control.fixture.ts';

const hourMs = 3_600_000;
const nights = ['2025-12-31', '2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04', '2026-01-05'];

/** Registers a customer that has a schedule. */
async function schedule(
  stage: ServiceStage,
  customerId: string,
  timeZone: string,
  chosen: JsonObject,
  integrationIds: readonly string[] = ['sis'],
): Promise<void> {
  await register(stage, customerId, integrationIds);
  await reschedule(stage, customerId, { timeZone, schedule: chosen });
}

async function reschedule(stage: ServiceStage, customerId: string, changes: JsonObject): Promise<void> {
  await stage.result('customers.put.v1', { customerId, name: customerId, ...changes });
}

interface LeftOut extends JsonObject {
  readonly customerId: string;
  readonly integrationId: string;
  readonly at: string | null;
  readonly reason: string;
  readonly note: string | null;
}

async function leftOut(stage: ServiceStage, night: string) {
  const answer = await stage.result('nightly.get.v1', { night });
  return (answer.leftOut as readonly LeftOut[]).map(({ customerId, integrationId, at, reason, note }) => ({
    who: `${customerId}/${integrationId}`,
    at,
    reason,
    note,
  }));
}

/** Tasks of the vendor's queue. */
async function started(stage: ServiceStage): Promise<number> {
  return await stage.pending('oneroster-nightly');
}

describe('where the clock asks', () => {
  const zones = {
    apia: 'Pacific/Apia',
    kiritimati: 'Pacific/Kiritimati',
    auckland: 'Pacific/Auckland',
    kathmandu: 'Asia/Kathmandu',
    paris: 'Europe/Paris',
    honolulu: 'Pacific/Honolulu',
    'los-angeles': 'America/Los_Angeles',
    'west-of-all': 'Etc/GMT+12',
  };

  test.each([
    ['every hour', hourMs, 0],
    ['every six hours', 6 * hourMs, 0],
    ['once a day at noon', 24 * hourMs, 12],
  ])(
    '%s, every customer has each of its own nights once, and at its own time',
    async (_, everyMs, firstHour) => {
      const stage = await openControl();
      for (const [customerId, timeZone] of Object.entries(zones)) {
        await schedule(stage, customerId, timeZone, { cron: '30 2 * * *' });
      }
      await stage.clock.advance(firstHour * hourMs);
      await stage.result('nightly.run.v1', {}, 'scheduler');
      const player = createPlayer(stage, everyMs);
      await player.passUntil('2026-01-04T12:00:00Z');

      const runs = await runsIn(stage, nights);
      // 02:30 of each date in each zone, as UTC.
      const local = (date: string, offset: string) =>
        new Date(`${date}T02:30:00${offset}`).toISOString().slice(0, 16);
      const offsets = {
        apia: '+13:00',
        kiritimati: '+14:00',
        auckland: '+13:00',
        kathmandu: '+05:45',
        paris: '+01:00',
        honolulu: '-10:00',
        'los-angeles': '-08:00',
        'west-of-all': '-12:00',
      };
      const from = new Date(Date.UTC(2026, 0, 1, firstHour)).toISOString();
      const expected = Object.entries(offsets).flatMap(([customerId, offset]) =>
        nights
          .map((night) => ({ night, minute: local(night, offset) }))
          .filter(({ minute }) => `${minute}:00` > from && `${minute}:00` <= '2026-01-04T12:00:00Z')
          .map(({ night, minute }) => `${customerId}/sis ${night} ${minute}`),
      );
      expect(expected.length).toBeGreaterThanOrEqual(24);
      expect(runs).toEqual(expected.toSorted());
      expect(await started(stage)).toBe(runs.length);
    },
  );

  test('customers without a schedule have one run a date of UTC, however often it asks', async () => {
    const stage = await openControl();
    await register(stage, 'springfield', ['sis']);
    await createPlayer(stage, hourMs).passUntil('2026-01-03T05:00:00Z');
    expect(await runsIn(stage, nights)).toEqual([
      'springfield/sis 2026-01-01 2026-01-01T00:00',
      'springfield/sis 2026-01-02 2026-01-02T00:00',
      'springfield/sis 2026-01-03 2026-01-03T00:00',
    ]);
  });

  test('a time at which the clocks jump is kept: no night is lost or doubled', async () => {
    const stage = await openControl();
    await stage.clock.advance(Date.parse('2026-03-28T00:00:00Z') - stage.clock.now());
    await schedule(stage, 'paris', 'Europe/Paris', { cron: '30 2,14 * * *' });
    await createPlayer(stage, hourMs).passUntil('2026-03-30T12:00:00Z');
    expect(await runsIn(stage, ['2026-03-28', '2026-03-29', '2026-03-30'])).toEqual([
      'paris/sis 2026-03-28 2026-03-28T01:30',
      'paris/sis 2026-03-28 2026-03-28T13:30',
      // 02:30 is not there: right after the gap, at 03:00.
      'paris/sis 2026-03-29 2026-03-29T01:00',
      'paris/sis 2026-03-29 2026-03-29T12:30',
      'paris/sis 2026-03-30 2026-03-30T00:30',
    ]);
  });

  test('starts are spread by the jitter, and the night is the one of the schedule even where the start is on the next date', async () => {
    const stage = await openControl();
    const ids = Array.from({ length: 12 }, (_, index) => `i${index}`);
    await stage.clock.advance(5 * hourMs);
    await schedule(stage, 'paris', 'Europe/Paris', { cron: '50 23 * * *', jitterMinutes: 60 }, ids);
    await createPlayer(stage, hourMs).passUntil('2026-01-02T12:00:00Z');

    const runs = await runsIn(stage, nights);
    const minutes = runs.map((run) => run.slice(-16));
    expect(runs.map((run) => run.split(' ')[1])).toEqual(ids.map(() => '2026-01-01'));
    expect(new Set(minutes).size).toBeGreaterThan(6);
    for (const minute of minutes) {
      expect(minute >= '2026-01-01T22:50' && minute < '2026-01-01T23:50').toBe(true);
    }
    expect(minutes.some((minute) => minute >= '2026-01-01T23:00')).toBe(true);
  });

  test('a night that it could not ask for in time is made up for within the hour, and later ones are not', async () => {
    const stage = await openControl();
    await schedule(stage, 'recent', 'UTC', { cron: '30 2 * * *' });
    await schedule(stage, 'long-past', 'UTC', { cron: '30 1 * * *' });
    await stage.clock.advance(3 * hourMs);
    await stage.result('nightly.run.v1', {}, 'scheduler');
    await createPlayer(stage).passUntil('2026-01-01T04:00:00Z');
    expect(await runsIn(stage, nights)).toEqual(['recent/sis 2026-01-01 2026-01-01T03:00']);
  });

  test('tasks that come late because control was down start the latest run only', async () => {
    const stage = await openControl();
    await schedule(stage, 'paris', 'UTC', { cron: '0 * * * *' });
    await stage.result('nightly.run.v1', {}, 'scheduler');
    await stage.deliver(fanOutTaskOf(stage, '2026-01-01'));
    await stage.clock.advance(3.5 * hourMs);
    await createPlayer(stage).passUntil('2026-01-01T03:30:00Z');
    // The one of 00:00 was due when the night was asked for.
    expect(await runsIn(stage, nights)).toEqual([
      'paris/sis 2026-01-01 2026-01-01T00:00',
      'paris/sis 2026-01-01 2026-01-01T03:30',
    ]);
  });
});

describe('what was planned', () => {
  test('follows the schedule as it is when the time comes, also where the clock asks once a day', async () => {
    const stage = await openControl();
    await schedule(stage, 'later', 'UTC', { cron: '0 20 * * *' });
    await schedule(stage, 'none', 'UTC', { cron: '0 20 * * *' });
    await schedule(stage, 'moved', 'UTC', { cron: '0 20 * * *' });
    const player = createPlayer(stage, 24 * hourMs);
    await player.passUntil('2026-01-01T10:00:00Z');
    await reschedule(stage, 'later', { schedule: { cron: '0 22 * * *' } });
    await reschedule(stage, 'none', { schedule: null });
    await reschedule(stage, 'moved', { timeZone: 'Europe/Paris' });
    await player.passUntil('2026-01-01T23:30:00Z');

    expect(await runsIn(stage, nights)).toEqual([
      'later/sis 2026-01-01 2026-01-01T22:00',
      'moved/sis 2026-01-01 2026-01-01T19:00',
    ]);
  });

  test('is nothing where nobody asks: a schedule alone starts no run', async () => {
    const stage = await openControl();
    await schedule(stage, 'springfield', 'UTC', { cron: '0 2 * * *' });
    expect(stage.enqueued).toEqual([]);
  });

  test('does not begin for an integration that was paused meanwhile, and says so; let go on, it has the next night', async () => {
    const stage = await openControl();
    await schedule(stage, 'springfield', 'UTC', { cron: '0 20 * * *' });
    const player = createPlayer(stage, hourMs);
    await player.passUntil('2026-01-01T10:00:00Z');
    await pause(stage, 'springfield', 'sis');
    await player.passUntil('2026-01-02T10:00:00Z');
    await pause(stage, 'springfield', 'sis', 'active');
    await player.passUntil('2026-01-02T23:00:00Z');

    expect(await runsIn(stage, nights)).toEqual(['springfield/sis 2026-01-02 2026-01-02T20:00']);
    const why = { who: 'springfield/sis', reason: 'paused', note: null };
    expect(await leftOut(stage, '2026-01-01')).toEqual([{ ...why, at: '2026-01-01T20:00:00.000Z' }]);
    expect(await leftOut(stage, '2026-01-02')).toEqual([]);
  });
});

describe('a blackout', () => {
  test('leaves out the nights of its dates on the calendar of the customer, and says so', async () => {
    const stage = await openControl();
    const blackoutDates = [{ from: '2026-01-02', to: '2026-01-03', note: 'Winter break' }];
    // 20:00 in Los Angeles is 04:00 of the next date in UTC.
    await schedule(stage, 'los-angeles', 'America/Los_Angeles', { cron: '0 20 * * *', blackoutDates });
    await schedule(stage, 'auckland', 'Pacific/Auckland', { cron: '0 2 * * *', blackoutDates });
    await createPlayer(stage, hourMs).passUntil('2026-01-05T12:00:00Z');

    expect(await runsIn(stage, nights)).toEqual([
      'auckland/sis 2026-01-04 2026-01-03T13:00',
      'auckland/sis 2026-01-05 2026-01-04T13:00',
      'los-angeles/sis 2025-12-31 2026-01-01T04:00',
      'los-angeles/sis 2026-01-01 2026-01-02T04:00',
      'los-angeles/sis 2026-01-04 2026-01-05T04:00',
    ]);
    const why = { reason: 'blackout', note: 'Winter break' };
    expect(await leftOut(stage, '2026-01-02')).toEqual([
      { who: 'auckland/sis', at: '2026-01-01T13:00:00.000Z', ...why },
      { who: 'los-angeles/sis', at: '2026-01-03T04:00:00.000Z', ...why },
    ]);
    expect(await leftOut(stage, '2026-01-04')).toEqual([]);
  });

  test('that is added for tonight holds, and one that is taken back holds no more', async () => {
    const stage = await openControl();
    const cron = '0 20 * * *';
    await schedule(stage, 'snow', 'UTC', { cron });
    await schedule(stage, 'thaw', 'UTC', { cron, blackoutDates: ['2026-01-01'] });
    const player = createPlayer(stage, 24 * hourMs);
    await player.passUntil('2026-01-01T15:00:00Z');
    expect(await leftOut(stage, '2026-01-01')).toMatchObject([{ who: 'thaw/sis' }]);
    await reschedule(stage, 'snow', {
      schedule: { cron, blackoutDates: [{ from: '2026-01-01', note: 'Snow' }] },
    });
    await reschedule(stage, 'thaw', { schedule: { cron } });
    expect(await leftOut(stage, '2026-01-01')).toMatchObject([{ who: 'snow/sis', note: 'Snow' }]);
    await player.passUntil('2026-01-01T23:00:00Z');

    expect(await runsIn(stage, nights)).toEqual(['thaw/sis 2026-01-01 2026-01-01T20:00']);
    expect(await leftOut(stage, '2026-01-01')).toMatchObject([{ who: 'snow/sis', reason: 'blackout' }]);
  });
});

describe('a night asked for by hand', () => {
  test('that is past runs at once, with one run however often the schedule came; one that is to come runs at its time', async () => {
    const stage = await openControl();
    await schedule(stage, 'springfield', 'America/Chicago', { cron: '0 2,8,20 * * *' });
    await stage.clock.advance(18 * hourMs);
    // Noon in Chicago.
    await runNight(stage, '2025-12-30');
    await runNight(stage, '2026-01-01');
    await createPlayer(stage).passUntil('2026-01-02T12:00:00Z');

    expect(await runsIn(stage, ['2025-12-30', ...nights])).toEqual([
      'springfield/sis 2025-12-30 2026-01-01T18:00',
      'springfield/sis 2026-01-01 2026-01-01T18:00',
      'springfield/sis 2026-01-01 2026-01-02T02:00',
    ]);
  });

  test('that the clock has begun already starts nothing twice', async () => {
    const stage = await openControl();
    await schedule(stage, 'springfield', 'UTC', { cron: '0 2 * * *' });
    const player = createPlayer(stage, hourMs);
    await player.passUntil('2026-01-01T12:00:00Z');
    const before = await runsIn(stage, nights);
    await stage.result('nightly.run.v1', { night: '2026-01-01' });
    await player.passUntil('2026-01-01T13:00:00Z');
    expect(before).toEqual(['springfield/sis 2026-01-01 2026-01-01T02:00']);
    expect(await runsIn(stage, nights)).toEqual(before);
  });

  test('in the same moment as the clock asks is served as well as the clock', async () => {
    const stage = await openControl();
    await schedule(stage, 'springfield', 'UTC', { cron: '0 1,22 * * *' });
    await stage.clock.advance(12 * hourMs);
    await Promise.all([
      stage.result('nightly.run.v1', {}, 'scheduler'),
      stage.result('nightly.run.v1', { night: '2026-01-01' }),
    ]);
    await createPlayer(stage).passUntil('2026-01-02T12:00:00Z');
    expect(await runsIn(stage, nights)).toEqual([
      'springfield/sis 2026-01-01 2026-01-01T12:00',
      'springfield/sis 2026-01-01 2026-01-01T22:00',
      'springfield/sis 2026-01-02 2026-01-02T01:00',
    ]);
  });

  test('on a date on which the schedule does not come, or in a blackout, starts nothing and says so', async () => {
    const stage = await openControl();
    // 2026-01-03 is a Saturday.
    await schedule(stage, 'weekdays', 'UTC', { cron: '0 2 * * MON-FRI' });
    await schedule(stage, 'break', 'UTC', { cron: '0 2 * * *', blackoutDates: ['2026-01-03'] });
    await runNight(stage, '2026-01-03');
    expect(await leftOut(stage, '2026-01-03')).toEqual([
      { who: 'break/sis', at: '2026-01-03T02:00:00.000Z', reason: 'blackout', note: null },
      { who: 'weekdays/sis', at: null, reason: 'no_occurrence', note: null },
    ]);
    await createPlayer(stage).passUntil('2026-01-03T12:00:00Z');
    expect(await runsIn(stage, nights)).toEqual([]);
  });
});

describe('a fan-out over schedules', () => {
  test('goes on past a schedule that cannot be followed, and says so', async () => {
    const stage = await openControl();
    await schedule(stage, 'broken', 'UTC', { cron: '0 2 * * *' });
    await schedule(stage, 'sound', 'UTC', { cron: '0 2 * * *' });
    await stage.store.transaction(async (transaction) => {
      const known = await readCustomer(transaction, 'broken');
      if (known === undefined || known.schedule === null) throw new Error('not registered');
      const { createdAt: _, ...customer } = known;
      putCustomer(transaction, { ...customer, schedule: { ...known.schedule, cron: '99 2 * * *' } }, false);
    });
    await createPlayer(stage, hourMs).passUntil('2026-01-01T12:00:00Z');

    expect(await runsIn(stage, nights)).toEqual(['sound/sis 2026-01-01 2026-01-01T02:00']);
    expect(await leftOut(stage, '2026-01-01')).toMatchObject([
      { who: 'broken/sis', reason: 'schedule_invalid', note: expect.stringContaining('minute: 99') },
    ]);
    expect(stage.logged.join('').split('An integration has no nightly run')).toHaveLength(2);
    // What is stored is shown, whatever one would say of it today.
    expect(await stage.result('customers.list.v1', {})).toMatchObject({
      customers: [{ schedule: { cron: '99 2 * * *' } }, {}],
    });
  });

  test('killed at any of its effects and made again ends as one that was left alone', async () => {
    const undisturbed = await liveThrough(undefined);
    expect(undisturbed.runs).toHaveLength(4);
    expect(undisturbed.leftOut).toHaveLength(2);
    expect(undisturbed.effects).toBeGreaterThan(12);
    for (let effect = 1; effect <= undisturbed.effects; effect++) {
      for (const moment of ['before', 'after'] as const) {
        const { runs, leftOut: omitted } = await liveThrough({ effect, moment });
        expect({ runs, omitted }, `killed ${moment} effect ${effect}`).toEqual({
          runs: undisturbed.runs,
          omitted: undisturbed.leftOut,
        });
      }
    }
  });
});

/** A day of two integrations, of which one is paused, that dies where it is told to; what failed is delivered again. */
async function liveThrough(
  diesAt: { readonly effect: number; readonly moment: 'before' | 'after' } | undefined,
) {
  let isArmed = false;
  let isDead = false;
  let effects = 0;
  const stage = await openControl({
    onEffect(moment) {
      if (!isArmed) return;
      if (moment === 'before' && !isDead) effects++;
      if (diesAt?.effect === effects && diesAt.moment === moment) isDead = true;
      if (isDead) throw new Error('kill -9');
    },
  });
  await schedule(stage, 'a', 'UTC', { cron: '0 0,20 * * *' }, ['one', 'two', 'paused']);
  await pause(stage, 'a', 'paused');
  isArmed = true;
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      await stage.result('nightly.run.v1', { night: '2026-01-01' });
      await createPlayer(stage).passUntil('2026-01-01T20:00:00Z');
      break;
    } catch (thrown) {
      if (!isDead) throw thrown;
      [isArmed, isDead] = [false, false];
    }
  }
  isArmed = false;
  return { effects, runs: await runsIn(stage, ['2026-01-01']), leftOut: await leftOut(stage, '2026-01-01') };
}
