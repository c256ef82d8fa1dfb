import { deletePendingCreates } from '../../store/pending-creates.ts';
import { type Push, putPushes } from '../../store/pushes.ts';
import { putRunEntityType, type RunEntityType } from '../../store/runs.ts';
import { deleteStaged } from '../../store/staged-records.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { mergeStaged, type TheirRecord } from '../plan/merge-staged.ts';
import { isAssigned } from '../push/writable.ts';
import { commit, type Slice, withCounts } from '../slice.ts';
import { countOutcomes } from './count-outcomes.ts';
import { withFieldUpdates } from './field-updates.ts';
import { type PersistedCounts, persistRecords } from './persist-records.ts';

const nothingPersisted: PersistedCounts = { counts: {}, fieldUpdates: new Map() };

/** Commits, together, what follows from what the vendor has of these records, and what became of those that were written to it. */
export async function commitApplied(
  slice: Slice,
  entity: Entity,
  progress: RunEntityType,
  theirs: readonly TheirRecord[],
  outcomes: readonly Push[],
): Promise<RunEntityType> {
  const { customerId, integrationId, runId } = slice.run;
  const { entityType } = entity;
  return await commit(slice, async (transaction, nextSequence) => {
    const counted = slice.settings.steps.persist
      ? persistRecords(
          slice,
          entity,
          transaction,
          nextSequence,
          await mergeStaged(slice, entity, transaction, theirs),
        )
      : nothingPersisted;
    putPushes(transaction, outcomes);
    const settled = outcomes.filter((push) => isAssigned(entity, push) && !isInDoubt(push));
    deletePendingCreates(
      transaction,
      { customerId, integrationId, entityType },
      settled.map(({ recordId }) => recordId),
    );
    // Ours moves with what is applied: merged once more, what was staged would look like a change back.
    if (slice.mergeOf(entity).isPushed) {
      deleteStaged(
        transaction,
        { customerId, runId, entityType },
        theirs.map(({ recordId }) => recordId),
      );
    }
    const told = withFieldUpdates(withCounts(progress, counted.counts), counted.fieldUpdates);
    const next = withCounts(told, countOutcomes(outcomes));
    putRunEntityType(transaction, next);
    return next;
  });
}

/** Taken by the vendor, and nobody knows under which id. */
function isInDoubt({ state, assignedId }: Push): boolean {
  return state === 'unverified' && assignedId === null;
}
