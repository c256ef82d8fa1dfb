import { previewSchedule } from '@flotilla/substrate/settings/preview-schedule';
import { startOf } from '@flotilla/substrate/settings/schedule';
import type { Customer, Integration, OmissionReason } from '@flotilla/substrate/store';
import type { Control } from './control.ts';
import { judgeIntegration } from './night-start.ts';

/** When the night comes to an integration next. */
export interface NextStart {
  /** In milliseconds since 1970; null where nothing is planned: it is left out, or its customer has no schedule. */
  readonly at: number | null;
  /** Why it gets no run as things stand. */
  readonly leftOut: OmissionReason | null;
}

/** By what is stored now. */
export function findNextStart(
  control: Pick<Control, 'vendors' | 'clock'>,
  { schedule, timeZone }: Customer,
  integration: Integration,
): NextStart {
  const leftOut = judgeIntegration(control, integration)?.reason ?? null;
  if (leftOut !== null || schedule === null) return { at: null, leftOut };
  const now = control.clock.now();
  try {
    // The jitter of one that is past may still be to come.
    const after = now - schedule.jitterMinutes * 60_000;
    const { occurrences } = previewSchedule(schedule, timeZone, { after, now, count: 1 });
    const at = occurrences
      .map((occurrence) => startOf(schedule, integration, occurrence))
      .find((startsAt) => startsAt > now);
    return { at: at ?? null, leftOut };
  } catch (thrown) {
    // A zone or cron that was sound once, as in the fan-out.
    if (thrown instanceof RangeError || thrown instanceof TypeError)
      return { at: null, leftOut: 'schedule_invalid' };
    throw thrown;
  }
}
