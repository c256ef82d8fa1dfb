import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';
import type { Change } from './change.ts';
import { recordToText } from './record-to-text.ts';

type DuckDb = typeof import('@duckdb/node-api');

/** Highest sequence landed, by table, customer and integration. */
export type HighestSequences = ReadonlyMap<string, number>;

/**
 * Appends within the caller's transaction what has not landed yet. Answers the highest sequences as they are once that commits.
 */
export async function appendRows(
  duckdb: DuckDb,
  connection: DuckDBConnection,
  table: string,
  changes: readonly Change[],
  known: HighestSequences,
  receivedAt: number,
): Promise<HighestSequences> {
  const highest = new Map<string, number>();
  const fresh: Change[] = [];
  for (const [key, ofIntegration] of Map.groupBy(changes, (change) =>
    JSON.stringify([table, change.customerId, change.integrationId]),
  )) {
    const landed = known.get(key) ?? (await readHighest(connection, table, ofIntegration));
    fresh.push(...(await leaveOutLanded(duckdb, connection, table, ofIntegration, landed)));
    highest.set(
      key,
      ofIntegration.reduce((most, { sequence }) => Math.max(most, sequence), landed),
    );
  }
  const appender = await connection.createAppender(table);
  try {
    const receivedTime = toTimestamp(duckdb, receivedAt);
    for (const change of fresh) appendRow(duckdb, appender, change, receivedTime);
    appender.flushSync();
  } finally {
    appender.closeSync();
  }
  return highest;
}

async function readHighest(
  connection: DuckDBConnection,
  table: string,
  [change]: readonly Change[],
): Promise<number> {
  const sql = `SELECT coalesce(max(sequence), 0) FROM "${table}" WHERE customer_id = $1 AND integration_id = $2`;
  const reader = await connection.runAndReadAll(sql, [change?.customerId ?? '', change?.integrationId ?? '']);
  return Number(reader.getRows()[0]?.[0]);
}

/** Above the highest sequence landed nothing can have landed; below it the table says. */
async function leaveOutLanded(
  duckdb: DuckDb,
  connection: DuckDBConnection,
  table: string,
  changes: readonly Change[],
  highest: number,
): Promise<readonly Change[]> {
  const once = new Map(changes.map((change) => [change.changeId, change]));
  const doubtful = [...once.values()].filter(({ sequence }) => sequence <= highest);
  const [first] = doubtful;
  if (first === undefined) return [...once.values()];
  const sql = `SELECT change_id FROM "${table}"
    WHERE customer_id = $1 AND integration_id = $2 AND sequence BETWEEN $3 AND $4 AND change_id IN (SELECT unnest($5))`;
  const bounds = doubtful.map(({ sequence }) => sequence);
  const reader = await connection.runAndReadAll(
    sql,
    [
      first.customerId,
      first.integrationId,
      BigInt(bounds.reduce((a, b) => Math.min(a, b))),
      BigInt(bounds.reduce((a, b) => Math.max(a, b))),
      duckdb.listValue(doubtful.map(({ changeId }) => changeId)),
    ],
    [duckdb.VARCHAR, duckdb.VARCHAR, duckdb.BIGINT, duckdb.BIGINT, duckdb.LIST(duckdb.VARCHAR)],
  );
  for (const [changeId] of reader.getRows()) once.delete(String(changeId));
  return [...once.values()];
}

/** In the order of `rawColumns`. */
function appendRow(
  duckdb: DuckDb,
  appender: DuckDBAppender,
  change: Change,
  receivedAt: ReturnType<typeof toTimestamp>,
): void {
  const { changeId, customerId, integrationId, vendor, entityType, recordId, sequence, action, runId } =
    change;
  for (const text of [changeId, customerId, integrationId, vendor, entityType, recordId])
    appender.appendVarchar(text);
  appender.appendBigInt(BigInt(sequence));
  appender.appendVarchar(action);
  appender.appendVarchar(runId);
  appender.appendTimestampTZ(toTimestamp(duckdb, Date.parse(change.changedAt)));
  for (const record of [change.before, change.after]) {
    if (record === null) appender.appendNull();
    else appender.appendVarchar(recordToText(record));
  }
  appender.appendTimestampTZ(receivedAt);
  appender.endRow();
}

function toTimestamp(duckdb: DuckDb, ms: number) {
  return new duckdb.DuckDBTimestampTZValue(BigInt(Math.trunc(ms)) * 1000n);
}
