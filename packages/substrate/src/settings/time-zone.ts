import { z } from 'zod';

/** An IANA name. `Intl.supportedValuesOf` knows each zone by one name only, often an old one: not America/Indiana/Indianapolis. */
export const TimeZone = z.string().refine(isTimeZone, 'an IANA time zone, such as America/Chicago');

/** What calendar and clock of a zone show. */
export interface LocalTime {
  /** `YYYY-MM-DD` */
  readonly date: string;
  /** RFC 3339 with the zone's offset at that moment: `2026-03-29T03:00:00+02:00`. */
  readonly text: string;
}

/** Pure. Reads moments (milliseconds since 1970) on the clock of a zone. Making one costs 0.1 ms: keep it for the zone's other moments. */
export function createLocalClock(timeZone: string): (at: number) => LocalTime {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'longOffset',
  });
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const date = `${parts.get('year')?.padStart(4, '0')}-${parts.get('month')}-${parts.get('day')}`;
    const time = `${parts.get('hour')}:${parts.get('minute')}:${parts.get('second')}`;
    // `GMT+05:30`; of no offset some versions of ICU say `GMT+00:00`, others `GMT`.
    const offset = parts.get('timeZoneName')?.slice('GMT'.length) || '+00:00';
    return { date, text: `${date}T${time}${offset}` };
  };
}

/**
 * Pure. When a date (`YYYY-MM-DD`) begins in a zone, in milliseconds since 1970. Found by halving: zones change their clocks at midnight too,
 * and then there may be no 00:00, or two.
 */
export function startOfDate(timeZone: string, date: string): number {
  const clock = createLocalClock(timeZone);
  let before = Date.parse(date) - farthestEastMs - 1;
  let reached = Date.parse(date) + farthestWestMs;
  while (reached - before > 1) {
    const middle = Math.floor((before + reached) / 2);
    if (clock(middle).date < date) before = middle;
    else reached = middle;
  }
  return reached;
}

/** Zones lie between UTC-12 and UTC+14. */
export const farthestEastMs = 14 * 3_600_000;
const farthestWestMs = 12 * 3_600_000;

function isTimeZone(name: string): boolean {
  // Intl takes offsets for zones; they know no daylight saving.
  if (/^[+-]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
