import { clearPages } from '../../store/pages.ts';
import { clearPlannedChanges } from '../../store/planned-changes.ts';
import { clearQuarantined } from '../../store/quarantine.ts';
import { deleteRunEntityType, type Run, readRunEntityTypes } from '../../store/runs.ts';
import type { StoreTransaction } from '../../store/schema.ts';
import { clearStaged } from '../../store/staged-records.ts';
import { joinName } from '../fetch/join-list.ts';

/** Forgets what a run has fetched of entity types that it has not finished, so that it fetches them again from their start. */
export async function discardUnfinished(transaction: StoreTransaction, run: Run): Promise<void> {
  const { customerId, runId } = run;
  for (const progress of (await readRunEntityTypes(transaction, customerId, runId)).values()) {
    if (progress.finishedAt !== null) continue;
    const { entityType } = progress;
    clearStaged(transaction, { customerId, runId, entityType });
    for (const name of [
      entityType,
      ...Object.keys(progress.joins).map((list) => joinName(entityType, list)),
    ]) {
      clearPages(transaction, { customerId, runId, entityType: name });
      clearQuarantined(transaction, run, name);
    }
    // Should it be held again, the preview is made anew: what was planned before may not be planned any more.
    clearPlannedChanges(transaction, { customerId, runId, entityType });
    deleteRunEntityType(transaction, progress);
  }
}
