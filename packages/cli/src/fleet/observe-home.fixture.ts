import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { systemClock } from '@flotilla/substrate/clock/clock.system';

/** How far a fleet has come, as its files show it: what needs no process of the fleet to answer. */
export interface Sight {
  /** Runs of the night, and whether the fan-out has begun them all. */
  readonly runs: number;
  readonly isFannedOut: boolean;
  /** Runs that have not ended. */
  readonly openRuns: number;
  /** Entity types under way, by stage. */
  readonly merging: number;
  /** Over all customers: pages staged, changes committed, changes published. */
  readonly pages: number;
  readonly changes: number;
  readonly published: number;
  /** Messages that were published, those among them that the warehouse has not acknowledged, and those being pushed now. */
  readonly messages: number;
  readonly unacknowledged: number;
  readonly pushing: number;
  /** Control's tasks being done now. */
  readonly fanningOut: number;
}

/** Everything in the store that must not depend on where a process was killed. */
export interface StoredState {
  readonly run: object | undefined;
  readonly entityTypes: readonly object[];
  readonly records: readonly object[];
  readonly changes: readonly object[];
  readonly leftOver: object | undefined;
}

export interface HomeObserver extends Disposable {
  look(night: string): Sight;
  readStored(customerId: string): StoredState;
  /** Tasks and messages that were given up. */
  countDead(): number;
}

export function observeHome(home: string): HomeObserver {
  const [store, tasks, bus] = ['store', 'tasks', 'bus'].map(
    (name) => new DatabaseSync(join(home, `${name}.sqlite`), { readOnly: true, timeout: 5_000 }),
  ) as [DatabaseSync, DatabaseSync, DatabaseSync];
  const progress = store.prepare(`SELECT
    (SELECT count(*) FROM runs WHERE night = $night) AS runs,
    (SELECT state FROM nights WHERE night = $night) AS night,
    (SELECT count(*) FROM runs WHERE openSince IS NOT NULL) AS openRuns,
    (SELECT count(*) FROM run_entity_types WHERE stage = 'merging') AS merging,
    (SELECT coalesce(sum(pages), 0) FROM run_entity_types) AS pages,
    (SELECT coalesce(sum(lastSequence), 0) FROM leases) AS changes,
    (SELECT coalesce(sum(sequence), 0) FROM relay_cursors) AS published`);
  const delivery = bus.prepare(`SELECT
    coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'payload'), 0) AS messages,
    count(*) AS unacknowledged,
    count(*) FILTER (WHERE state = 'running' AND due_at > $alive) AS pushing
    FROM delivery WHERE state <> 'dead'`);
  const fanOut = tasks.prepare(
    "SELECT count(*) AS running FROM delivery WHERE lane = 'control' AND state = 'running' AND due_at > $alive",
  );
  const dead = [tasks, bus].map((database) =>
    database.prepare("SELECT count(*) AS dead FROM delivery WHERE state = 'dead'"),
  );

  function all(sql: string, ...values: SQLInputValue[]): readonly object[] {
    return store.prepare(sql).all(...values);
  }

  return {
    look(night) {
      // A lease is of five seconds and prolonged every second: one that ends sooner is a killed process's.
      const $alive = systemClock.now() + 3_900;
      const seen = { ...progress.get({ $night: night }), ...delivery.get({ $alive }) };
      const count = (name: keyof typeof seen) => Number(seen[name]);
      return {
        runs: count('runs'),
        isFannedOut: seen['night'] === 'started',
        openRuns: count('openRuns'),
        merging: count('merging'),
        pages: count('pages'),
        changes: count('changes'),
        published: count('published'),
        messages: count('messages'),
        unacknowledged: count('unacknowledged'),
        pushing: count('pushing'),
        fanningOut: Number(fanOut.get({ $alive })?.['running']),
      };
    },
    readStored(customerId) {
      const latest = '(SELECT runId FROM runs WHERE customerId = ?1 ORDER BY requestedAt DESC LIMIT 1)';
      return {
        run: all(
          'SELECT state, openSince, failure, firstSequence, lastSequence FROM runs WHERE customerId = ?1 ORDER BY requestedAt DESC LIMIT 1',
          customerId,
        )[0],
        entityTypes: all(
          `SELECT entityType, stage, pages, counts, failure FROM run_entity_types WHERE customerId = ?1 AND runId = ${latest} ORDER BY entityType`,
          customerId,
        ),
        records: all(
          'SELECT entityType, recordId, hash, value FROM records WHERE customerId = ? ORDER BY entityType, recordId',
          customerId,
        ),
        changes: all(
          'SELECT sequence, action, entityType, recordId, "before", "after" FROM changes WHERE customerId = ? ORDER BY sequence',
          customerId,
        ),
        leftOver: all(
          `SELECT (SELECT count(*) FROM staged_records WHERE customerId = ?1) AS staged,
          (SELECT count(*) FROM leases WHERE customerId = ?1 AND runId IS NOT NULL) AS leases,
          (SELECT count(*) FROM pages WHERE customerId = ?1 AND runId = ${latest}) AS pages,
          (SELECT lastSequence FROM leases WHERE customerId = ?1) - (SELECT sequence FROM relay_cursors WHERE customerId = ?1) AS unpublished`,
          customerId,
        )[0],
      };
    },
    countDead: () => dead.reduce((sum, statement) => sum + Number(statement.get()?.['dead']), 0),
    [Symbol.dispose]() {
      for (const database of [store, tasks, bus]) database.close();
    },
  };
}
