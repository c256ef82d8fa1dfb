import type { Conflict } from '@flotilla/substrate/merge/merge-record';

/** Pure. A conflict as it is shown, without the digest by which a decision refers to it: nothing is stored here to decide on. */
export function showConflict(conflict: Conflict): Omit<Conflict, 'inputs'> {
  const { inputs: _, ...shown } = conflict;
  return shown;
}
