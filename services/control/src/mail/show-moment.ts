import { createLocalClock } from '@flotilla/substrate/settings/time-zone';

/** Pure. A moment on the customer's own clock, to the minute: `2026-11-21 07:00 (America/Chicago)`. */
export function showMoment(moment: string, timeZone: string): string {
  const { text } = createLocalClock(timeZone)(Date.parse(moment));
  return `${text.slice(0, 10)} ${text.slice(11, 16)} (${timeZone})`;
}
