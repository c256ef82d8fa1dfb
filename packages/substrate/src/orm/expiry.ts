import { toFixedInstant } from './instant.ts';
import type { RowDeletion } from './table.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** Pure. Rows whose policy's column lies at or before this instant are expired at `now` (ms since 1970). */
export function expiryInstant(policy: RowDeletion, now: number): string {
  const instant = new Date(now - policy.days * dayMs).toISOString();
  return toFixedInstant(instant) ?? instant;
}
