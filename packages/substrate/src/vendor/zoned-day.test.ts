import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Id } from './lenient.ts';
import { recordShape } from './record-shape.ts';
import { dayBegins, dayEnds, zonedDay } from './zoned-day.ts';

const pacific = 'America/Los_Angeles';
const { wire } = recordShape({ id: Id })('enrollment', {
  userSourcedId: Id,
  classSourcedId: Id,
  role: Id.transform(() => 'student' as const),
  beginDate: zonedDay('start_at', 'start_date'),
});

function read(members: object) {
  const parsed = wire.safeParse({ id: '1', userSourcedId: '2', classSourcedId: '3', role: 's', ...members });
  const { data } = parsed;
  return parsed.error?.issues[0]?.message ?? (data && 'value' in data ? data.value.beginDate : undefined);
}

describe('the day of a moment', () => {
  test.each([
    [{ start_at: '2026-01-05T07:59:59Z', time_zone: pacific }, '2026-01-04'],
    [{ start_at: '2026-01-05T08:00:00Z', time_zone: pacific }, '2026-01-05'],
    [{ start_at: '2026-07-05T07:00:00Z', time_zone: pacific }, '2026-07-05'],
    [{ start_at: '2026-07-05T07:00:00Z' }, '2026-07-05'],
    [{ start_at: null, start_date: '2026-07-05T07:00:00Z' }, '2026-07-05'],
    [{}, undefined],
    [{ start_at: 'soon' }, '"soon" is not an ISO 8601 date and time'],
    [{ start_at: '2026-07-05', time_zone: 'Mountain Time (US & Canada)' }, 'is no time zone'],
  ])('of %j is %s', (members, day) => {
    expect(read(members)).toBe(day);
  });
});

describe('a day', () => {
  test.each([
    ['2026-01-05', pacific, '2026-01-05T08:00:00.000Z', '2026-01-06T07:59:00.000Z'],
    ['2026-03-08', pacific, '2026-03-08T08:00:00.000Z', '2026-03-09T06:59:00.000Z'],
    ['2026-11-01', pacific, '2026-11-01T07:00:00.000Z', '2026-11-02T07:59:00.000Z'],
    ['2026-11-01', undefined, '2026-11-01T00:00:00.000Z', '2026-11-01T23:59:00.000Z'],
    // Clocks go forward at midnight.
    ['2026-04-24', 'Africa/Cairo', '2026-04-23T22:00:00.000Z', '2026-04-24T20:59:00.000Z'],
  ])('%s in %s lasts from %s to %s', (day, zone, begins, ends) => {
    expect([dayBegins(day, zone), dayEnds(day, zone)]).toEqual([begins, ends]);
  });

  test('stays at the minute that is kept, unless that is on another day', () => {
    const kept = '2026-01-05T15:30:00Z';
    expect([dayBegins('2026-01-05', pacific, kept), dayEnds('2026-01-05', pacific, kept)]).toEqual([
      kept,
      kept,
    ]);
    expect(dayBegins('2026-01-06', pacific, kept)).toBe('2026-01-06T08:00:00.000Z');
    expect(dayEnds('2026-01-04', pacific, kept)).toBe('2026-01-05T07:59:00.000Z');
  });

  test('is read again from when it begins, and from when it ends', () => {
    const zones = [pacific, 'UTC', 'Asia/Kolkata', 'Africa/Cairo', 'Pacific/Apia', 'America/Santiago'];
    const days = fc.date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(days, fc.constantFrom(...zones), (date, time_zone) => {
        const day = date.toISOString().slice(0, 10);
        expect(read({ start_at: dayBegins(day, time_zone), time_zone })).toBe(day);
        expect(read({ start_at: dayEnds(day, time_zone), time_zone })).toBe(day);
      }),
      { numRuns: 200 },
    );
  });
});
