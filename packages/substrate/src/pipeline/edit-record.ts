import { randomUUID } from 'node:crypto';
import { Failure } from '../failure/failure.ts';
import type { JsonObject } from '../json/json-value.ts';
import { compileSettings } from '../merge/merge-rules.ts';
import { createRecordHasher } from '../merge/record-hash.ts';
import { type EntityType, entityTypeFacts, entityTypeNames, isEntityType } from '../model/entity-types.ts';
import type { Reader } from '../orm/database.ts';
import { IntegrationSettings, mergeSettingsFor } from '../settings/integration-settings.ts';
import { readAliases } from '../store/aliases.ts';
import { insertChanges } from '../store/changes.ts';
import { readIntegration } from '../store/integrations.ts';
import { readLease } from '../store/leases.ts';
import { forgetMergeState } from '../store/merge-states.ts';
import { type RecordScope, readRecords, type StoredRecord } from '../store/records.ts';
import type { StoreTransaction } from '../store/schema.ts';
import { takeSequence } from './lease.ts';
import type { RunStarter } from './parts.ts';
import { putOurs } from './put-ours.ts';
import { describeIssues } from './record-failure.ts';

/** A change on our side, by a person or a program, outside of any merge. */
export interface RecordEdit {
  readonly customerId: string;
  readonly integrationId: string;
  readonly entityType: string;
  /** An id that the vendor has replaced by one of its own finds the record too. */
  readonly recordId: string;
  /** The whole record as it is to be; null: it is to go. */
  readonly value: JsonObject | null;
  /** The version that the editor saw; 0: there must be no such record. Left out: whatever is there. */
  readonly ifVersion?: number;
  /** What the change names as its run: the run that brings the edit to the vendor, or an id of the edit's own. */
  readonly runId: string;
  /** Who edits. */
  readonly actor?: string;
}

export interface EditedRecord {
  /** Under which the record stands: the vendor's id, where it gave one. */
  readonly recordId: string;
  /** Of the record now; of a deleted one, its last. */
  readonly version: number;
  /** False: ours was as asked already, but for volatile members, and nothing was written. */
  readonly changed: boolean;
  readonly before: JsonObject | null;
}

/**
 * Changes, creates or deletes one of our records, and notes the change, in one commit. Base and conflicts stay: the next merge sees to them.
 * Nobody need hold the lease, and a run under way is no hindrance: it merges once more within its own commits. `also` is buffered into
 * the same commit. Fails with `invalid_params` for a value that is no sound canonical record, naming the members, `stale_version` where
 * another version stands than the editor saw, and `not_found` where there is nothing to delete, or no such integration.
 */
export async function editRecord(
  { store, clock }: Pick<RunStarter, 'store' | 'clock'>,
  edit: RecordEdit,
  also: (transaction: StoreTransaction, edited: EditedRecord) => Promise<void> | void = () => undefined,
): Promise<EditedRecord> {
  const { entityType, value } = readSound(edit);
  return await store.transaction(async (transaction) => {
    const { customerId, integrationId } = edit;
    const integration = await readIntegration(transaction, customerId, integrationId);
    const scope = { customerId, integrationId, entityType };
    const { recordId, stored } = await findRecord(transaction, scope, edit.recordId);
    assertExpected(edit, stored);
    const now = new Date(clock.now()).toISOString();
    const settings = mergeSettingsFor(IntegrationSettings.parse(integration.settings), entityType);
    const hash = createRecordHasher(compileSettings(settings));
    const { runId } = edit;
    const put = await putOurs(transaction, scope, { recordId, stored, value, hash, now, runId });
    if (put.change !== undefined) {
      // Even where it goes nowhere it is looked at in the next run: a field may always be the vendor's.
      forgetMergeState(transaction, scope, runId, now);
      const lease = await readLease(transaction, customerId, integrationId);
      const sequence = takeSequence(transaction, lease, scope, now);
      const { vendor } = integration;
      const change = { ...scope, ...put.change, recordId, vendor, runId, sequence };
      const actor = edit.actor?.slice(0, mostActor) ?? null;
      insertChanges(transaction, [{ ...change, actor, changeId: randomUUID(), rules: null, changedAt: now }]);
    }
    const before = stored?.value ?? null;
    const edited = { recordId, version: put.version, changed: put.change !== undefined, before };
    await also(transaction, edited);
    return edited;
  });
}

/** What the column holds. */
const mostActor = 320;

/** The value as the model spells it. */
function readSound({ entityType, recordId, value }: RecordEdit): {
  readonly entityType: EntityType;
  readonly value: JsonObject | null;
} {
  if (!isEntityType(entityType)) {
    throw new Failure('invalid_params', 'There is no such entity type', {
      data: { entityType, expected: entityTypeNames },
    });
  }
  if (recordId === '' || recordId.length > 255 || !recordId.isWellFormed()) {
    throw new Failure('invalid_params', 'A record id is a text of 1 to 255 whole characters', {
      data: { recordId: recordId.slice(0, 300).toWellFormed() },
    });
  }
  if (value === null) return { entityType, value };
  const parsed = entityTypeFacts(entityType).schema.safeParse(value);
  if (!parsed.success) {
    throw new Failure('invalid_params', 'The value is no sound record of this entity type', {
      data: { entityType, recordId, issues: describeIssues(parsed.error) },
    });
  }
  return { entityType, value: respelled(value, parsed.data as JsonObject) };
}

/** With the texts that the model spells in one way only. The rest as it was given: parsing forgets names such as `__proto__`. */
function respelled(value: JsonObject, parsed: JsonObject): JsonObject {
  const texts = Object.entries(parsed).filter(([, member]) => typeof member === 'string');
  return { ...value, ...Object.fromEntries(texts) };
}

/** The record under this id, or under the one that the vendor has given it since. */
async function findRecord(
  reader: Reader,
  scope: RecordScope,
  askedId: string,
): Promise<{ readonly recordId: string; readonly stored: StoredRecord | undefined }> {
  const assignedId = (await readAliases(reader, scope, [askedId])).get(askedId);
  const ids = assignedId === undefined ? [askedId] : [askedId, assignedId];
  const storedById = await readRecords(reader, scope, ids);
  // Where both are gone the asked id is free again: it will get another id of the vendor's.
  const recordId = ids.find((id) => storedById.has(id)) ?? askedId;
  return { recordId, stored: storedById.get(recordId) };
}

function assertExpected({ ifVersion, recordId, value }: RecordEdit, stored: StoredRecord | undefined): void {
  // One that is deleted here and not yet at the vendor is not there for an editor.
  const found = stored?.value == null ? 0 : stored.version;
  if (ifVersion !== undefined && ifVersion !== found) {
    throw new Failure('stale_version', 'The record is not as the editor saw it', {
      data: { recordId, expected: ifVersion, found },
    });
  }
  if (value === null && found === 0) {
    throw new Failure('not_found', 'There is no such record', { data: { recordId } });
  }
}
