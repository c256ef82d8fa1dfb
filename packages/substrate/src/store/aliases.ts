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
  const next = new Map<string, string>();
  let unread = [...new Set(ids)];
  // An id that the vendor gave may have been replaced in its turn: the record was deleted there, and created by us once more.
  while (unread.length > 0) {
    const rows = await reader.getMany(
      aliases,
      unread.map((alias) => ({ ...scope, alias })),
    );
    for (const { alias, recordId } of rows) next.set(alias, recordId);
    unread = rows.map(({ recordId }) => recordId).filter((id) => !next.has(id));
  }
  return new Map(ids.filter((id) => next.has(id)).map((id) => [id, follow(next, id)]));
}

function follow(next: ReadonlyMap<string, string>, id: string): string {
  const passed = new Set([id]);
  let at = id;
  for (let to = next.get(at); to !== undefined && !passed.has(to); to = next.get(at)) {
    passed.add(to);
    at = to;
  }
  return at;
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
