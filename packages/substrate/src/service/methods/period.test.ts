import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { periodParams, readPeriod } from './period.ts';

const Period = z.strictObject(periodParams);

describe('a period', () => {
  test('of dates is from the beginning of the first to the end of the last on the customer’s clock', () => {
    const dates = Period.parse({ since: '2026-03-07', until: '2026-03-08' });
    expect(readPeriod(dates, 'America/Chicago')).toEqual({
      since: '2026-03-07T06:00:00.000Z',
      until: '2026-03-09T05:00:00.000Z',
    });
  });

  test('of moments is what they say, in UTC', () => {
    const moments = Period.parse({ since: '2026-03-07T06:00:00+02:00' });
    expect(readPeriod(moments, 'America/Chicago')).toEqual({ since: '2026-03-07T04:00:00.000Z' });
  });

  test.each(['9999-12-31', '0001-01-01T00:00:00+14:00', '2026-02-30'])(
    'is refused where no store could take it: %s',
    (until) => {
      expect(Period.safeParse({ until }).success).toBe(false);
    },
  );
});
