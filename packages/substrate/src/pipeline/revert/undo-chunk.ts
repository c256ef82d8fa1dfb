import { randomUUID } from 'node:crypto';
import type { RunCounts } from '../../report/run-counts.ts';
import { insertChanges, type RecordedChange } from '../../store/changes.ts';
import { forgetMergeState } from '../../store/merge-states.ts';
import { putRunEntityType, type Run, type RunEntityType } from '../../store/runs.ts';
import type { StoreTransaction } from '../../store/schema.ts';
import { deleteStaged, insertStaged, type StagedRecord } from '../../store/staged-records.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { putOurs } from '../put-ours.ts';
import { recordFailure } from '../record-failure.ts';
import { commit, isoNow, type Slice, withCounts } from '../slice.ts';
import { named, nameLaterRuns, refuse, touchedRecord } from './assert-untouched.ts';
import type { EffectMark } from './collect-effects.ts';
import { isMarked, type UndoneRecord, undoEffects } from './scan-effects.ts';

/**
 * Takes some effects on an entity type back on our side, and notes the changes, in one commit with the checkpoint. Base stays: so what the
 * vendor has of the run is a difference now, like any edit of ours, and is left marked for the vendor where it `isWritten`. A record that
 * somebody changes at this very moment is left alone, counted as conflicted, and named.
 */
export async function undoChunk(
  slice: Slice,
  entity: Entity,
  reverted: Run,
  progress: RunEntityType,
  staged: readonly StagedRecord[],
  isWritten: boolean,
): Promise<RunEntityType> {
  const { customerId, integrationId, vendor, runId } = slice.run;
  const { entityType } = entity;
  const scope = { customerId, integrationId, entityType };
  const { hash } = slice.mergeOf(entity);
  const rules = [{ pointer: '', rule: `taken back from run ${reverted.runId}` }];
  const { next, touched } = await commit(slice, async (transaction, nextSequence) => {
    const now = isoNow(slice);
    const records = await undoEffects(slice, entity, transaction, staged);
    const changes: RecordedChange[] = [];
    const marks = new Map<string, EffectMark>();
    for (const { recordId, stored, merge } of records) {
      if (merge.isHeld) continue;
      const value = merge.result ?? null;
      const put = await putOurs(transaction, scope, { recordId, stored, value, hash, now, runId });
      if (isWritten && put.isEdited) marks.set(recordId, value === null ? 'removed' : 'undone');
      if (put.change === undefined) continue;
      const change = { ...scope, ...put.change, recordId, vendor, runId, rules };
      changes.push({ ...change, changeId: randomUUID(), sequence: nextSequence(), changedAt: now });
    }
    insertChanges(transaction, changes);
    if (changes.length > 0) forgetMergeState(transaction, scope, runId, now);
    markStaged(transaction, staged, marks);
    const touched = records.filter(({ merge }) => merge.isHeld);
    const unchanged = staged.length - touched.length - changes.length;
    const judged = new Set(staged.filter((row) => isMarked(row, 'touched')).map((row) => row.recordId));
    const conflicted = touched.filter(({ recordId }) => !judged.has(recordId)).length;
    const counts = { received: staged.length, unchanged, conflicted };
    const next = withCounts(progress, { ...counts, ...countActions(changes) });
    putRunEntityType(transaction, next);
    return { next, touched };
  });
  return touched.length === 0 ? next : await nameTouched(slice, entity, reverted, next, touched);
}

/** What has no mark is done with. */
function markStaged(
  transaction: StoreTransaction,
  staged: readonly StagedRecord[],
  marks: ReadonlyMap<string, EffectMark>,
): void {
  insertStaged(
    transaction,
    staged.flatMap((row) => {
      const hash = marks.get(row.recordId);
      return hash === undefined ? [] : [{ ...row, hash }];
    }),
  );
  const [first] = staged;
  const done = staged.filter(({ recordId }) => !marks.has(recordId)).map(({ recordId }) => recordId);
  if (first !== undefined) deleteStaged(transaction, first, done);
}

function countActions(changes: readonly RecordedChange[]): Partial<RunCounts> {
  const count = (action: string) => changes.filter((change) => change.action === action).length;
  return { created: count('create'), updated: count('update'), deleted: count('delete') };
}

async function nameTouched(
  slice: Slice,
  entity: Entity,
  reverted: Run,
  progress: RunEntityType,
  touched: readonly UndoneRecord[],
): Promise<RunEntityType> {
  const found = touched.slice(0, named).map((undone) => touchedRecord(slice, entity, undone));
  const failure = refuse(reverted, await nameLaterRuns(slice, reverted, found), touched.length);
  const next = { ...progress, failure: progress.failure ?? recordFailure(failure) };
  await commit(slice, (transaction) => putRunEntityType(transaction, next));
  return next;
}
