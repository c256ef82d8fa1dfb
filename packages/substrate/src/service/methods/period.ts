import { z } from 'zod';
import { startOfDate } from '../../settings/time-zone.ts';

const Moment = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], {
    error: 'a date (2026-01-31) or a moment (2026-01-31T07:00:00Z)',
  })
  // The day after the last of 9999 has a year of five digits, which no store takes.
  .refine((text) => /^(?:19|2\d)/.test(text), 'a year from 1900 to 2999');

/** Parameters of listings that can be held to a time. */
export const periodParams = {
  since: Moment.optional().describe(
    "A moment, or a date: then from its beginning in the customer's time zone",
  ),
  until: Moment.optional().describe(
    "A moment, itself not included; or a date: then until its end in the customer's time zone",
  ),
};

export interface Period {
  readonly since?: string;
  readonly until?: string;
}

/** Pure. From one moment up to and without another one, as moments are stored (UTC, with milliseconds). */
export function readPeriod(
  { since, until }: { readonly since?: string | undefined; readonly until?: string | undefined },
  timeZone: string,
): Period {
  return {
    ...(since === undefined ? {} : { since: toMoment(since, timeZone, 0) }),
    ...(until === undefined ? {} : { until: toMoment(until, timeZone, 1) }),
  };
}

/** Of a date its beginning, or that of the date so many days later. */
function toMoment(text: string, timeZone: string, days: number): string {
  if (text.includes('T')) return new Date(text).toISOString();
  const date = new Date(Date.parse(text) + days * 86_400_000).toISOString().slice(0, 10);
  return new Date(startOfDate(timeZone, date)).toISOString();
}
