import { isFailure } from '@flotilla/substrate/failure';
import type { Control } from '../control.ts';
import { sayReason } from '../say-reason.ts';
import { withinTime } from '../within-time.ts';

/** One look at the fleet. */
export interface FleetLook {
  readonly context: Control;
  readonly signal: AbortSignal;
  /** What could not be told is noted here. */
  readonly unknown: { what: string; reason: string }[];
}

/** Somebody looks at a page: what takes longer is left out. */
export const patienceMs = 2_500;

/** One part of the look; null, and noted, where it fails or takes too long: the others are shown all the same. */
export async function findPart<R>(
  look: FleetLook,
  what: string,
  part: Promise<R>,
  waitMs = patienceMs,
): Promise<R | null> {
  const { context, unknown } = look;
  try {
    return await withinTime(context.clock, waitMs, part);
  } catch (thrown) {
    unknown.push({ what, reason: sayReason(thrown) });
    if (!isFailure(thrown) || thrown.code === 'internal')
      context.log.error('A part of the fleet could not be looked at', { what, error: thrown });
    return null;
  }
}

export function toMoment(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
