import { isFailure } from '@flotilla/substrate/failure';

interface Versions {
  /** What the form was made from. */
  readonly seen: number;
  /** What the page read last. */
  readonly stored: number;
  /** Why saving failed, if it did. */
  readonly error: unknown;
  /** What is being saved over at this moment. */
  readonly sending: number | undefined;
}

/** Pure. The version that somebody else has put in the place of what a form was made from, as far as the page knows; undefined: none. */
export function newerVersion({ seen, stored, error, sending }: Versions): number | undefined {
  // The page reads what it has just saved before the form hears of it: that is nobody else's.
  if (sending === seen) return undefined;
  const found = isFailure(error, 'stale_version') ? Number(error.data.found) : seen;
  const standing = Math.max(stored, Number.isNaN(found) ? seen : found);
  return standing > seen ? standing : undefined;
}
