import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { describe, expect, test } from 'vitest';
import { openControl } from '../control.fixture.ts';

describe('customers.get', () => {
  test('shows the one that was asked for, and refuses one that is not there', async () => {
    const stage = await openControl();
    await stage.result('customers.put.v1', { customerId: 'springfield', name: 'Springfield' });

    expect(await stage.result('customers.get.v1', { customerId: 'springfield' })).toMatchObject({
      name: 'Springfield',
      timeZone: 'UTC',
      schedule: null,
    });
    const { error } = await stage.call('customers.get.v1', { customerId: 'shelbyville' });
    expect(error?.data.code).toBe('not_found');
  });
});

describe('customers.put', () => {
  test('registers a customer in UTC, and says that it was not there before', async () => {
    const stage = await openControl();

    const answer = await stage.result('customers.put.v1', { customerId: 'springfield', name: 'Springfield' });

    expect(answer).toEqual({ created: true });
    expect(await stage.result('customers.list.v1', {})).toEqual({
      customers: [
        {
          customerId: 'springfield',
          name: 'Springfield',
          timeZone: 'UTC',
          schedule: null,
          nameVersion: 0,
          scheduleVersion: 0,
          createdAt: expect.stringMatching(/^2026-01-01T00:00:00/),
          standing: { integrations: 0, paused: 0, byLastRun: {}, lastRunAt: null, openConflicts: 0 },
        },
      ],
      next: null,
    });
  });

  test('changes the name and zone of one that is there, and nothing else about it', async () => {
    const stage = await openControl();
    const springfield = { customerId: 'springfield', name: 'Springfield', timeZone: 'America/Chicago' };
    await stage.result('customers.put.v1', springfield);
    const before = await stage.result('customers.list.v1', {});
    await stage.clock.advance(60_000);

    const changed = { ...springfield, name: 'Springfield Unified', timeZone: 'America/Denver' };
    expect(await stage.result('customers.put.v1', changed)).toEqual({ created: false });

    expect(await stage.result('customers.list.v1', {})).toMatchObject({
      customers: [{ ...changed, createdAt: (before.customers as { createdAt: string }[])[0]?.createdAt }],
    });
  });

  test('keeps the time zone and the schedule that are left out, replaces the schedule whole, and removes it for null', async () => {
    const stage = await openControl();
    const put = (changes: JsonObject) =>
      stage.result('customers.put.v1', { customerId: 'springfield', name: 'Springfield', ...changes });
    const shown = async () => {
      const { customers } = await stage.result('customers.list.v1', {});
      const [customer] = customers as readonly JsonObject[];
      return { timeZone: customer?.timeZone, schedule: customer?.schedule };
    };
    const timeZone = 'America/Chicago';
    const blackoutDates = ['2026-11-26', { from: '2026-12-21', to: '2027-01-01', note: 'Winter break' }];
    const schedule = { cron: '30 2 * * *', jitterMinutes: 45, blackoutDates };

    await put({ timeZone, schedule });
    expect(await shown()).toEqual({ timeZone, schedule });
    await put({ name: 'Springfield Unified' });
    expect(await shown()).toEqual({ timeZone, schedule });
    await put({ schedule: { cron: '0 3 * * *' } });
    expect(await shown()).toEqual({
      timeZone,
      schedule: { cron: '0 3 * * *', jitterMinutes: 0, blackoutDates: [] },
    });
    await put({ schedule: null });
    expect(await shown()).toEqual({ timeZone, schedule: null });
  });

  test('registers nobody anew over one that is there, where it is only to register, and nobody without a name', async () => {
    const stage = await openControl();
    const springfield = { customerId: 'springfield', name: 'Springfield', timeZone: 'America/Chicago' };
    expect(await stage.result('customers.put.v1', { ...springfield, isNew: true })).toEqual({
      created: true,
    });

    const again = { customerId: 'springfield', name: 'Another Springfield', isNew: true };
    const { error } = await stage.call('customers.put.v1', again);

    expect(error?.data).toMatchObject({ code: 'already_exists', name: 'Springfield' });
    await stage.result('customers.put.v1', { customerId: 'springfield', schedule: { cron: '0 3 * * *' } });
    expect(await stage.result('customers.get.v1', { customerId: 'springfield' })).toMatchObject(springfield);
    const { error: nameless } = await stage.call('customers.put.v1', { customerId: 'shelbyville' });
    expect(nameless?.data).toMatchObject({ code: 'invalid_params', issues: [{ pointer: '/name' }] });
  });

  test('changes no schedule that was changed after it was seen, nor a name, while the one is in nobody’s way who changes the other', async () => {
    const stage = await openControl();
    const customerId = 'springfield';
    await stage.result('customers.put.v1', { customerId, name: 'Springfield' });
    const put = (changes: JsonObject) => stage.call('customers.put.v1', { customerId, ...changes });
    const schedule = { cron: '0 3 * * *' };

    const answers = await Promise.all([
      put({ schedule, ifScheduleVersion: 0 }),
      put({ timeZone: 'America/Chicago', ifScheduleVersion: 0 }),
      put({ name: 'Springfield Unified', ifNameVersion: 0 }),
    ]);

    const [refused, ...others] = answers.flatMap(({ error }) => error ?? []);
    expect(others).toEqual([]);
    expect(refused?.data).toMatchObject({
      code: 'stale_version',
      what: 'schedule',
      expected: 0,
      found: 1,
      advice: expect.stringContaining('customers.get.v1'),
    });
    const now = { name: 'Springfield Unified', nameVersion: 1, scheduleVersion: 1 };
    expect(await stage.result('customers.get.v1', { customerId })).toMatchObject(now);
    expect((await put({ name: 'Springfield', ifNameVersion: 0 })).error?.data).toMatchObject({
      code: 'stale_version',
      what: 'name',
    });

    // The same once more is no change; without a version, whatever stands is replaced.
    await put({ name: 'Springfield Unified', ifNameVersion: 1 });
    expect(await stage.result('customers.get.v1', { customerId })).toMatchObject(now);
    await put({ timeZone: 'America/Denver', schedule });
    expect(await stage.result('customers.get.v1', { customerId })).toMatchObject({
      nameVersion: 1,
      scheduleVersion: 2,
    });
    const unknown = { customerId: 'shelbyville', name: 'Shelbyville', ifNameVersion: 0 };
    expect((await stage.call('customers.put.v1', unknown)).error?.data.code).toBe('not_found');
  });

  test('makes one customer of two calls at the same moment', async () => {
    const stage = await openControl();
    const put = () => stage.result('customers.put.v1', { customerId: 'springfield', name: 'Springfield' });

    const answers = await Promise.all([put(), put(), put()]);

    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    expect((await stage.result('customers.list.v1', {})).customers).toHaveLength(1);
  });

  test.each([
    'UTC',
    'America/Chicago',
    // Where the clocks of schools in Indiana and Kentucky really are; ICU lists them under older names.
    'America/Indiana/Indianapolis',
    'America/Kentucky/Louisville',
    'Asia/Kolkata',
    'US/Central',
  ])('takes the time zone %s', async (timeZone) => {
    const stage = await openControl();
    const customer = { customerId: 'springfield', name: 'Springfield', timeZone };
    expect(await stage.result('customers.put.v1', customer)).toEqual({ created: true });
  });

  test.each([
    [{ timeZone: 'Mars/Olympus' }, '/timeZone'],
    [{ timeZone: 'CST in winter' }, '/timeZone'],
    [{ timeZone: '-06:00' }, '/timeZone'],
    [{ timeZone: '' }, '/timeZone'],
    [{ customerId: '' }, '/customerId'],
    [{ customerId: '../shelbyville' }, '/customerId'],
    [{ customerId: 'a b' }, '/customerId'],
    [{ customerId: 'a'.repeat(64) }, '/customerId'],
    [{ customerId: 'springfield\n' }, '/customerId'],
    [{ name: '' }, '/name'],
    [{ name: 'n'.repeat(201) }, '/name'],
    [{ name: 'half an emoji: \ud83d' }, '/name'],
    [{ timezone: 'UTC' }, '/timezone'],
    [{ schedule: '0 2 * * *' }, '/schedule'],
    [{ schedule: {} }, '/schedule/cron'],
    [{ schedule: { cron: '0 2 * *' } }, '/schedule/cron'],
    [{ schedule: { cron: '* * * * *' } }, '/schedule/cron'],
    [{ schedule: { cron: '0 2 * * *', jitter: 5 } }, '/schedule/jitter'],
    [{ schedule: { cron: '0 2 * * *', jitterMinutes: -5 } }, '/schedule/jitterMinutes'],
    [{ schedule: { cron: '0 2 * * *', blackoutDates: ['12/24/2026'] } }, '/schedule/blackoutDates/0'],
    [
      {
        schedule: {
          cron: '0 2 * * *',
          blackoutDates: ['2026-12-24', { from: '2026-12-31', to: '2026-12-30' }],
        },
      },
      '/schedule/blackoutDates/1/to',
    ],
  ])('refuses %j, saying where', async (wrong, pointer) => {
    const stage = await openControl();

    const { error } = await stage.call('customers.put.v1', {
      customerId: 'springfield',
      name: 'Springfield',
      ...wrong,
    });

    expect(error).toMatchObject({ data: { code: 'invalid_params', issues: [{ pointer }] } });
    expect(await stage.result('customers.list.v1', {})).toEqual({ customers: [], next: null });
  });
});

describe('customers.list', () => {
  test('shows every customer once, in order of the ids, a page at a time', async () => {
    const stage = await openControl();
    const ids = ['b', 'd', 'a', 'e', 'c'];
    for (const customerId of ids) await stage.result('customers.put.v1', { customerId, name: 'A district' });

    const pages: string[][] = [];
    let after: string | undefined;
    do {
      const params = { limit: 2, ...(after === undefined ? {} : { after }) };
      const page = await stage.result('customers.list.v1', params);
      pages.push((page.customers as { customerId: string }[]).map(({ customerId }) => customerId));
      after = (page.next as string | null) ?? undefined;
    } while (after !== undefined);

    expect(pages).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  test('goes on after a customer that is not there any more', async () => {
    const stage = await openControl();
    for (const customerId of ['a', 'c']) await stage.result('customers.put.v1', { customerId, name: 'A' });

    expect(await stage.result('customers.list.v1', { after: 'b' })).toMatchObject({
      customers: [{ customerId: 'c' }],
    });
  });

  test.each([0, -1, 1001, 1.5, '10'])('refuses a page of %j', async (limit) => {
    const stage = await openControl();
    expect((await stage.call('customers.list.v1', { limit })).error).toMatchObject({
      data: { issues: [{ pointer: '/limit' }] },
    });
  });
});
