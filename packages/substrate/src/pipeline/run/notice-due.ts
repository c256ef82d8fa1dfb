import type { Reader } from '../../orm/database.ts';
import { readReportedTrouble } from '../../store/notices.ts';
import type { Run, RunEntityType, RunState } from '../../store/runs.ts';

/** So long after its end a run is told of: what ends close to it goes into the same mail. */
export const noticeDelayMs = 10 * 60_000;

/**
 * By when somebody has to be told that a run ended so, as the row keeps it; null: by nobody. A run that went well is of interest only where
 * trouble of its integration was told: most ends cost no entry in the index of notices.
 */
export async function noticeDueAt(
  reader: Reader,
  run: Pick<Run, 'customerId' | 'integrationId' | 'isDryRun'>,
  state: RunState,
  now: number,
  progress: readonly RunEntityType[] = [],
): Promise<string | null> {
  // Whoever asks for a dry run looks at what came of it.
  if (run.isDryRun) return null;
  const isWell =
    (state === 'succeeded' || state === 'unchanged') &&
    progress.every(({ counts }) => counts.quarantined + counts.conflicted === 0);
  if (isWell && (await readReportedTrouble(reader, run.customerId, run.integrationId)) === undefined)
    return null;
  return new Date(now + noticeDelayMs).toISOString();
}
