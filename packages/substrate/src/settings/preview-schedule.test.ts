import { describe, expect, test } from 'vitest';
import { previewSchedule } from './preview-schedule.ts';
import { Schedule } from './schedule.ts';

const now = Date.parse('2026-12-18T12:00:00Z');

function preview(chosen: object, timeZone = 'UTC', count = 3, after = now) {
  const { occurrences, blackouts } = previewSchedule(Schedule.parse(chosen), timeZone, { after, now, count });
  return { times: occurrences.map(({ at }) => new Date(at).toISOString()), blackouts };
}

describe('a preview', () => {
  test('shows the next times', () => {
    expect(preview({ cron: '0 2 * * *' })).toEqual({
      times: ['2026-12-19T02:00:00.000Z', '2026-12-20T02:00:00.000Z', '2026-12-21T02:00:00.000Z'],
      blackouts: [],
    });
  });

  test.each(['UTC', 'Pacific/Kiritimati', 'Etc/GMT+12', 'Europe/Paris'])(
    'passes over blackouts and names them once, in %s as anywhere',
    (timeZone) => {
      const blackoutDates = [
        '2026-12-20',
        { from: '2026-12-21', to: '2027-01-01', note: 'Winter break' },
        { from: '2027-06-01', note: 'later than what is shown' },
      ];
      const { occurrences, blackouts } = previewSchedule(
        Schedule.parse({ cron: '30 0,23 * * *', blackoutDates }),
        timeZone,
        { after: Date.parse('2026-12-18T23:59:00Z'), now: Date.parse('2026-12-18T23:59:00Z'), count: 6 },
      );
      const nights = [...new Set(occurrences.map(({ night }) => night))];
      // Of the first date, either side of it may be over already.
      expect(nights.filter((night) => night > '2026-12-19').slice(0, 2)).toEqual([
        '2027-01-02',
        '2027-01-03',
      ]);
      expect(occurrences).toHaveLength(6);
      expect(blackouts).toEqual([
        { from: '2026-12-20', to: '2026-12-20', note: null },
        { from: '2026-12-21', to: '2027-01-01', note: 'Winter break' },
      ]);
    },
  );

  test('ends where nothing comes any more, and is quick about a blackout of centuries', () => {
    const blackoutDates = [{ from: '2026-01-01', to: '2999-12-31' }];
    expect(preview({ cron: '0 * * * *', blackoutDates })).toEqual({
      times: [],
      blackouts: [{ from: '2026-01-01', to: '2999-12-31', note: null }],
    });
  });

  test('looks back as far as it is told, so that a start whose jitter is not over yet is seen', () => {
    expect(preview({ cron: '0 11 * * *' }, 'UTC', 1, now - 2 * 3_600_000).times).toEqual([
      '2026-12-18T11:00:00.000Z',
      '2026-12-19T11:00:00.000Z',
    ]);
  });
});
