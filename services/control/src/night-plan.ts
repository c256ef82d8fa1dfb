import {
  occurrencesAfter,
  occurrencesOn,
  type Schedule,
  startOf,
} from '@flotilla/substrate/settings/schedule';
import type { Customer, Integration } from '@flotilla/substrate/store';

/** One run that a night is to begin. */
export interface Start {
  /** The date on the customer's calendar. */
  readonly night: string;
  /** When the schedule comes; null for a customer without one: whenever the night is asked for. In milliseconds since 1970. */
  readonly at: number | null;
  /** When the run begins: `at` and the integration's place in the jitter. */
  readonly startAt: number;
}

/** A customer that has a schedule. */
export type Scheduled = Pick<Customer, 'timeZone'> & { readonly schedule: Schedule };

type IntegrationIds = Pick<Integration, 'customerId' | 'integrationId'>;

/** The clock asks once a day at least; it may be two hours late and nothing is missed. */
export const horizonMs = 26 * 3_600_000;

/** A start that the clock finds past by less than this was missed by chance and is made up for; an older one waits for its next time. */
export const graceMs = 3_600_000;

/** Pure. All of one date that is worth a run at `now`: what is still to come, and of what is past the latest. */
export function planDate(
  { schedule, timeZone }: Scheduled,
  integration: IntegrationIds,
  night: string,
  now: number,
): readonly Start[] {
  const starts = occurrencesOn(schedule, timeZone, night).map((occurrence) => ({
    ...occurrence,
    startAt: startOf(schedule, integration, occurrence),
  }));
  return withoutOvertaken(starts, now);
}

/** Pure. What begins after `from` and up to `until`, of whatever date, so far as it is worth a run at `now`. */
export function planDue(
  { schedule, timeZone }: Scheduled,
  integration: IntegrationIds,
  { from, until, now }: { readonly from: number; readonly until: number; readonly now: number },
): readonly Start[] {
  const starts: Start[] = [];
  const jitter = startOf(schedule, integration, { at: 0 });
  for (const occurrence of occurrencesAfter(schedule, timeZone, from - jitter)) {
    const startAt = occurrence.at + jitter;
    if (startAt > until) break;
    starts.push({ ...occurrence, startAt });
  }
  return withoutOvertaken(starts, now);
}

/** Two runs at once would find the same: of starts that are past, the latest does the work of all. */
function withoutOvertaken(starts: readonly Start[], now: number): readonly Start[] {
  const past = starts.filter(({ startAt }) => startAt <= now);
  return [...past.slice(-1), ...starts.slice(past.length)];
}
