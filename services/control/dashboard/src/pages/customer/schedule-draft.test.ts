import { describe, expect, test } from 'vitest';
import { toDraft, toSchedule } from './schedule-draft.ts';

const customer = { customerId: 'a', name: 'A', timeZone: 'UTC', createdAt: '2026-01-01T00:00:00Z' };

describe('a schedule', () => {
  test('that was not touched is saved as it was', () => {
    const schedule = {
      cron: '30 2 * * 1-5',
      jitterMinutes: 45,
      blackoutDates: ['2026-11-26', { from: '2026-12-21', to: '2027-01-01', note: 'Winter break' }],
    };
    expect(toSchedule(toDraft({ ...customer, schedule }))).toEqual(schedule);
    expect(toSchedule(toDraft({ ...customer, schedule: { ...schedule, cron: '0 1 1 * *' } }))).toEqual({
      ...schedule,
      cron: '0 1 1 * *',
    });
    expect(toSchedule(toDraft({ ...customer, schedule: null }))).toBeNull();
  });

  test('leaves out blackout dates that are still empty, and notes of blanks', () => {
    const draft = toDraft({
      ...customer,
      schedule: { cron: '0 1 * * *', jitterMinutes: 0, blackoutDates: [] },
    });
    const blackouts = [
      { id: 0, from: '', to: '', note: 'not yet' },
      { id: 1, from: '2026-05-01', to: '', note: '  ' },
      { id: 2, from: '2026-06-01', to: '2026-06-02', note: '' },
    ];
    expect(toSchedule({ ...draft, blackouts })?.blackoutDates).toEqual([
      '2026-05-01',
      { from: '2026-06-01', to: '2026-06-02' },
    ]);
  });
});
