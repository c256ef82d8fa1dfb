import type { JsonObject } from '../json/json-value.ts';

export type ChangeAction = 'create' | 'update' | 'delete';

/**
 * Pure. One created, updated or deleted record, as committed. The store's `changes` table is the outbox: `changeId` is the
 * de-duplication key everywhere downstream, `sequence` the order.
 */
export interface Change {
  readonly changeId: string;
  readonly customerId: string;
  readonly integrationId: string;
  readonly vendor: string;
  readonly entityType: string;
  readonly recordId: string;
  /** Per integration: 1, 2, 3, … without gaps. */
  readonly sequence: number;
  readonly action: ChangeAction;
  /** Null exactly for a create. */
  readonly before: JsonObject | null;
  /** Null exactly for a delete. */
  readonly after: JsonObject | null;
  readonly runId: string;
  /** RFC 3339, UTC. */
  readonly changedAt: string;
}

/** Whose changes: one customer's connection to one vendor, the unit of order. */
export interface IntegrationKey {
  readonly customerId: string;
  readonly integrationId: string;
}
