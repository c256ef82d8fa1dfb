import type { Dataset } from '@google-cloud/bigquery';
import { Failure } from '../failure/failure.ts';
import { digestText } from '../json/digest.ts';
import type { JsonValue } from '../json/json-value.ts';
import type { Change } from './change.ts';
import { recordToText } from './record-to-text.ts';
import { isPassingReason, translateBigQueryFailure } from './warehouse-failures.bigquery.ts';
import type { rawColumns } from './warehouse-views.ts';

/** Of one request of `tabledata.insertAll`. */
export interface InsertLimits {
  readonly maxRows: number;
  readonly maxBytes: number;
}

/** BigQuery takes 50,000 rows and 10 MB, and advises 500 (https://cloud.google.com/bigquery/quotas#streaming_inserts). */
export const insertLimits: InsertLimits = { maxRows: 500, maxBytes: 9_900_000 };

export interface InsertRow {
  readonly insertId: string;
  readonly json: Readonly<Record<(typeof rawColumns)[number][0], JsonValue>>;
}

/**
 * Sends the rows request by request: each lands whole or not at all. Fails as `translateBigQueryFailure` says; `invalid_params` for
 * rows that do not fit the table, `too_large` for a change that fits into no request.
 */
export async function insertChanges(
  dataset: Dataset,
  table: string,
  changes: readonly Change[],
  receivedAt: number,
): Promise<void> {
  for (const rows of batchesOf(changes, receivedAt)) {
    try {
      // The library would send the rows that were refused three times more.
      await dataset.table(table).insert(rows, { raw: true, partialRetries: 0 });
    } catch (thrown) {
      throw translateRefusedRows(thrown, table, rows) ?? translateBigQueryFailure(thrown, { table });
    }
  }
}

/** Pure. In order, each request within the limits. Fails with `too_large`, naming the change, where one alone is beyond them. */
export function* batchesOf(
  changes: readonly Change[],
  receivedAt: number,
  { maxRows, maxBytes }: InsertLimits = insertLimits,
): Generator<readonly InsertRow[], void, undefined> {
  const receivedTime = new Date(receivedAt).toISOString();
  let rows: InsertRow[] = [];
  let bytes = 0;
  for (const change of changes) {
    const row = changeToRow(change, receivedTime);
    const size = Buffer.byteLength(JSON.stringify(row)) + 1;
    if (size + envelopeBytes > maxBytes) throw refuseLarge(change, size, maxBytes);
    if (rows.length >= maxRows || (rows.length > 0 && bytes + size > maxBytes)) {
      yield rows;
      rows = [];
    }
    bytes = rows.length === 0 ? envelopeBytes + size : bytes + size;
    rows.push(row);
  }
  if (rows.length > 0) yield rows;
}

const envelopeBytes = Buffer.byteLength('{"rows":[]}');

function changeToRow(change: Change, receivedTime: string): InsertRow {
  const { changeId, customerId, integrationId, before, after } = change;
  return {
    // At most 128 bytes, and one for the whole table: two customers may have changes of one id.
    insertId: digestText(JSON.stringify([customerId, integrationId, changeId])),
    json: {
      change_id: changeId,
      customer_id: customerId,
      integration_id: integrationId,
      vendor: change.vendor,
      entity_type: change.entityType,
      id: change.recordId,
      sequence: change.sequence,
      action: change.action,
      run_id: change.runId,
      changed_at: change.changedAt,
      // A column of type JSON is streamed as text; an object would be taken for a RECORD.
      before: before === null ? null : recordToText(before),
      after: after === null ? null : recordToText(after),
      received_at: receivedTime,
    },
  };
}

function refuseLarge(change: Change, bytes: number, maximumBytes: number): Failure {
  const { changeId, customerId, integrationId, entityType, recordId, sequence } = change;
  return new Failure('too_large', 'One change is larger than a request to BigQuery may be', {
    data: { changeId, customerId, integrationId, entityType, recordId, sequence, bytes, maximumBytes },
  });
}

interface InsertAnswer {
  readonly insertErrors?: readonly {
    readonly index?: number;
    readonly errors?: readonly { readonly reason?: string; readonly location?: string }[];
  }[];
}

/**
 * A request with a bad row is answered 200 with `insertErrors`; the good rows' reason is then `stopped`. BigQuery's messages quote
 * values, which may be a pupil's: only the change and the column are named.
 */
function translateRefusedRows(thrown: unknown, table: string, rows: readonly InsertRow[]): Failure | null {
  if (!(thrown instanceof Error) || thrown.name !== 'PartialFailureError' || !('response' in thrown))
    return null;
  const { insertErrors = [] } = thrown.response as InsertAnswer;
  const refused = insertErrors.flatMap(({ index = 0, errors = [] }) =>
    errors
      .filter(({ reason }) => reason !== 'stopped')
      .map(({ reason = 'unknown', location = '' }) => ({ index, reason, location })),
  );
  const [first] = refused;
  const reasons = [...new Set(refused.map(({ reason }) => reason))];
  const changeId = rows[first?.index ?? 0]?.json.change_id ?? null;
  const data = { table, changeId, column: first?.location ?? null, reasons, rows: refused.length };
  return reasons.some(isPassingReason)
    ? new Failure('unavailable', 'BigQuery does not take it now', { data })
    : new Failure('invalid_params', 'Rows do not fit the table in BigQuery', { data });
}
