import { z } from 'zod';

/** The account's zone, which every list of dated records implies. */
export const zoned = { time_zone: z.string().refine(isZone, 'is no time zone').optional() };

/** Pure. Whether it is the name of a zone by IANA. */
export function isZone(name: string): boolean {
  try {
    return formatOf(name) !== undefined;
  } catch {
    return false;
  }
}

/**
 * Pure. The day of a moment. Canvas keeps days as moments, midnight or one minute before it in the account's zone, and shows them in UTC:
 * without the zone many would be the day before or after.
 */
export function dayIn(moment: string | undefined, zone = 'UTC'): string | undefined {
  return moment === undefined ? undefined : formatOf(zone).format(new Date(moment));
}

// Made once for each zone: it takes long.
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  // Canadians write dates as ISO 8601 does.
  const digits = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  const made = new Intl.DateTimeFormat('en-CA', { timeZone, ...digits });
  formats.set(timeZone, made);
  return made;
}
