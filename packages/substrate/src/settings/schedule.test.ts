import { describe, expect, test } from 'vitest';
import {
  blackoutOn,
  type Occurrence,
  occurrencesAfter,
  occurrencesOn,
  placeOf,
  Schedule,
  startOf,
} from './schedule.ts';
import { createLocalClock } from './time-zone.ts';

/** Local times with their offsets, as a person in the zone would write them. */
function localTimes(occurrences: Iterable<Occurrence>, timeZone: string): readonly string[] {
  const clock = createLocalClock(timeZone);
  return Array.from(occurrences, ({ at }) => clock(at).text);
}

function on(cron: string, timeZone: string, night: string): readonly string[] {
  return localTimes(occurrencesOn({ cron }, timeZone, night), timeZone);
}

describe('the occurrences on a date', () => {
  test.each([
    ['30 2 * * *', 'UTC', '2026-01-01', ['2026-01-01T02:30:00+00:00']],
    // The dates of the farthest zones begin 26 hours apart.
    ['0 0 * * *', 'Pacific/Kiritimati', '2026-01-01', ['2026-01-01T00:00:00+14:00']],
    ['59 23 * * *', 'Pacific/Kiritimati', '2026-01-01', ['2026-01-01T23:59:00+14:00']],
    ['0 0 * * *', 'Etc/GMT+12', '2026-01-01', ['2026-01-01T00:00:00-12:00']],
    ['59 23 * * *', 'Etc/GMT+12', '2026-01-01', ['2026-01-01T23:59:00-12:00']],
    ['15 3 * * *', 'Asia/Kathmandu', '2026-01-01', ['2026-01-01T03:15:00+05:45']],
    ['0 2,14 * * *', 'UTC', '2026-01-01', ['2026-01-01T02:00:00+00:00', '2026-01-01T14:00:00+00:00']],
    ['0 2 * * MON-FRI', 'UTC', '2026-01-02', ['2026-01-02T02:00:00+00:00']],
    ['0 2 * * MON-FRI', 'UTC', '2026-01-03', []],
    ['0 2 L * *', 'UTC', '2028-02-29', ['2028-02-29T02:00:00+00:00']],
    ['0 2 29 2 *', 'UTC', '2027-02-28', []],
    // Samoa went from 29 to 31 December 2011: this date never was.
    ['0 2 * * *', 'Pacific/Apia', '2011-12-30', []],
    // The clocks go from 23:00 to midnight: what comes after the gap is the next date (docs/decisions/0011).
    ['30 23 * * *', 'America/Nuuk', '2026-03-28', []],
    ['30 22 * * *', 'America/Nuuk', '2026-03-28', ['2026-03-28T22:30:00-02:00']],
    ['0 2 * * *', 'Pacific/Apia', '2011-12-31', ['2011-12-31T02:00:00+14:00']],
  ])('of %s in %s on %s are those that its clock shows', (cron, timeZone, night, expected) => {
    expect(on(cron, timeZone, night)).toEqual(expected);
  });

  test.each([
    ['Europe/Paris', '2026-03-29', '30 2 * * *', ['2026-03-29T03:00:00+02:00']],
    ['America/New_York', '2026-03-08', '30 2 * * *', ['2026-03-08T03:00:00-04:00']],
    ['Australia/Lord_Howe', '2026-10-04', '15 2 * * *', ['2026-10-04T02:30:00+11:00']],
    // At midnight: the night stays on its own date.
    ['America/Santiago', '2026-09-06', '0 0 * * *', ['2026-09-06T01:00:00-03:00']],
    // One of several times is skipped: the others stay.
    [
      'Europe/Paris',
      '2026-03-29',
      '30 2,14 * * *',
      ['2026-03-29T03:00:00+02:00', '2026-03-29T14:30:00+02:00'],
    ],
    // Two that meet at the end of the gap are one.
    ['Europe/Paris', '2026-03-29', '0 2,3 * * *', ['2026-03-29T03:00:00+02:00']],
  ])(
    'in %s on %s: a time that the clocks skip comes right after the gap',
    (timeZone, night, cron, expected) => {
      expect(on(cron, timeZone, night)).toEqual(expected);
    },
  );

  test.each([
    ['Europe/Paris', '2026-10-25', '30 2 * * *', ['2026-10-25T02:30:00+02:00']],
    ['America/New_York', '2026-11-01', '30 1 * * *', ['2026-11-01T01:30:00-04:00']],
    ['Australia/Lord_Howe', '2026-04-05', '45 1 * * *', ['2026-04-05T01:45:00+11:00']],
  ])(
    'in %s on %s: a time that the clocks repeat comes once, the first time',
    (timeZone, night, cron, expected) => {
      expect(on(cron, timeZone, night)).toEqual(expected);
    },
  );

  test('of every hour leave a skipped hour out and follow a repeated one twice, so that they stay an hour apart', () => {
    const spring = occurrencesOn({ cron: '0 * * * *' }, 'Europe/Paris', '2026-03-29');
    const autumn = occurrencesOn({ cron: '0 * * * *' }, 'Europe/Paris', '2026-10-25');
    expect([spring.length, autumn.length]).toEqual([23, 25]);
    for (const hours of [spring, autumn]) {
      const gaps = hours.slice(1).map(({ at }, index) => at - (hours[index]?.at ?? 0));
      expect(new Set(gaps)).toEqual(new Set([3_600_000]));
    }
  });

  // Every date of a year, in zones of all kinds: a night is lost or doubled on none of them.
  test.each([
    'Europe/Paris',
    'America/New_York',
    'Australia/Lord_Howe',
    'America/Santiago',
    'Pacific/Chatham',
    'Africa/Casablanca',
    'Pacific/Kiritimati',
    'Etc/GMT+12',
  ])(
    'are one a date all year round in %s, also at times in the gaps, and together they are all there are',
    (timeZone) => {
      for (const cron of ['30 2 * * *', '0 0 * * *', '15 2 * * *', '45 1 * * *']) {
        const nights = Array.from({ length: 365 }, (_, day) =>
          new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10),
        );
        const byDate = nights.map((night) => occurrencesOn({ cron }, timeZone, night));
        expect(byDate.map(({ length }) => length)).toEqual(nights.map(() => 1));

        const [first] = byDate.flat();
        const walked = occurrencesAfter({ cron }, timeZone, (first?.at ?? 0) - 1);
        expect(walked.take(365).toArray()).toEqual(byDate.flat());
      }
    },
  );
});

describe('occurrences after a moment', () => {
  test('do not include the moment itself', () => {
    const at = Date.parse('2026-01-01T02:30:00Z');
    const first = (after: number) => occurrencesAfter({ cron: '30 2 * * *' }, 'UTC', after).next().value?.at;
    expect(first(at - 1)).toBe(at);
    expect(first(at)).toBe(at + 24 * 3_600_000);
  });

  test('end for a line that comes no more', () => {
    expect([...occurrencesAfter({ cron: '0 2 30 2 *' }, 'UTC', 0)]).toEqual([]);
  });
});

describe('a blackout', () => {
  const { blackoutDates } = Schedule.parse({
    cron: '0 2 * * *',
    blackoutDates: [
      '2026-11-26',
      { from: '2026-12-21', to: '2027-01-01', note: 'Winter break' },
      { from: '2026-12-24', note: 'Christmas Eve' },
      { from: '2027-02-15' },
    ],
  });

  test.each([
    ['2026-11-25', undefined],
    ['2026-11-26', { from: '2026-11-26', to: '2026-11-26', note: null }],
    ['2026-11-27', undefined],
    ['2026-12-20', undefined],
    ['2026-12-21', { from: '2026-12-21', to: '2027-01-01', note: 'Winter break' }],
    // In two of them: the one that lasts longer says more.
    ['2026-12-24', { from: '2026-12-21', to: '2027-01-01', note: 'Winter break' }],
    ['2027-01-01', { from: '2026-12-21', to: '2027-01-01', note: 'Winter break' }],
    ['2027-01-02', undefined],
    ['2027-02-15', { from: '2027-02-15', to: '2027-02-15', note: null }],
  ])('holds on its dates and no others: %s', (date, expected) => {
    expect(blackoutOn({ blackoutDates }, date)).toEqual(expected);
  });
});

describe('jitter', () => {
  const integrations = Array.from({ length: 400 }, (_, index) => ({
    customerId: 'springfield',
    integrationId: `i${index}`,
  }));

  test('gives each integration the same place every night, and spreads them evenly', () => {
    const places = integrations.map(placeOf);
    expect(integrations.map(placeOf)).toEqual(places);
    for (const quarter of [0, 1, 2, 3]) {
      const inIt = places.filter((place) => Math.floor(place * 4) === quarter);
      expect(inIt.length).toBeGreaterThan(70);
      expect(inIt.length).toBeLessThan(130);
    }
  });

  test('moves a start by less than its minutes, and by nothing where there is none', () => {
    for (const integration of integrations) {
      const moved = startOf({ jitterMinutes: 30 }, integration, { at: 1_000 }) - 1_000;
      expect(moved).toBeGreaterThanOrEqual(0);
      expect(moved).toBeLessThan(30 * 60_000);
      expect(startOf({ jitterMinutes: 0 }, integration, { at: 1_000 })).toBe(1_000);
    }
  });
});

describe('a schedule', () => {
  test('needs a cron line only', () => {
    expect(Schedule.parse({ cron: '30 2 * * 1-5' })).toEqual({
      cron: '30 2 * * 1-5',
      jitterMinutes: 0,
      blackoutDates: [],
    });
  });

  test.each([
    [{ cron: '' }, '/cron', 'five fields'],
    [{ cron: '30 2 * *' }, '/cron', 'here are 4'],
    [{ cron: '0 30 2 * * *' }, '/cron', 'here are 6'],
    [{ cron: '@daily' }, '/cron', 'five fields'],
    [{ cron: '60 2 * * *' }, '/cron', 'Invalid value for minute: 60'],
    [{ cron: '0 24 * * *' }, '/cron', 'Invalid value for hour: 24'],
    [{ cron: '0 2 * * MOON' }, '/cron', 'weekday (0-7 or MON-SUN)'],
    [{ cron: 'at half past two or' }, '/cron', 'illegal characters'],
    [{ cron: '0 2 30 2 *' }, '/cron', 'it never comes'],
    [{ cron: '* * * * *' }, '/cron', '1440 times a day; at most 24'],
    [{ cron: '0,30 * * * *' }, '/cron', '48 times a day'],
    [{ cron: '0 2 * * *', jitterMinutes: -1 }, '/jitterMinutes', '>=0'],
    [{ cron: '0 2 * * *', jitterMinutes: 721 }, '/jitterMinutes', '<=720'],
    [{ cron: '0 2 * * *', jitterMinutes: 1.5 }, '/jitterMinutes', 'int'],
    [{ cron: '0 2 * * *', blackoutDates: ['2026-02-30'] }, '/blackoutDates/0', 'a date, such as 2026-12-24'],
    [{ cron: '0 2 * * *', blackoutDates: ['Christmas'] }, '/blackoutDates/0', 'a date, such as 2026-12-24'],
    [{ cron: '0 2 * * *', blackoutDates: [{ to: '2026-12-24' }] }, '/blackoutDates/0', '{"from": date'],
    [
      { cron: '0 2 * * *', blackoutDates: [{ from: '2026-12-24', to: '2026-12-23' }] },
      '/blackoutDates/0/to',
      'not before `from`',
    ],
  ])('is refused as %j, saying where and what to do', (wrong, pointer, says) => {
    const { error } = Schedule.safeParse(wrong);
    expect(error?.issues.map(({ path }) => `/${path.join('/')}`)).toEqual([pointer]);
    expect(error?.issues[0]?.message).toContain(says);
  });

  test.each([
    '0 2 * * *',
    '0 * * * *',
    '0,30 1-3 * * MON-FRI',
    '15 4 1,15 * *',
    '0 3 * * SUN#1',
    '0 2 29 2 *',
  ])('may come as %s', (cron) => {
    expect(Schedule.safeParse({ cron }).success).toBe(true);
  });
});
