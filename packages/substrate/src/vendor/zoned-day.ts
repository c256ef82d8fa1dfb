import { z } from 'zod';
import { createLocalClock, type LocalTime, TimeZone } from '../settings/time-zone.ts';
import { DateTime, mayHave } from './lenient.ts';
import { at } from './record-shape.ts';

/*
 * Pure. For vendors that keep days as moments, midnight or a minute before it at the school, and show them in UTC: without the zone many would
 * be the day before or after. The zone is what a record says as `time_zone`, or what its list implies (`Collection.implied`); UTC where
 * neither does.
 */

const Zone = z.string().refine(isZone, 'is no time zone').optional();

/** For a table: the day of the first of these moments that the record has. */
export function zonedDay(...moments: readonly string[]) {
  return at(
    '',
    z.object({ ...mayHave(DateTime, ...moments), time_zone: Zone }).transform((held) => {
      const { time_zone: zone, ...told }: Readonly<Record<string, string | undefined>> = held;
      const moment = moments.map((name) => told[name]).find((one) => one !== undefined);
      return moment === undefined ? undefined : dayOf(moment, zone);
    }),
  );
}

/** The day of a moment in a zone. */
export function dayOf(moment: string, zone?: string): string {
  return clockOf(zone)(Date.parse(moment)).date;
}

/** The moment in UTC at which a day begins in a zone; one that is kept on that day already stays as it is, to the minute. */
export function dayBegins(day: string, zone?: string, kept?: string): string {
  if (kept !== undefined && dayOf(kept, zone) === day) return kept;
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const clock = clockOf(zone);
  const aheadMs = (moment: number) => Date.parse(`${clock(moment).text.slice(0, 19)}Z`) - moment;
  const moment = midnight - aheadMs(midnight - aheadMs(midnight));
  // Where clocks go forward at midnight, the day begins at one.
  return new Date(clock(moment).date < day ? moment + 3_600_000 : moment).toISOString();
}

/** The last minute of a day in a zone: what is open until that day is open until then. One that is kept stays likewise. */
export function dayEnds(day: string, zone?: string, kept?: string): string {
  if (kept !== undefined && dayOf(kept, zone) === day) return kept;
  const next = new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  return new Date(Date.parse(dayBegins(next, zone)) - 60_000).toISOString();
}

// Made once for each zone: it takes long.
const clocks = new Map<string, (at: number) => LocalTime>();

function clockOf(zone = 'UTC'): (at: number) => LocalTime {
  const clock = clocks.get(zone) ?? createLocalClock(zone);
  clocks.set(zone, clock);
  return clock;
}

function isZone(name: string): boolean {
  return clocks.has(name) || TimeZone.safeParse(name).success;
}
