import { z } from 'zod';
import { digestText } from '../json/digest.ts';
import { cronTimes, faultOfCron } from './cron.ts';
import { createLocalClock, farthestEastMs } from './time-zone.ts';

const Cron = z.string().max(200).superRefine(explainCron);

/** A date that exists, on the customer's calendar. */
const CalendarDate = z.iso.date('a date, such as 2026-12-24');

const BlackoutRange = z
  .strictObject({
    from: CalendarDate,
    to: CalendarDate.optional().describe('The last date of it; default: `from` alone'),
    note: z.string().min(1).max(200).optional().describe('Such as Winter break'),
  })
  .refine(({ from, to = from }) => from <= to, { path: ['to'], message: 'not before `from`' });

const BlackoutDate = z.union([CalendarDate, BlackoutRange], {
  error:
    'a date (YYYY-MM-DD), or {"from": date, "to": date, "note": text}, of which to and note may be left out',
});

/** When a customer's nightly runs begin, on the customer's own clock and calendar. */
export const Schedule = z.strictObject({
  cron: Cron.describe(
    'Minute, hour, day of the month, month, weekday, in the time zone of the customer: 30 2 * * 1-5',
  ),
  jitterMinutes: z
    .int()
    .min(0)
    .max(720)
    .default(0)
    .describe('Runs begin spread over this long, each integration always at the same place'),
  blackoutDates: z
    .array(BlackoutDate)
    .max(400)
    .default([])
    .describe('Nights on these dates of the customer begin nothing'),
});
export type Schedule = z.output<typeof Schedule>;

/** A schedule as it is stored and shown: what was sound once is shown even if it would be refused today. */
export const ScheduleView = Schedule.extend({ cron: z.string() });

/** One time at which a schedule comes. */
export interface Occurrence {
  /** The date on the customer's calendar: the night that it belongs to. */
  readonly night: string;
  /** In milliseconds since 1970, before jitter. */
  readonly at: number;
}

/** Pure. Every occurrence after a moment, in order, without an end for most schedules: take what is needed. */
export function* occurrencesAfter(
  { cron }: Pick<Schedule, 'cron'>,
  timeZone: string,
  after: number,
): Generator<Occurrence, undefined> {
  const next = cronTimes(cron, timeZone);
  const clock = createLocalClock(timeZone);
  for (let at = next(after); at !== undefined; at = next(at)) yield { night: clock(at).date, at };
}

/** Pure. The occurrences on one date of the customer's calendar. */
export function occurrencesOn(
  schedule: Pick<Schedule, 'cron'>,
  timeZone: string,
  night: string,
): readonly Occurrence[] {
  const found: Occurrence[] = [];
  for (const occurrence of occurrencesAfter(schedule, timeZone, Date.parse(night) - farthestEastMs - 1)) {
    if (occurrence.night > night) break;
    if (occurrence.night === night) found.push(occurrence);
  }
  return found;
}

/** The dates of a blackout, both included. */
export interface Blackout {
  readonly from: string;
  readonly to: string;
  readonly note: string | null;
}

/** Pure. The blackout that a date lies in; of several the one that ends last. */
export function blackoutOn(
  { blackoutDates }: Pick<Schedule, 'blackoutDates'>,
  date: string,
): Blackout | undefined {
  return blackoutDates
    .map(toBlackout)
    .filter(({ from, to }) => from <= date && date <= to)
    .toSorted((a, b) => (a.to < b.to ? 1 : -1))[0];
}

/** Pure. When the run of an integration begins, for an occurrence: the occurrence and the integration's place in the jitter. */
export function startOf(
  { jitterMinutes }: Pick<Schedule, 'jitterMinutes'>,
  integration: { readonly customerId: string; readonly integrationId: string },
  { at }: Pick<Occurrence, 'at'>,
): number {
  return at + Math.floor(jitterMinutes * 60_000 * placeOf(integration));
}

/** Pure. From 0 up to 1, even over all integrations and always the same for one: its place in whatever runs are spread over. */
export function placeOf({
  customerId,
  integrationId,
}: {
  readonly customerId: string;
  readonly integrationId: string;
}): number {
  const digest = Buffer.from(digestText(`${customerId}/${integrationId}`), 'base64url');
  return digest.readUInt32BE(0) / 2 ** 32;
}

function explainCron(cron: string, context: z.RefinementCtx<string>): void {
  const message = faultOfCron(cron);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
}

function toBlackout(entry: Schedule['blackoutDates'][number]): Blackout {
  if (typeof entry === 'string') return { from: entry, to: entry, note: null };
  const { from, to = from, note = null } = entry;
  return { from, to, note };
}
