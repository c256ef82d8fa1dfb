import type { Clock } from '../../clock/clock.ts';
import { inQuotes, sqliteTableDdl } from '../ddl.ts';
import { digestMigration, type Migration, pendingMigrations, schemaMigrations } from '../migration.ts';
import { createCommitInstant } from './commit-clock.ts';
import type { WriteSessions } from './write-session.ts';

/**
 * Applies what is pending in one transaction: a second process waits for it, then finds nothing to do; a failed migration leaves
 * no trace.
 */
export async function migrateSqlite(
  sessions: WriteSessions,
  clock: Clock,
  migrations: readonly Migration[],
): Promise<readonly string[]> {
  const session = await sessions.begin();
  const { connection } = session;
  try {
    const own = inQuotes(schemaMigrations.name);
    if (
      connection.all('SELECT 1 FROM sqlite_schema WHERE type = ? AND name = ?', [
        'table',
        schemaMigrations.name,
      ]).length === 0
    ) {
      for (const statement of sqliteTableDdl(schemaMigrations)) connection.exec(statement);
    }
    const applied = connection
      .all(`SELECT "number", "name", "digest" FROM ${own} ORDER BY "number"`, [])
      .map(([number, name, digest]) => ({
        number: Number(number),
        name: String(name),
        digest: String(digest),
      }));
    const pending = pendingMigrations(migrations, applied);
    const commitInstant = createCommitInstant(connection, clock);
    for (const migration of pending) {
      for (const statement of migration.up.flatMap((step) => step.sqlite)) connection.exec(statement);
      connection.run(`INSERT INTO ${own} ("number", "name", "digest", "appliedAt") VALUES (?, ?, ?, ?)`, [
        BigInt(migration.number),
        migration.name,
        digestMigration(migration),
        commitInstant(),
      ]);
    }
    session.commit();
    return pending.map((migration) => migration.name);
  } finally {
    session.end();
  }
}
