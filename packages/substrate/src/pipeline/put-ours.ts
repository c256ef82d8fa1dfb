import type { ChangeAction } from '../egress/change.ts';
import type { JsonObject } from '../json/json-value.ts';
import { putConflicts, readRecordConflicts } from '../store/conflicts.ts';
import { deleteRecords, putRecords, type RecordScope, type StoredRecord } from '../store/records.ts';
import type { StoreTransaction } from '../store/schema.ts';
import { baseOf } from './plan/merge-staged.ts';

export interface OursToPut {
  readonly recordId: string;
  readonly stored: StoredRecord | undefined;
  /** Null: it is to go. */
  readonly value: JsonObject | null;
  /** Of the settings of now. */
  readonly hash: (value: JsonObject) => string;
  readonly now: string;
  /** What ends conflicts of a record that is no more. */
  readonly runId: string;
}

export interface PutOurs {
  readonly version: number;
  /** Undefined: ours was so already, but for volatile members, and nothing is written. */
  readonly change?: {
    readonly action: ChangeAction;
    readonly before: JsonObject | null;
    readonly after: JsonObject | null;
  };
  /** Whether ours has what the vendor lacks. */
  readonly isEdited: boolean;
}

/**
 * Buffers another value of ours. Base stays as it is: what the vendor lacks then is the difference, which the next merge finds. A record
 * that is on neither side any more goes, and with it what there was to decide about it.
 */
export async function putOurs(
  transaction: StoreTransaction,
  scope: RecordScope,
  { recordId, stored, value, hash: hashOf, now, runId }: OursToPut,
): Promise<PutOurs> {
  const before = stored?.value ?? null;
  const hash = value === null ? null : hashOf(value);
  if ((before === null ? null : hashOf(before)) === hash)
    return { version: stored?.version ?? 0, isEdited: stored?.editedAt != null };
  // Both hashes anew: those of the row may be of other settings, and would not compare.
  const base = baseOf(stored) ?? null;
  const baseHash = base === null ? null : hashOf(base);
  const isEdited = hash !== baseHash;
  const version = (stored?.version ?? 0) + 1;
  const after = isEdited ? value : base;
  if (hash === null && baseHash === null) {
    // The vendor never had it: nobody need be told.
    deleteRecords(transaction, scope, [recordId]);
    if ((stored?.openConflicts ?? 0) > 0) await endConflicts(transaction, scope, recordId, now, runId);
  } else {
    const editedAt = isEdited ? (stored?.editedAt ?? now) : null;
    const openConflicts = stored?.openConflicts ?? 0;
    const { customerId, integrationId, entityType } = scope;
    const key = { customerId, integrationId, entityType, recordId };
    const kept = isEdited ? base : null;
    putRecords(transaction, [
      { ...key, value: after, hash, base: kept, baseHash, version, editedAt, openConflicts },
    ]);
  }
  const action = before === null ? 'create' : after === null ? 'delete' : 'update';
  return { version, change: { action, before, after }, isEdited };
}

async function endConflicts(
  transaction: StoreTransaction,
  scope: RecordScope,
  recordId: string,
  now: string,
  runId: string,
): Promise<void> {
  const conflicts = await readRecordConflicts(transaction, scope, recordId);
  const open = conflicts.filter(({ openSince }) => openSince !== null);
  putConflicts(
    transaction,
    open.map((row) => ({
      ...row,
      state: 'obsolete',
      openSince: null,
      endedByRunId: runId,
      endedAt: now,
      version: row.version + 1,
    })),
  );
}
