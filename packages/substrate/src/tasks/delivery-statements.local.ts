import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { ClaimedDelivery, DeadDelivery } from './delivery-table.local.ts';

export type Row = Record<string, SQLOutputValue>;

/** Every statement of the delivery table, prepared once for a connection. */
export function prepareStatements(database: DatabaseSync) {
  const isLive = `state IN ('waiting', 'running')`;
  const isHeld = `id = ? AND owner = ? AND attempts = ? AND state = 'running'`;
  const headOfKey = (lane: string, key: string) =>
    `SELECT min(id) FROM delivery WHERE lane = ${lane} AND ordering_key = ${key} AND state = 'blocked'`;
  const prepare = (text: string) => database.prepare(text);
  return {
    addPayload: prepare('INSERT INTO payload (head, data) VALUES (?, ?)'),
    removePayload: prepare(
      'DELETE FROM payload WHERE id = ? AND NOT EXISTS (SELECT 1 FROM delivery WHERE payload_id = ?)',
    ),
    payloadOf: prepare('SELECT payload_id FROM delivery WHERE id = ?'),
    dropPayloadReference: prepare('UPDATE delivery SET payload_id = NULL WHERE id = ?'),
    nameHolder: prepare(
      'SELECT id, state, ended_at FROM delivery WHERE lane = ? AND name = ? AND holds_name = 1',
    ),
    freeName: prepare('UPDATE delivery SET holds_name = 0 WHERE id = ?'),
    remove: prepare('DELETE FROM delivery WHERE id = ?'),
    liveOfKey: prepare(
      `SELECT 1 FROM delivery WHERE lane = ? AND ordering_key = ? AND state IN ('blocked', 'waiting', 'running') LIMIT 1`,
    ),
    add: prepare(
      `INSERT INTO delivery (lane, name, ordering_key, payload_id, state, due_at, scheduled_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    moveLane: prepare(`UPDATE delivery SET lane = ? WHERE lane = ? AND state = 'blocked'`),
    unblockHeads:
      prepare(`UPDATE delivery SET state = 'waiting', due_at = ? WHERE lane = ? AND state = 'blocked' AND (ordering_key IS NULL OR id IN
      (SELECT min(id) FROM delivery AS head WHERE lane = ? AND ordering_key IS NOT NULL AND state IN ('blocked', 'waiting', 'running') GROUP BY ordering_key))`),
    nextDue: prepare(`SELECT due_at FROM delivery WHERE lane = ? AND ${isLive} ORDER BY due_at LIMIT 1`),
    countRunning: prepare(
      `SELECT count(*) AS count FROM delivery WHERE lane = ? AND state = 'running' AND due_at > ?`,
    ),
    due: prepare(`SELECT delivery.*, payload.head, payload.data FROM delivery JOIN payload ON payload.id = delivery.payload_id
      WHERE lane = ? AND ${isLive} AND due_at <= ? ORDER BY due_at, delivery.id LIMIT ?`),
    take: prepare(
      `UPDATE delivery SET state = 'running', owner = ?, attempts = attempts + 1, due_at = ?, first_attempt_at = coalesce(first_attempt_at, ?) WHERE id = ?`,
    ),
    prolong: prepare(`UPDATE delivery SET due_at = ? WHERE ${isHeld}`),
    isHeld: prepare(`SELECT 1 FROM delivery WHERE ${isHeld}`),
    retry: prepare(
      `UPDATE delivery SET state = 'waiting', owner = NULL, due_at = ?, scheduled_at = ?, executions = executions + ?, last_status = ?, last_answer = ? WHERE id = ?`,
    ),
    release: prepare(
      `UPDATE delivery SET state = 'waiting', owner = NULL, attempts = attempts - 1, due_at = ? WHERE ${isHeld}`,
    ),
    end: prepare(
      `UPDATE delivery SET state = ?, owner = NULL, ended_at = ?, last_status = ?, last_answer = ? WHERE id = ?`,
    ),
    unblock: prepare(
      `UPDATE delivery SET state = 'waiting', due_at = ?1 WHERE id = (${headOfKey('?2', '?3')})`,
    ),
    bucket: prepare('SELECT tokens, refilled_at FROM lane_rate WHERE lane = ?'),
    setBucket: prepare(
      'INSERT INTO lane_rate (lane, tokens, refilled_at) VALUES (?, ?, ?) ON CONFLICT (lane) DO UPDATE SET tokens = excluded.tokens, refilled_at = excluded.refilled_at',
    ),
    countByState: prepare(
      `SELECT state, count(*) AS count FROM delivery WHERE lane = ? AND state IN ('blocked', 'waiting', 'running', 'dead') GROUP BY state`,
    ),
    oldest: prepare(
      `SELECT min(created_at) AS created_at FROM delivery WHERE lane = ? AND state IN ('blocked', 'waiting', 'running')`,
    ),
    listDead:
      prepare(`SELECT delivery.*, payload.head, payload.data FROM delivery JOIN payload ON payload.id = delivery.payload_id
      WHERE lane = ? AND state = 'dead' ORDER BY ended_at DESC, delivery.id DESC LIMIT ?`),
    findDead: prepare(`SELECT id FROM delivery WHERE lane = ? AND state = 'dead' AND name = ?`),
    deadById: prepare(`SELECT * FROM delivery WHERE lane = ? AND id = ? AND state = 'dead'`),
    revive: prepare(
      `UPDATE delivery SET state = ?, holds_name = 1, attempts = 0, executions = 0, first_attempt_at = NULL, ended_at = NULL, due_at = ?, scheduled_at = ? WHERE id = ?`,
    ),
    sweep: prepare(`DELETE FROM delivery WHERE lane = ? AND state = 'done' AND ended_at <= ?`),
  };
}

export function rowToClaimed(row: Row, owner: string, at: number): ClaimedDelivery {
  return {
    id: Number(row['id']),
    lane: String(row['lane']),
    name: String(row['name']),
    orderingKey: row['ordering_key'] as string | null,
    owner,
    attempt: Number(row['attempts']) + 1,
    executions: Number(row['executions']),
    firstAttemptAt: Number(row['first_attempt_at'] ?? at),
    scheduledAt: Number(row['scheduled_at']),
    lastStatus: row['last_status'] as number | null,
    head: String(row['head']),
    data: row['data'] as Uint8Array,
  };
}

export function rowToDead(row: Row): DeadDelivery {
  return {
    id: Number(row['id']),
    name: String(row['name']),
    orderingKey: row['ordering_key'] as string | null,
    attempts: Number(row['attempts']),
    createdAt: Number(row['created_at']),
    diedAt: Number(row['ended_at']),
    lastStatus: row['last_status'] as number | null,
    lastAnswer: String(row['last_answer']),
    head: String(row['head']),
    data: row['data'] as Uint8Array,
  };
}
