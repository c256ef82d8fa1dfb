import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../json/json-value.ts';
import type { PlanLine } from '../../merge/plan.ts';
import type { RunCounts } from '../../report/run-counts.ts';
import { putAlias } from '../../store/aliases.ts';
import { type DecidedField, insertChanges, type RecordedChange } from '../../store/changes.ts';
import { deleteRecords, putRecords, type RecordToPut, type StoredRecord } from '../../store/records.ts';
import type { StoreTransaction } from '../../store/schema.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import type { NextSequence } from '../lease.ts';
import { baseOf, type MergedRecord } from '../plan/merge-staged.ts';
import { agreedBase } from '../push/agreed-base.ts';
import { isoNow, type Slice } from '../slice.ts';
import { countUpdatedFields, type FieldUpdates } from './field-updates.ts';
import { recordConflicts } from './record-conflicts.ts';

/** What to count of records that were persisted. */
export interface PersistedCounts {
  readonly counts: Partial<RunCounts>;
  readonly fieldUpdates: FieldUpdates;
}

/**
 * Buffers what follows from merged records: ours as merged, base as the vendor has it, the changes with their before-images, and the
 * conflicts. A record that stays as it is costs no write. Answers what to count.
 */
export function persistRecords(
  slice: Slice,
  entity: Entity,
  transaction: StoreTransaction,
  nextSequence: NextSequence,
  merged: readonly MergedRecord[],
): PersistedCounts {
  const { customerId, integrationId } = slice.run;
  const scope = { customerId, integrationId, entityType: entity.entityType };
  const put: RecordToPut[] = [];
  const gone: string[] = [];
  const changes: RecordedChange[] = [];
  const fieldUpdates: FieldUpdates = new Map();
  const counted = { created: 0, updated: 0, deleted: 0, agreed: 0, conflicted: 0 };
  for (const record of merged) {
    const { recordId, stored, merge } = record;
    const openConflicts = recordConflicts(slice, entity, transaction, record);
    if (merge.isHeld) counted.conflicted++;
    if (merge.isAgreed) counted.agreed++;
    const next = nextOf(slice, entity, record, openConflicts);
    if (next === undefined) {
      if (stored !== undefined) gone.push(recordId);
    } else if (!isSame(stored, next)) put.push(next);
    if (record.movedFrom !== undefined) {
      gone.push(record.movedFrom);
      putAlias(transaction, scope, record.movedFrom, recordId, isoNow(slice));
    }
    for (const change of changesOf(slice, entity, record, next)) {
      changes.push({ ...change, sequence: nextSequence() });
      // A record that has only got another id is no news on our side.
      if (record.movedFrom !== undefined) continue;
      counted[countOf[change.action]]++;
      if (change.action === 'update') countUpdatedFields(fieldUpdates, merge.toOurs);
    }
  }
  putRecords(transaction, put);
  deleteRecords(transaction, scope, gone);
  insertChanges(transaction, changes);
  return { counts: counted, fieldUpdates };
}

const countOf = { create: 'created', update: 'updated', delete: 'deleted' } as const;

/** The row as it will be; undefined: neither side nor base has the record any more. */
function nextOf(
  slice: Slice,
  entity: Entity,
  record: MergedRecord,
  openConflicts: number,
): RecordToPut | undefined {
  const { recordId, stored, merge } = record;
  const { customerId, integrationId } = slice.run;
  const key = { customerId, integrationId, entityType: entity.entityType, recordId };
  // Held: everything stays as it is.
  if (merge.isHeld)
    return stored === undefined ? undefined : { ...withoutMade(stored), ...key, openConflicts };
  const ours = slice.settings.steps.pull ? merge.result : record.ours;
  const hash = ours === undefined ? null : hashOf(slice, entity, record, ours);
  const { base, baseHash } = nextBase(slice, entity, record);
  if (hash === null && baseHash === null) return undefined;
  const isInStep = hash === baseHash;
  return {
    ...key,
    value: ours ?? null,
    hash,
    base: isInStep ? null : base,
    baseHash,
    version: (stored?.version ?? 0) + (isChanged(slice, entity, stored, hash) ? 1 : 0),
    editedAt: isInStep ? null : (stored?.editedAt ?? isoNow(slice)),
    openConflicts,
  };
}

/** What is not in the vendor's hands yet stays a difference from base: so the next run finds it again. */
function nextBase(
  slice: Slice,
  entity: Entity,
  record: MergedRecord,
): Pick<RecordToPut, 'base' | 'baseHash'> {
  const { recordId, stored, ours, theirs, merge } = record;
  const isTaken = slice.settings.steps.pull || merge.toOurs.length === 0;
  if (isTaken) return { base: theirs.value, baseHash: theirs.value === null ? null : theirs.hash };
  // What is not taken over stays a difference too, and what went to the vendor is none any more.
  const { neutral, hash } = slice.mergeOf(entity);
  const base =
    agreedBase(baseOf(stored), ours, theirs.value ?? undefined, neutral.forRecord(recordId)) ?? null;
  return { base, baseHash: base === null ? null : hash(base) };
}

/** Computed only where the merge made a value that neither side had. */
function hashOf(slice: Slice, entity: Entity, { theirs, stored }: MergedRecord, ours: JsonObject): string {
  if (ours === theirs.value) return theirs.hash;
  if (stored?.hash != null && ours === stored.value) return stored.hash;
  return slice.mergeOf(entity).hash(ours);
}

function withoutMade({ name: _name, updatedAt: _updatedAt, ...row }: StoredRecord): RecordToPut {
  return row;
}

/** Whether the row need not be written; values are the same where their hashes are, but for volatile members. */
function isSame(stored: StoredRecord | undefined, next: RecordToPut): boolean {
  return (
    stored !== undefined &&
    stored.recordId === next.recordId &&
    stored.hash === next.hash &&
    stored.baseHash === next.baseHash &&
    stored.openConflicts === next.openConflicts
  );
}

/** Whether ours becomes another. A stored hash may be of other settings: where they differ, it is made anew. */
function isChanged(
  slice: Slice,
  entity: Entity,
  stored: StoredRecord | undefined,
  hash: string | null,
): boolean {
  if ((stored?.hash ?? null) === hash) return false;
  return stored?.value == null || hash === null || slice.mergeOf(entity).hash(stored.value) !== hash;
}

/** What happened to our record, if anything did. One that has got another id goes under the old one and comes under the new. */
function changesOf(
  slice: Slice,
  entity: Entity,
  { recordId, movedFrom, stored, merge }: MergedRecord,
  next: RecordToPut | undefined,
): readonly Omit<RecordedChange, 'sequence'>[] {
  const { customerId, integrationId, vendor, runId } = slice.run;
  const before = stored?.value ?? null;
  const after = next?.value ?? null;
  const rules = rulesOf(merge.toOurs);
  function change(id: string, from: JsonObject | null, to: JsonObject | null) {
    return {
      customerId,
      integrationId,
      entityType: entity.entityType,
      changeId: randomUUID(),
      vendor,
      recordId: id,
      action: from === null ? ('create' as const) : to === null ? ('delete' as const) : ('update' as const),
      before: from,
      after: to,
      rules,
      runId,
      changedAt: isoNow(slice),
    };
  }
  if (movedFrom !== undefined) {
    return [
      ...(before === null ? [] : [change(movedFrom, before, null)]),
      ...(after === null ? [] : [change(recordId, null, after)]),
    ];
  }
  return isChanged(slice, entity, stored, next?.hash ?? null) ? [change(recordId, before, after)] : [];
}

/** Most fields are what they are because the vendor changed them: that goes without saying. */
function rulesOf(lines: readonly PlanLine[]): readonly DecidedField[] | null {
  const told = lines.filter(({ rule }) => rule !== 'theirs changed');
  return told.length === 0 ? null : told.map(({ pointer, rule }) => ({ pointer, rule }));
}
