import type { Database as SpannerDatabase } from '@google-cloud/spanner';
import { systemClock } from '../../clock/clock.system.ts';
import type { Clock } from '../../clock/clock.ts';
import { Failure } from '../../failure/failure.ts';
import { commitTime } from '../columns.ts';
import type { Database } from '../database.ts';
import { spannerTableDdl } from '../ddl.ts';
import {
  type AppliedMigration,
  digestMigration,
  type Migration,
  pendingMigrations,
  schemaMigrations,
} from '../migration.ts';
import { retryAborted } from '../retry-aborted.ts';
import type { Schema } from '../table.ts';
import { withMigrationLock } from './migration-lock.ts';
import { translated } from './spanner-failure.ts';

/**
 * Applies what is pending, one statement at a time, and records each migration when all of it is done. Spanner's schema changes
 * are no part of a transaction: a process that dies in the middle leaves statements applied but the migration unrecorded. The
 * next one repeats it, and passes over what is there (or gone) already.
 */
export async function migrateSpanner(
  client: SpannerDatabase,
  database: Pick<Database<Schema>, 'transaction' | 'scan'>,
  clock: Clock,
  migrations: readonly Migration[],
): Promise<readonly string[]> {
  const known = await readApplied(database);
  if (known === undefined) {
    for (const statement of spannerTableDdl(schemaMigrations)) await changeSchema(client, statement);
  } else if (pendingMigrations(migrations, known).length === 0) {
    return [];
  }
  return withMigrationLock(database, clock, async () => {
    const pending = pendingMigrations(migrations, (await readApplied(database)) ?? []);
    for (const migration of pending) {
      for (const statement of migration.up.flatMap((step) => step.spanner))
        await changeSchema(client, statement);
      await database.transaction(async (transaction) =>
        transaction.insert(schemaMigrations, {
          number: migration.number,
          name: migration.name,
          digest: digestMigration(migration),
          appliedAt: commitTime,
        }),
      );
    }
    return pending.map((migration) => migration.name);
  });
}

/** What is applied; undefined in a database that was never migrated. Every start of a service asks, and schema changes are few a second. */
async function readApplied(
  database: Pick<Database<Schema>, 'scan'>,
): Promise<readonly AppliedMigration[] | undefined> {
  try {
    return (await database.scan(schemaMigrations)).filter((row) => row.number > 0);
  } catch (thrown) {
    if (/table not found/i.test(reasonOf(thrown))) return undefined;
    throw thrown;
  }
}

async function changeSchema(client: SpannerDatabase, statement: string): Promise<void> {
  await retryAborted(systemClock, async () => {
    try {
      await translated(async () => {
        const [operation] = await client.updateSchema([statement]);
        await operation.promise();
      });
    } catch (thrown) {
      if (!isDoneAlready(statement, thrown)) throw withReason(statement, thrown);
    }
  });
}

const alreadyThere = /duplicate name|already exists|duplicate column/i;
const goneAlready = /not found|does not exist/i;

function isDoneAlready(statement: string, thrown: unknown): boolean {
  const reason = reasonOf(thrown);
  return /^\s*DROP /i.test(statement) ? goneAlready.test(reason) : alreadyThere.test(reason);
}

/** What Spanner says of DDL names tables and columns, never rows: it may be shown. */
function withReason(statement: string, thrown: unknown): unknown {
  if (!(thrown instanceof Failure) || thrown.code === 'aborted' || thrown.code === 'unavailable')
    return thrown;
  return new Failure('internal', 'Spanner refused a schema change', {
    data: { statement, reason: reasonOf(thrown) },
    cause: thrown,
  });
}

function reasonOf(thrown: unknown): string {
  return thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause.message : '';
}
