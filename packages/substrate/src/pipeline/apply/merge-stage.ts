import { randomUUID } from 'node:crypto';
import type { Change } from '../../egress/change.ts';
import { type HashedRecord, planOneWay, type RecordPlan } from '../../merge/plan-one-way.ts';
import { insertChanges } from '../../store/changes.ts';
import { deleteRecords, putRecords, readRecords } from '../../store/records.ts';
import { putRunEntityType, type RunEntityType } from '../../store/runs.ts';
import type { StoreTransaction } from '../../store/schema.ts';
import { scanStaged } from '../../store/staged-records.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import type { NextSequence } from '../lease.ts';
import { commit, isoNow, type Slice, stopIfOver, withCounts } from '../slice.ts';

/** Records a commit: far below Spanner's limits, and what its emulator takes at its best pace. */
const chunkSize = 250;

/** Merges what was staged, chunk by chunk: records, changes with before-images and checkpoint together. */
export async function mergeStage(slice: Slice, entity: Entity, start: RunEntityType): Promise<RunEntityType> {
  const { customerId, runId } = slice.run;
  let progress = start;
  for (;;) {
    stopIfOver(slice);
    const scope = { customerId, runId, entityType: entity.entityType };
    const staged = await scanStaged(slice.worker.store, scope, progress.position, chunkSize);
    const theirs = new Map<string, HashedRecord | undefined>(
      staged.map(({ recordId, value, hash }) => [recordId, value === null ? undefined : { value, hash }]),
    );
    if (theirs.size > 0) progress = await mergeChunk(slice, entity, progress, theirs);
    if (staged.length < chunkSize) break;
  }
  const next: RunEntityType = { ...progress, stage: 'deleting', position: null };
  await commit(slice, (transaction) => putRunEntityType(transaction, next));
  return next;
}

/** Commits what follows from theirs (absent: undefined) for each of these records. Answers the new progress. */
export function mergeChunk(
  slice: Slice,
  entity: Entity,
  progress: RunEntityType,
  theirs: ReadonlyMap<string, HashedRecord | undefined>,
): Promise<RunEntityType> {
  const { customerId, integrationId } = slice.run;
  const scope = { customerId, integrationId, entityType: entity.entityType };
  const recordIds = [...theirs.keys()];
  return commit(slice, async (transaction, nextSequence) => {
    const ours = await readRecords(transaction, scope, recordIds);
    const plans = recordIds.map((id) => [id, planOneWay(ours.get(id), theirs.get(id))] as const);
    applyPlans(slice, entity, transaction, nextSequence, plans);
    const count = (action: RecordPlan['action']) => plans.filter(([, plan]) => plan.action === action).length;
    const next: RunEntityType = {
      ...withCounts(progress, {
        created: count('create'),
        updated: count('update'),
        deleted: count('delete'),
      }),
      position: recordIds.at(-1) ?? progress.position,
    };
    putRunEntityType(transaction, next);
    return next;
  });
}

function applyPlans(
  slice: Slice,
  { entityType }: Entity,
  transaction: StoreTransaction,
  nextSequence: NextSequence,
  plans: readonly (readonly [string, RecordPlan])[],
): void {
  const { customerId, integrationId, vendor, runId } = slice.run;
  const scope = { customerId, integrationId, entityType };
  const changedAt = isoNow(slice);
  const changes: Change[] = [];
  for (const [recordId, plan] of plans) {
    if (plan.action === 'none') continue;
    changes.push({
      ...scope,
      sequence: nextSequence(),
      changeId: randomUUID(),
      vendor,
      recordId,
      action: plan.action,
      before: plan.action === 'create' ? null : plan.before,
      after: plan.action === 'delete' ? null : plan.after.value,
      runId,
      changedAt,
    });
  }
  putRecords(
    transaction,
    plans.flatMap(([recordId, plan]) =>
      plan.action === 'create' || plan.action === 'update' ? [{ ...scope, recordId, ...plan.after }] : [],
    ),
  );
  deleteRecords(
    transaction,
    scope,
    plans.flatMap(([recordId, plan]) => (plan.action === 'delete' ? [recordId] : [])),
  );
  insertChanges(transaction, changes);
}
