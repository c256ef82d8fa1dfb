import { Failure } from '../failure/failure.ts';
import type { JsonValue } from '../json/json-value.ts';
import { int64, json, string, timestamp } from '../orm/columns.ts';
import type { Reader, Transaction } from '../orm/database.ts';
import { defineTable, type RowOf } from '../orm/table.ts';
import { integrations } from './integrations.ts';
import type { RecordScope } from './records.ts';

/** What each side has in the field; a member that is not there: the side has no such field, or no such record. */
export interface ConflictSides {
  readonly base?: JsonValue;
  readonly ours?: JsonValue;
  readonly theirs?: JsonValue;
}

/** What a person decided: which side's state holds, or which value. */
export interface ConflictDecision {
  readonly choice: 'ours' | 'theirs' | { readonly value: JsonValue };
  readonly reason: string | null;
  readonly decidedBy: string;
  readonly decidedAt: string;
}

/**
 * `open` waits for a person. `decided` waits for the next merge of its record. `resolved`: a merge followed the decision. `obsolete`: the
 * two sides agree again, or have gone on differing in another way.
 */
export const conflictStates = ['open', 'decided', 'resolved', 'obsolete'] as const;
export type ConflictState = (typeof conflictStates)[number];

/** A field that both sides changed differently. The same conflict found again is the same row. */
export const conflicts = defineTable('conflicts', {
  columns: {
    customerId: string(64),
    integrationId: string(64),
    entityType: string(64),
    recordId: string(255),
    /** Follows from the record, the pointer and `inputs`: the same difference has the same id in every run. */
    conflictId: string(64),
    /** JSON Pointer; an element of a keyed list by its key. Empty: the record itself. */
    pointer: string('max'),
    /** `modify/modify`, `delete/modify` or `add/add`. */
    kind: string(16),
    sides: json<ConflictSides>(),
    /** Digest of the sides: a decision holds for these and no others. */
    inputs: string(64),
    /** Why it was left to a person. */
    rule: string('max'),
    state: string(16),
    decision: json<ConflictDecision>().nullable(),
    /** The run that found it first. */
    runId: string(64),
    foundAt: timestamp(),
    /** Null once it is resolved or obsolete: the index holds what is left to do. */
    openSince: timestamp().nullable(),
    /** The run whose merge ended it. */
    endedByRunId: string(64).nullable(),
    endedAt: timestamp().nullable(),
    /** Grows with each change of the row: who decides says which he saw. */
    version: int64(),
  },
  primaryKey: ['customerId', 'integrationId', 'entityType', 'recordId', 'conflictId'],
  interleaveIn: { parent: integrations, onDelete: 'cascade' },
  indexes: [
    { name: 'conflicts_open', columns: ['customerId', 'openSince'], nullFiltered: true },
    {
      name: 'conflicts_open_by_record',
      columns: ['customerId', 'integrationId', 'entityType', 'recordId', 'openSince'],
      nullFiltered: true,
    },
    { name: 'conflicts_by_id', columns: ['customerId', 'conflictId'] },
    { name: 'conflicts_by_run', columns: ['customerId', 'runId', 'entityType', 'recordId'] },
  ],
});
export type StoredConflict = RowOf<typeof conflicts>;

const endOfTime = '9999-12-31T23:59:59.999Z';

/** Every conflict that a record ever had. */
export function readRecordConflicts(
  reader: Reader,
  scope: RecordScope,
  recordId: string,
): Promise<readonly StoredConflict[]> {
  return reader.scan(conflicts, { prefix: { ...scope, recordId } });
}

/** Those of these conflicts that there ever were. */
export async function readKnownConflicts(
  reader: Reader,
  keys: readonly Pick<
    StoredConflict,
    'customerId' | 'integrationId' | 'entityType' | 'recordId' | 'conflictId'
  >[],
): Promise<readonly StoredConflict[]> {
  return keys.length === 0 ? [] : await reader.getMany(conflicts, keys);
}

/** What waits for a person or for the next merge, oldest first. `after` may have been ended since. */
export function listOpenConflicts(
  reader: Reader,
  customerId: string,
  after: StoredConflict | undefined,
  limit: number,
): Promise<readonly StoredConflict[]> {
  return reader.scan(conflicts, {
    index: 'conflicts_open',
    prefix: { customerId },
    limit,
    ...(after === undefined ? {} : { after: { ...after, openSince: after.openSince ?? after.foundAt } }),
  });
}

/** Whose conflicts: of an integration, one of its entity types, or one record. */
export type ConflictScope = Pick<RecordScope, 'customerId' | 'integrationId'> &
  Partial<Pick<StoredConflict, 'entityType' | 'recordId'>>;

/** As `listOpenConflicts`, in order of entity type and record. `after` may have been ended since. */
export function listOpenConflictsOf(
  reader: Reader,
  scope: ConflictScope,
  after: StoredConflict | undefined,
  limit: number,
): Promise<readonly StoredConflict[]> {
  return reader.scan(conflicts, {
    index: 'conflicts_open_by_record',
    prefix: scope,
    limit,
    ...(after === undefined ? {} : { after: { ...after, openSince: after.openSince ?? after.foundAt } }),
  });
}

/** Those that were ended as well, in order of entity type and record. */
export function listConflictsOf(
  reader: Reader,
  scope: ConflictScope,
  after: StoredConflict | undefined,
  limit: number,
): Promise<readonly StoredConflict[]> {
  return reader.scan(conflicts, { prefix: scope, limit, ...(after === undefined ? {} : { after }) });
}

/** Those that a run found first, ended ones as well, in order of entity type and record. */
export function listConflictsFoundBy(
  reader: Reader,
  scope: Pick<StoredConflict, 'customerId' | 'runId'> &
    Partial<Pick<StoredConflict, 'entityType' | 'recordId'>>,
  after: StoredConflict | undefined,
  limit: number,
): Promise<readonly StoredConflict[]> {
  return reader.scan(conflicts, {
    index: 'conflicts_by_run',
    prefix: scope,
    limit,
    ...(after === undefined ? {} : { after }),
  });
}

/** The ids of an entity type's records that have open conflicts, in order, each once, after `after`. */
export async function listHeldRecordIds(
  reader: Reader,
  scope: RecordScope,
  after: string | null,
  limit: number,
): Promise<readonly string[]> {
  const ids: string[] = [];
  let last = after;
  while (ids.length < limit) {
    const page = await reader.scan(conflicts, {
      index: 'conflicts_open_by_record',
      prefix: scope,
      columns: ['recordId'],
      limit,
      // After all that the record may have.
      ...(last === null ? {} : { after: { ...scope, recordId: last, openSince: endOfTime, conflictId: '' } }),
    });
    ids.push(...new Set(page.map(({ recordId }) => recordId)));
    last = ids.at(-1) ?? null;
    if (page.length < limit) break;
  }
  return ids.slice(0, limit);
}

/** Fails with `not_found`: also where the conflict is another customer's. */
export async function readConflict(
  reader: Reader,
  customerId: string,
  conflictId: string,
): Promise<StoredConflict> {
  const [conflict] = await reader.scan(conflicts, {
    index: 'conflicts_by_id',
    prefix: { customerId, conflictId },
  });
  if (conflict !== undefined) return conflict;
  throw new Failure('not_found', 'No such conflict', { data: { customerId, conflictId } });
}

export function putConflicts(transaction: Transaction, rows: readonly StoredConflict[]): void {
  transaction.upsert(conflicts, rows);
}
