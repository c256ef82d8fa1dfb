import type { Change, ChangeAction, IntegrationKey } from '../egress/change.ts';
import type { ChangeSource } from '../egress/change-source.ts';
import type { JsonObject } from '../json/json-value.ts';
import { int64, json, string, timestamp } from '../orm/columns.ts';
import type { Database, Reader, Transaction } from '../orm/database.ts';
import { defineTable, type RowOf } from '../orm/table.ts';
import { customers } from './customers.ts';
import { integrations } from './integrations.ts';
import type { Run } from './runs.ts';

const changesPage = 500;

/** A field, and why it is what it is. */
export interface DecidedField {
  readonly pointer: string;
  readonly rule: string;
}

/** A change with what is behind it, which stays in the store. */
export type RecordedChange = Change & {
  readonly rules: readonly DecidedField[] | null;
  /** Who edited our record; of what a merge brought, null or left out. */
  readonly actor?: string | null;
};

/** Every change with its before-image: the history, and the outbox from which the relay publishes. */
export const changes = defineTable('changes', {
  columns: {
    customerId: string(64),
    integrationId: string(64),
    /** 1, 2, 3 … without gaps, given out under the lease. */
    sequence: int64(),
    changeId: string(64),
    vendor: string(64),
    entityType: string(64),
    recordId: string(255),
    action: string(16),
    before: json<JsonObject>().nullable(),
    after: json<JsonObject>().nullable(),
    /** The rule that decided each field, where it was more than that the vendor changed it. */
    rules: json<readonly DecidedField[]>().nullable(),
    /** The person or program that edited our record; null: a run did. */
    actor: string(320).nullable(),
    runId: string(64),
    changedAt: timestamp(),
  },
  primaryKey: ['customerId', 'integrationId', 'sequence'],
  indexes: [
    {
      name: 'changes_by_record',
      columns: [
        'customerId',
        'integrationId',
        'entityType',
        'recordId',
        { column: 'sequence', descending: true },
      ],
    },
  ],
  interleaveIn: { parent: integrations, onDelete: 'cascade' },
});

/** How far an integration's changes have been published. */
export const relayCursors = defineTable('relay_cursors', {
  columns: { customerId: string(64), integrationId: string(64), sequence: int64() },
  primaryKey: ['customerId', 'integrationId'],
  interleaveIn: { parent: customers, onDelete: 'cascade' },
});

export function insertChanges(transaction: Transaction, rows: readonly RecordedChange[]): void {
  transaction.insert(changes, rows);
}

/** Changes after `sequence`, ascending. */
export async function readChanges(
  reader: Reader,
  integration: IntegrationKey,
  sequence: number,
  limit: number,
): Promise<readonly RecordedChange[]> {
  const { customerId, integrationId } = integration;
  const rows = await reader.scan(changes, {
    prefix: { customerId, integrationId },
    after: { customerId, integrationId, sequence },
    limit,
  });
  return rows.map(rowToChange);
}

/** An integration's changes, latest first; those before the sequence `before` where it is given. */
export async function listLatestChanges(
  reader: Reader,
  { customerId, integrationId }: IntegrationKey,
  before: number | undefined,
  limit: number,
): Promise<readonly RecordedChange[]> {
  const prefix = { customerId, integrationId };
  const rows = await reader.scan(changes, {
    prefix,
    descending: true,
    limit,
    ...(before === undefined ? {} : { after: { ...prefix, sequence: before } }),
  });
  return rows.map(rowToChange);
}

/** A record's changes, latest first; those before the sequence `before` where it is given. */
export async function listRecordChanges(
  reader: Reader,
  record: IntegrationKey & { readonly entityType: string; readonly recordId: string },
  before: number | undefined,
  limit: number,
): Promise<readonly RecordedChange[]> {
  const { customerId, integrationId, entityType, recordId } = record;
  const prefix = { customerId, integrationId, entityType, recordId };
  const rows = await reader.scan(changes, {
    index: 'changes_by_record',
    prefix,
    limit,
    ...(before === undefined ? {} : { after: { ...prefix, sequence: before } }),
  });
  return rows.map(rowToChange);
}

/** The first changes of a run. Those of other runs may lie between them, where it was held up. */
export async function readRunChanges(
  reader: Reader,
  run: Run,
  limit: number,
): Promise<readonly RecordedChange[]> {
  const found: RecordedChange[] = [];
  let sequence = run.firstSequence;
  while (sequence !== null && found.length < limit) {
    const page = await readChanges(reader, run, sequence, changesPage);
    found.push(...page.filter((change) => change.runId === run.runId).slice(0, limit - found.length));
    const last = page.at(-1)?.sequence ?? null;
    const isPast = last === null || page.length < changesPage || last >= (run.lastSequence ?? last + 1);
    sequence = isPast ? null : last;
  }
  return found;
}

/** The store as the relay sees it. */
export function createChangeSource(database: Database): ChangeSource {
  return {
    async readCursor({ customerId, integrationId }) {
      return (await database.get(relayCursors, { customerId, integrationId }))?.sequence ?? 0;
    },
    async readAfter(integration, sequence, limit) {
      const rows = await readChanges(database, integration, sequence, limit);
      return rows.map(({ rules: _rules, actor: _actor, ...change }) => change);
    },
    async advance({ customerId, integrationId }, sequence) {
      await database.transaction(async (transaction) => {
        const cursor = await transaction.get(relayCursors, { customerId, integrationId });
        if (cursor !== undefined && cursor.sequence >= sequence) return;
        transaction.upsert(relayCursors, { customerId, integrationId, sequence });
      });
    },
  };
}

function rowToChange(row: RowOf<typeof changes>): RecordedChange {
  return { ...row, action: row.action as ChangeAction };
}
