import type { Snapshot } from '@google-cloud/spanner';
import type { QueryParameters } from './query-parameters.ts';
import type { RawValue } from './spanner-value.ts';

/** What the client gives for a row, with the values left as `leaveValuesRaw` says. */
export type ClientRow = readonly { readonly name: string; readonly value: RawValue }[];

export interface ReadRequest {
  readonly columns: readonly string[];
  /** As the protocol has it: the client's own `keys` and `ranges` would be encoded without their columns' types. */
  readonly keySet: object;
  readonly index?: string;
  readonly limit?: number;
}

/**
 * The client's streams repeat every failed request for seconds, also an aborted one (the whole body must run again) and a wrong
 * one, which stays wrong (google-gax, retry-request; measured with 9.0.0). What is worth it, UNAVAILABLE, the client's own
 * result stream repeats.
 */
const gaxOptions = { retryRequestOptions: { retries: 0, noResponseRetries: 0, shouldRetryFn: () => false } };

export async function readRows(
  snapshot: Snapshot,
  table: string,
  request: ReadRequest,
): Promise<readonly ClientRow[]> {
  const [rows] = await snapshot.read(table, { ...request, columns: [...request.columns], gaxOptions });
  return toClientRows(rows);
}

export async function runSql(
  snapshot: Snapshot,
  sql: string,
  parameters: QueryParameters,
): Promise<readonly ClientRow[]> {
  const request = { sql, ...parameters, gaxOptions };
  // The client's types know neither parameters that are encoded already nor that `run` without a callback gives a promise only.
  const [rows] = (await snapshot.run(request as unknown as { sql: string })) as unknown as readonly [unknown];
  return toClientRows(rows);
}

/** The client declares rows as arrays of fields or as JSON, by an option that we never give. */
function toClientRows(rows: unknown): readonly ClientRow[] {
  return rows as readonly ClientRow[];
}
