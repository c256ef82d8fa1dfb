import { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../clock/clock.ts';
import { Failure } from '../failure/failure.ts';

/** Increased when the tables change: a file of another version is refused, not guessed at. */
const schemaVersion = 1;

/**
 * The states of a delivery:
 * - `blocked`: an earlier delivery of its ordering key is not through yet. Never so without a key.
 * - `waiting`: to be sent when `due_at` has come.
 * - `running`: being sent by `owner`, whose lease ends at `due_at`: from then on anyone may take it over.
 * - `done`: acknowledged; the row stays as long as its name must not be used again.
 * - `dead`: gave up; kept until replayed or discarded.
 *
 * `waiting` and `running` share the column `due_at`, so "what may be taken now" is one range of one index.
 */
const schema = `
  CREATE TABLE payload (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    head TEXT NOT NULL,
    data BLOB NOT NULL
  );
  CREATE TABLE delivery (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    lane TEXT NOT NULL,
    name TEXT NOT NULL,
    holds_name INTEGER NOT NULL DEFAULT 1,
    ordering_key TEXT,
    payload_id INTEGER,
    state TEXT NOT NULL CHECK (state IN ('blocked', 'waiting', 'running', 'done', 'dead')),
    due_at INTEGER NOT NULL,
    scheduled_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    first_attempt_at INTEGER,
    ended_at INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    executions INTEGER NOT NULL DEFAULT 0,
    owner TEXT,
    last_status INTEGER,
    last_answer TEXT
  );
  CREATE UNIQUE INDEX delivery_by_name ON delivery (lane, name) WHERE holds_name = 1;
  CREATE INDEX delivery_by_due ON delivery (lane, due_at, id) WHERE state IN ('waiting', 'running');
  CREATE INDEX delivery_by_state ON delivery (lane, state, ended_at);
  CREATE INDEX delivery_by_key ON delivery (lane, ordering_key, state, id) WHERE ordering_key IS NOT NULL;
  CREATE INDEX delivery_by_payload ON delivery (payload_id) WHERE payload_id IS NOT NULL;
  CREATE TABLE lane_rate (lane TEXT PRIMARY KEY, tokens REAL NOT NULL, refilled_at INTEGER NOT NULL);
`;

/**
 * Opens the SQLite file that several processes share, and creates its tables when it is new. Every commit reaches the disk before
 * it is reported (`synchronous=FULL`): the store's cursor must never be ahead of what was published here.
 */
export async function openDeliveryDatabase(path: string, clock: Clock): Promise<DatabaseSync> {
  const database = new DatabaseSync(path, { timeout: 10_000 });
  try {
    await switchToWal(database, clock);
    database.exec('PRAGMA synchronous = FULL');
    createTables(database, path);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The switch wants the file for itself and does not wait for it as other statements do, so two processes that start at once collide. */
async function switchToWal(database: DatabaseSync, clock: Clock): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      database.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (attempt === 100 || !isBusy(error))
        throw new Failure('unavailable', 'A local queue file cannot be opened', { cause: error });
      await clock.sleep(20);
    }
  }
}

function createTables(database: DatabaseSync, path: string): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    const found = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
    if (found === 0) database.exec(`${schema} PRAGMA user_version = ${schemaVersion};`);
    else if (found !== schemaVersion) {
      throw new Failure(
        'config_invalid',
        'A local queue file is of another version; delete it or use the matching release',
        { data: { path, found, expected: schemaVersion } },
      );
    }
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

/** SQLite's SQLITE_BUSY, with its extended codes. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 5;
}
