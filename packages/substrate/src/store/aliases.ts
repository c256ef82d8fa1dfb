import { string, timestamp } from '../orm/columns.ts';
import type { Reader, Transaction } from '../orm/database.ts';
import { defineTable } from '../orm/table.ts';
import { integrations } from './integrations.ts';
import type { RecordScope } from './records.ts';

/** The ids under which we created records that the vendor then gave ids of its own: who still knows the first finds the second. */
export const aliases = defineTable('record_aliases', {
  columns: {
    customerId: string(64),
    integrationId: string(64),
    entityType: string(64),
    /** Ours, of before. */
    alias: string(255),
    recordId: string(255),
    assignedAt: timestamp(),
  },
  primaryKey: ['customerId', 'integrationId', 'entityType', 'alias'],
  interleaveIn: { parent: integrations, onDelete: 'cascade' },
});

/** The record ids that these ids became; one that stayed is not among them. */
export async function readAliases(
  reader: Reader,
  scope: RecordScope,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await reader.getMany(
    aliases,
    ids.map((alias) => ({ ...scope, alias })),
  );
  return new Map(rows.map(({ alias, recordId }) => [alias, recordId]));
}

export function putAlias(
  transaction: Transaction,
  scope: RecordScope,
  alias: string,
  recordId: string,
  assignedAt: string,
): void {
  transaction.upsert(aliases, { ...scope, alias, recordId, assignedAt });
}
