import type { Clock } from '../../clock/clock.ts';
import { microsToFixedInstant } from '../instant.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

/**
 * Commit timestamps as Spanner gives them, and stricter: each later than every one before, across processes, even when the
 * machine's clock is set back. So they order changes by commit. The last one is kept in the file.
 */
export function prepareCommitClock(connection: SqliteConnection): void {
  connection.exec(
    'CREATE TABLE IF NOT EXISTS "_commit_clock" ("id" INTEGER PRIMARY KEY, "micros" INTEGER NOT NULL) STRICT',
  );
  connection.exec('INSERT OR IGNORE INTO "_commit_clock" VALUES (1, 0)');
}

/** The time of the commit under way, taken when first asked for; to be called within the write transaction. */
export function createCommitInstant(connection: SqliteConnection, clock: Clock): () => string {
  let instant: string | undefined;
  return () => {
    if (instant === undefined) {
      const sql =
        'UPDATE "_commit_clock" SET "micros" = max("micros" + 1, ?) WHERE "id" = 1 RETURNING "micros"';
      const micros = connection.all(sql, [BigInt(Math.trunc(clock.now())) * 1000n])[0]?.[0];
      instant = microsToFixedInstant(BigInt(micros as bigint));
    }
    return instant;
  };
}
