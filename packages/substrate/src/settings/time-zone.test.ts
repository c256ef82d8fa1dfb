import { describe, expect, test } from 'vitest';
import { createLocalClock, startOfDate, TimeZone } from './time-zone.ts';

describe('a local clock', () => {
  test.each([
    ['UTC', '2026-01-01T00:00:00Z', '2026-01-01', '2026-01-01T00:00:00+00:00'],
    ['Asia/Kathmandu', '2025-12-31T23:00:00Z', '2026-01-01', '2026-01-01T04:45:00+05:45'],
    ['America/St_Johns', '2026-01-01T03:29:59Z', '2025-12-31', '2025-12-31T23:59:59-03:30'],
    ['Europe/Paris', '2026-03-29T00:59:59Z', '2026-03-29', '2026-03-29T01:59:59+01:00'],
    ['Europe/Paris', '2026-03-29T01:00:00Z', '2026-03-29', '2026-03-29T03:00:00+02:00'],
    ['Europe/London', '2026-01-01T12:00:00Z', '2026-01-01', '2026-01-01T12:00:00+00:00'],
    ['Pacific/Kiritimati', '2026-01-01T10:00:00Z', '2026-01-02', '2026-01-02T00:00:00+14:00'],
  ])('of %s shows at %s the date %s and %s', (timeZone, at, date, text) => {
    expect(createLocalClock(timeZone)(Date.parse(at))).toEqual({ date, text });
    expect(new Date(text).getTime()).toBe(Date.parse(at));
  });
});

test.each([
  ['UTC', '2026-01-01', '2026-01-01T00:00:00.000Z'],
  ['America/Chicago', '2026-03-08', '2026-03-08T06:00:00.000Z'],
  ['America/Chicago', '2026-03-09', '2026-03-09T05:00:00.000Z'],
  ['Pacific/Kiritimati', '2026-01-02', '2026-01-01T10:00:00.000Z'],
  ['Etc/GMT+12', '2026-01-01', '2026-01-01T12:00:00.000Z'],
  // There the clocks of spring go from 23:59 to 01:00; and Samoa had no 30 December.
  ['America/Santiago', '2026-09-06', '2026-09-06T04:00:00.000Z'],
  ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00.000Z'],
])('in %s the date %s begins at %s', (timeZone, date, moment) => {
  expect(new Date(startOfDate(timeZone, date)).toISOString()).toBe(moment);
});

describe('a time zone', () => {
  test.each(['UTC', 'America/Indiana/Indianapolis', 'US/Central', 'Australia/Lord_Howe'])(
    'may be %s',
    (name) => {
      expect(TimeZone.safeParse(name).success).toBe(true);
    },
  );

  test.each(['', 'Mars/Olympus', '+02:00', '-06:00', 'CST in winter', 'Europe/Paris '])(
    'is not %j',
    (name) => {
      expect(TimeZone.safeParse(name).error?.issues[0]?.message).toBe(
        'an IANA time zone, such as America/Chicago',
      );
    },
  );
});
