import { type Blackout, blackoutOn, type Occurrence, occurrencesAfter, type Schedule } from './schedule.ts';
import { farthestEastMs } from './time-zone.ts';

export interface SchedulePreview {
  readonly occurrences: readonly Occurrence[];
  /** Those that keep an occurrence from beginning anything, up to the last one above. */
  readonly blackouts: readonly Blackout[];
}

const dayMs = 24 * 3_600_000;

/** Pure. The occurrences after `after` that begin something, up to `count` of them later than `now`. */
export function previewSchedule(
  schedule: Schedule,
  timeZone: string,
  { after, now, count }: { readonly after: number; readonly now: number; readonly count: number },
): SchedulePreview {
  const occurrences: Occurrence[] = [];
  const blackouts = new Map<string, Blackout>();
  let upcoming = 0;
  for (const found of openOccurrences(schedule, timeZone, after)) {
    if ('from' in found) {
      blackouts.set(JSON.stringify(found), found);
      continue;
    }
    occurrences.push(found);
    if (found.at > now) upcoming++;
    if (upcoming >= count) break;
  }
  return { occurrences, blackouts: [...blackouts.values()] };
}

/** In order: occurrences, and in the place of those that lie in a blackout the blackout itself. */
function* openOccurrences(
  schedule: Schedule,
  timeZone: string,
  after: number,
): Generator<Occurrence | Blackout, undefined> {
  let from: number | undefined = after;
  while (from !== undefined) {
    const start: number = from;
    from = undefined;
    for (const occurrence of occurrencesAfter(schedule, timeZone, start)) {
      const blackout = blackoutOn(schedule, occurrence.night);
      yield blackout ?? occurrence;
      if (blackout === undefined) continue;
      // A long blackout is passed over in one step: to the moment at which its last date ends first.
      from = Math.max(occurrence.at, Date.parse(blackout.to) + dayMs - farthestEastMs - 1);
      break;
    }
  }
}
