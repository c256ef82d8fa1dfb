import { describe, expect, test } from 'vitest';
import { dayAndTime } from './day-and-time.ts';
import { readPlace, toWireMembers } from './record-shape.ts';

const due = dayAndTime('day', 'at');

/** What is read of a record, or where it cannot be read. */
function read(record: object): unknown {
  const { success, issues, ...held } = readPlace(due, record);
  return success ? ('data' in held ? held.data : undefined) : issues.map(({ path }) => path.join('.'));
}

describe('a day and a time of it', () => {
  test('are one moment in UTC', () => {
    expect(read({ day: '2026-01-09', at: '23:59:00' })).toBe('2026-01-09T23:59:00.000Z');
    expect(read({ day: '2026-01-09', at: null })).toBe('2026-01-09T00:00:00.000Z');
    expect(read({ at: '23:59:00' })).toBeUndefined();
  });

  test('are refused where one of them is neither', () => {
    expect(read({ day: '9 January' })).toEqual(['day']);
    expect(read({ day: '2026-01-09', at: 'noon' })).toEqual(['at']);
  });

  test('are written both, whatever zone the moment is spelled in, or taken out', () => {
    const written = (moment?: string) =>
      toWireMembers<{ due?: string }>(
        { due },
        moment === undefined ? {} : { due: moment },
        ['due'],
        undefined,
        {},
      );
    expect(written('2026-01-10T00:30:00+01:00')).toEqual({ day: '2026-01-09', at: '23:30:00' });
    expect(written()).toEqual({ day: undefined, at: undefined });
  });
});
