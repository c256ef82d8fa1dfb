import type { JsonObject } from '../json/json-value.ts';
import { int64, json, string, timestamp } from '../orm/columns.ts';
import type { Reader, Transaction } from '../orm/database.ts';
import { defineTable, type RowOf } from '../orm/table.ts';
import type { RecordedFailure } from '../report/recorded-failure.ts';
import { runs } from './runs.ts';

/** One record that a run writes to the vendor: the intent before the call, the outcome after it. */
export const pushes = defineTable('pushes', {
  columns: {
    customerId: string(64),
    runId: string(64),
    entityType: string(64),
    recordId: string(255),
    /** `create`, `update` or `delete`. */
    action: string(16),
    /**
     * `intended`: committed before the vendor is called; where that is all there is, what came of it is not known. `accepted`: written, read
     * again, and there. `refused`: the vendor said no. `unverified`: it said yes, and what was read again differs.
     */
    state: string(16),
    /** Theirs, read right before; null: the vendor did not have it. */
    before: json<JsonObject>().nullable(),
    /** What was to be written; null: that it be deleted. */
    after: json<JsonObject>().nullable(),
    /** Ours as it was merged, and its version: an edit made while the push was under way is carried over. */
    ours: json<JsonObject>().nullable(),
    version: int64(),
    /** The id that the vendor gave to a record that we created under one of our own. */
    assignedId: string(255).nullable(),
    /** Of a refused or unverified push; its data has the vendor's exact answer. */
    failure: json<RecordedFailure>().nullable(),
    intendedAt: timestamp(),
    finishedAt: timestamp().nullable(),
  },
  primaryKey: ['customerId', 'runId', 'entityType', 'recordId'],
  interleaveIn: { parent: runs, onDelete: 'cascade' },
});
export type Push = RowOf<typeof pushes>;

export interface PushScope {
  readonly customerId: string;
  readonly runId: string;
  readonly entityType: string;
}

/** Those of these records that the run has pushed or means to, by record id. */
export async function readPushes(
  reader: Reader,
  scope: PushScope,
  recordIds: readonly string[],
): Promise<ReadonlyMap<string, Push>> {
  if (recordIds.length === 0) return new Map();
  const rows = await reader.getMany(
    pushes,
    recordIds.map((recordId) => ({ ...scope, recordId })),
  );
  return new Map(rows.map((row) => [row.recordId, row]));
}

/** A run's pushes in order of entity type and record, after `after`. */
export function listPushes(
  reader: Reader,
  { customerId, runId }: Pick<PushScope, 'customerId' | 'runId'>,
  after: Pick<Push, 'entityType' | 'recordId'> | undefined,
  limit: number,
): Promise<readonly Push[]> {
  return reader.scan(pushes, {
    prefix: { customerId, runId },
    limit,
    ...(after === undefined ? {} : { after: { customerId, runId, ...after } }),
  });
}

export function putPushes(transaction: Transaction, rows: readonly Push[]): void {
  transaction.upsert(pushes, rows);
}
