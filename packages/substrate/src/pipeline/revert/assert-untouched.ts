import { Failure } from '../../failure/failure.ts';
import { readChanges } from '../../store/changes.ts';
import { readRecords } from '../../store/records.ts';
import type { Run } from '../../store/runs.ts';
import type { Slice } from '../slice.ts';
import { undoRecord } from './undo-record.ts';
import { readUndoRecords, type UndoRecord } from './undo-records.ts';
import type { UndoRules } from './undo-rules.ts';

/** Records that a refusal names. */
const named = 20;
const changesPage = 500;

interface Touched {
  readonly entityType: string;
  readonly recordId: string;
  readonly fields: readonly string[];
}

/** Fails with `revert_refused`, naming records, fields and the runs that changed them, where anything that the run made was changed since. */
export async function assertUntouched(slice: Slice, reverted: Run, rulesOf: UndoRules): Promise<void> {
  const found: Touched[] = [];
  let count = 0;
  for await (const page of readUndoRecords(slice.worker.store, reverted, slice.signal)) {
    const ours = await readOurs(slice, page);
    for (const record of page) {
      const { entityType, recordId } = record;
      const value = ours.get(`${entityType} ${recordId}`);
      const undone = undoRecord(value ?? undefined, record, rulesOf(entityType).forRecord(recordId));
      if (!undone.isTouched) continue;
      count++;
      const fields = undone.conflicts.map(({ pointer }) => pointer);
      if (found.length < named) found.push({ entityType, recordId, fields });
    }
  }
  if (count === 0) return;
  const runsByRecord = await findLaterRuns(slice, reverted, found);
  throw new Failure('revert_refused', 'What the run changed was changed again since', {
    data: {
      runId: reverted.runId,
      records: found.map((touched) => ({
        ...touched,
        changedBy: [...(runsByRecord.get(`${touched.entityType} ${touched.recordId}`) ?? [])],
      })),
      ...(count > found.length ? { more: count - found.length } : {}),
    },
  });
}

async function readOurs({ run, worker }: Slice, page: readonly UndoRecord[]) {
  const { customerId, integrationId } = run;
  const byType = Map.groupBy(page, ({ entityType }) => entityType);
  const read = await Promise.all(
    [...byType].map(async ([entityType, records]) => {
      const ids = records.map(({ recordId }) => recordId);
      const rows = await readRecords(worker.store, { customerId, integrationId, entityType }, ids);
      return [...rows].map(([id, { value }]) => [`${entityType} ${id}`, value] as const);
    }),
  );
  return new Map(read.flat());
}

/** The runs (or edits) that changed these records after the run. */
async function findLaterRuns(
  { run, worker }: Slice,
  { lastSequence, runId }: Run,
  touched: readonly Touched[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const found = new Map(
    touched.map(({ entityType, recordId }) => [`${entityType} ${recordId}`, new Set<string>()]),
  );
  let sequence = lastSequence ?? 0;
  for (;;) {
    const page = await readChanges(worker.store, run, sequence, changesPage);
    for (const change of page) {
      if (change.runId !== runId) found.get(`${change.entityType} ${change.recordId}`)?.add(change.runId);
    }
    sequence = page.at(-1)?.sequence ?? sequence;
    if (page.length < changesPage) return found;
  }
}
