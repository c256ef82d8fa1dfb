import type { JsonValue } from '../json/json-value.ts';
import { encrypted, int64, json, string, timestamp } from '../orm/columns.ts';
import type { Reader, Transaction } from '../orm/database.ts';
import { defineTable, type RowOf } from '../orm/table.ts';
import type { RecordedFailure } from '../report/recorded-failure.ts';
import { integrations } from './integrations.ts';
import type { Run } from './runs.ts';

/** A vendor's record that a run left out, with the reason and the record as it came. */
export const quarantine = defineTable('quarantine', {
  columns: {
    customerId: string(64),
    integrationId: string(64),
    runId: string(64),
    entityType: string(64),
    page: int64(),
    /** Its place on the page, from 0. */
    ordinal: int64(),
    /** Null where no id can be made out. */
    recordId: string('max').nullable(),
    failure: json<RecordedFailure>(),
    /** Sealed: it holds what the mapping would have left out. Null where the vendor sent that for a record. */
    raw: encrypted(json<JsonValue>(), { boundTo: ['customerId', 'integrationId', 'runId'] }).nullable(),
    expiresAt: timestamp(),
  },
  primaryKey: ['customerId', 'integrationId', 'runId', 'entityType', 'page', 'ordinal'],
  interleaveIn: { parent: integrations, onDelete: 'cascade' },
  rowDeletion: { column: 'expiresAt', days: 0 },
});
export type QuarantinedRecord = Omit<RowOf<typeof quarantine>, 'raw'>;

/** At most `limit`, in order of entity type, page and place; without the raw records. */
export function listQuarantined(
  reader: Reader,
  { customerId, integrationId, runId }: Pick<Run, 'customerId' | 'integrationId' | 'runId'>,
  limit: number,
): Promise<readonly QuarantinedRecord[]> {
  return reader.scan(quarantine, {
    prefix: { customerId, integrationId, runId },
    limit,
    columns: [
      'customerId',
      'runId',
      'integrationId',
      'entityType',
      'page',
      'ordinal',
      'recordId',
      'failure',
      'expiresAt',
    ],
  });
}

export function insertQuarantined(transaction: Transaction, rows: readonly RowOf<typeof quarantine>[]): void {
  transaction.upsert(quarantine, rows);
}

export function clearQuarantined(
  transaction: Transaction,
  { customerId, integrationId, runId }: Pick<Run, 'customerId' | 'integrationId' | 'runId'>,
  entityType: string,
): void {
  transaction.deleteRange(quarantine, { customerId, integrationId, runId, entityType });
}
