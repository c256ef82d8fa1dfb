import type { Conflict } from '../merge/conflict.ts';
import type { PlanLine } from '../merge/plan.ts';
import { json, string, timestamp } from '../orm/columns.ts';
import type { Reader, Transaction } from '../orm/database.ts';
import { defineTable, type RowOf } from '../orm/table.ts';
import { runs } from './runs.ts';

/** What a run would change: kept of a dry run, and of one that is held until somebody has looked. */
export const plannedChanges = defineTable('planned_changes', {
  columns: {
    customerId: string(64),
    runId: string(64),
    entityType: string(64),
    recordId: string(255),
    /** `create`, `update` or `delete`; null: nothing on that side. */
    toOursAction: string(16).nullable(),
    toTheirsAction: string(16).nullable(),
    toOurs: json<readonly PlanLine[]>(),
    toTheirs: json<readonly PlanLine[]>(),
    /** Not empty: the record is held, and nothing is planned for it. */
    conflicts: json<readonly Conflict[]>(),
    expiresAt: timestamp(),
  },
  primaryKey: ['customerId', 'runId', 'entityType', 'recordId'],
  interleaveIn: { parent: runs, onDelete: 'cascade' },
  rowDeletion: { column: 'expiresAt', days: 0 },
});
export type PlannedChange = RowOf<typeof plannedChanges>;

/** A run's planned changes in order of entity type and record, after `after`. */
export function listPlannedChanges(
  reader: Reader,
  scope: { readonly customerId: string; readonly runId: string; readonly entityType?: string },
  after: Pick<PlannedChange, 'entityType' | 'recordId'> | undefined,
  limit: number,
): Promise<readonly PlannedChange[]> {
  const { customerId, runId, entityType } = scope;
  return reader.scan(plannedChanges, {
    prefix: { customerId, runId, ...(entityType === undefined ? {} : { entityType }) },
    limit,
    ...(after === undefined ? {} : { after: { customerId, runId, ...after } }),
  });
}

export function putPlannedChanges(transaction: Transaction, rows: readonly PlannedChange[]): void {
  transaction.upsert(plannedChanges, rows);
}

/** Of one entity type, or of the whole run. */
export function clearPlannedChanges(
  transaction: Transaction,
  scope: { readonly customerId: string; readonly runId: string; readonly entityType?: string },
): void {
  transaction.deleteRange(plannedChanges, scope);
}
