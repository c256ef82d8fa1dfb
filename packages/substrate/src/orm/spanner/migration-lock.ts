import { randomUUID } from 'node:crypto';
import { systemClock } from '../../clock/clock.system.ts';
import type { Clock } from '../../clock/clock.ts';
import { commitTime } from '../columns.ts';
import type { Database, Transaction } from '../database.ts';
import { schemaMigrations } from '../migration.ts';
import type { Schema } from '../table.ts';

const leaseMs = 120_000;
const heartbeatMs = 30_000;
const pollMs = 250;
/** No migration has this number: the row is the lock. */
const lockNumber = 0;

type Transactions = Pick<Database<Schema>, 'transaction'>;

/**
 * Holds a lock in the database while `run` runs: schema changes are no part of transactions, so two processes that migrate at
 * once would mix theirs. The holder renews it; two minutes after a holder's death the next one takes it.
 */
export async function withMigrationLock<R>(
  database: Transactions,
  clock: Clock,
  run: () => Promise<R>,
): Promise<R> {
  const holder = randomUUID();
  while (!(await database.transaction((transaction) => takeLock(transaction, holder, clock.now())))) {
    await systemClock.sleep(pollMs);
  }
  const stop = new AbortController();
  const beating = beat(database, holder, stop.signal);
  try {
    return await run();
  } finally {
    stop.abort();
    await beating;
    await database.transaction(async (transaction) => {
      const lock = await transaction.get(schemaMigrations, { number: lockNumber });
      if (lock?.name === holder) transaction.delete(schemaMigrations, { number: lockNumber });
    });
  }
}

async function takeLock(transaction: Transaction, holder: string, now: number): Promise<boolean> {
  const lock = await transaction.get(schemaMigrations, { number: lockNumber });
  if (lock !== undefined && lock.name !== holder && Date.parse(lock.appliedAt) + leaseMs > now) return false;
  transaction.upsert(schemaMigrations, {
    number: lockNumber,
    name: holder,
    digest: 'lock',
    appliedAt: commitTime,
  });
  return true;
}

async function beat(database: Transactions, holder: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const stopped = await systemClock.sleep(heartbeatMs, signal).then(
      () => false,
      () => true,
    );
    if (stopped) return;
    // A beat that fails is made good by the next one: the lease lasts four.
    await database
      .transaction(async (transaction) =>
        transaction.update(schemaMigrations, { number: lockNumber, name: holder, appliedAt: commitTime }),
      )
      .catch(() => {});
  }
}
