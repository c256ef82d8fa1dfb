import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../json/json-value.ts';
import { insertChanges, type RecordedChange } from '../../store/changes.ts';
import { forgetMergeState } from '../../store/merge-states.ts';
import { deleteRecords, putRecords, readRecords, type StoredRecord } from '../../store/records.ts';
import { putRunEntityType, type RunEntityType } from '../../store/runs.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { editedRow } from '../edit-record.ts';
import { commit, isoNow, type Slice, withCounts } from '../slice.ts';
import { undoRecord } from './undo-record.ts';
import type { UndoRecord } from './undo-records.ts';
import type { UndoRules } from './undo-rules.ts';

/**
 * Takes some records of an entity type back on our side, and notes the changes, in one commit. Base stays: so what the vendor has of the run
 * is a difference now, like any edit of ours. Done again after a crash it finds nothing to do. A record that was changed at this very moment
 * is left alone and counted as conflicted.
 */
export function undoPage(
  slice: Slice,
  entity: Entity,
  progress: RunEntityType,
  page: readonly UndoRecord[],
  rulesOf: UndoRules,
): Promise<RunEntityType> {
  const { customerId, integrationId, vendor, runId } = slice.run;
  const { entityType } = entity;
  const scope = { customerId, integrationId, entityType };
  const { hash } = slice.mergeOf(entity);
  return commit(slice, async (transaction, nextSequence) => {
    const now = isoNow(slice);
    const ids = page.map(({ recordId }) => recordId);
    const stored = await readRecords(transaction, scope, ids);
    const put: Omit<StoredRecord, 'updatedAt'>[] = [];
    const gone: string[] = [];
    const changes: RecordedChange[] = [];
    const counts = { created: 0, updated: 0, deleted: 0, conflicted: 0 };
    for (const record of page) {
      const { recordId } = record;
      const row = stored.get(recordId);
      const before: JsonObject | null = row?.value ?? null;
      const undone = undoRecord(before ?? undefined, record, rulesOf(entityType).forRecord(recordId));
      if (undone.isTouched) {
        counts.conflicted++;
        continue;
      }
      const after = undone.value ?? null;
      const next = editedRow({ ...scope, recordId }, row, after, hash, now);
      if ((before === null ? null : hash(before)) === next.hash) continue;
      if (next.hash === null && next.baseHash === null) gone.push(recordId);
      else put.push(next);
      const action = before === null ? 'create' : after === null ? 'delete' : 'update';
      counts[action === 'create' ? 'created' : action === 'delete' ? 'deleted' : 'updated']++;
      changes.push({
        ...scope,
        sequence: nextSequence(),
        changeId: randomUUID(),
        vendor,
        recordId,
        action,
        before,
        after,
        rules: [{ pointer: '', rule: `taken back from run ${slice.run.reverts}` }],
        runId,
        changedAt: now,
      });
    }
    putRecords(transaction, put);
    deleteRecords(transaction, scope, gone);
    insertChanges(transaction, changes);
    if (changes.length > 0) forgetMergeState(transaction, scope, runId, now);
    const next = withCounts(progress, { received: page.length, ...counts });
    putRunEntityType(transaction, next);
    return next;
  });
}
