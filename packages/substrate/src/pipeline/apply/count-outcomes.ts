import type { RunCounts } from '../../report/run-counts.ts';
import type { Push } from '../../store/pushes.ts';

const countOf = { create: 'pushCreated', update: 'pushUpdated', delete: 'pushDeleted' } as const;

/** Pure. What to count of records that were written to the vendor. */
export function countOutcomes(outcomes: readonly Push[]): Partial<RunCounts> {
  const counts = { pushCreated: 0, pushUpdated: 0, pushDeleted: 0, pushFailed: 0 };
  for (const { action, state } of outcomes) {
    counts[state === 'accepted' ? countOf[action as keyof typeof countOf] : 'pushFailed']++;
  }
  return counts;
}
