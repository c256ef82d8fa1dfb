import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock/clock.ts';
import { createLocalKeyRing } from '../credentials/key-ring.local.ts';
import { createVault } from '../credentials/vault.ts';
import { type LocalChangeBus, openLocalChangeBus } from '../egress/change-bus.local.ts';
import { openDuckDbWarehouse } from '../egress/warehouse.duckdb.ts';
import type { Warehouse } from '../egress/warehouse.ts';
import { isFailure } from '../failure/failure.ts';
import type { Log } from '../observability/log.ts';
import { openSqliteDatabase } from '../orm/database.sqlite.ts';
import type { CommitFaults } from '../orm/database.ts';
import { readIntegration } from '../store/integrations.ts';
import { storeMigrations } from '../store/migrations.ts';
import { storeSchema } from '../store/schema.ts';
import { type LocalTaskQueue, openLocalTaskQueue } from '../tasks/task-queue.local.ts';
import type { Platform } from './platform.ts';

/** The embedded adapters of all ports, in files of one folder that the fleet's processes share. */
export interface LocalPlatform extends Platform {
  readonly tasks: LocalTaskQueue;
  readonly bus: LocalChangeBus;
  /** One process at a time owns the file; one that is about to end is waited for. Closing it is the opener's. */
  readonly openWarehouse: () => Promise<Warehouse>;
}

export interface LocalPlatformOptions {
  readonly home: string;
  readonly clock: Clock;
  readonly log: Log;
  /** False for a service that stores secrets and must never read one. */
  readonly mayUnwrap: boolean;
  /** For tests of crashes: called at each commit of the store. */
  readonly faults?: CommitFaults;
}

/** Opens the platform, creating and migrating what is missing. Several processes may do so at once. */
export async function openLocalPlatform(options: LocalPlatformOptions): Promise<LocalPlatform> {
  const { home, clock, log, mayUnwrap, faults } = options;
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const onFault = (error: unknown) => log.error('The local platform had a fault and goes on', { error });
  const database = await openSqliteDatabase({
    path: join(home, 'store.sqlite'),
    schema: storeSchema,
    clock,
    ...(faults === undefined ? {} : { faults }),
  });
  await database.migrate(storeMigrations);
  const vault = createVault({
    database,
    keyRing: createLocalKeyRing({ path: join(home, 'keys.json') }),
    clock,
    mayUnwrap,
    ringOf: async ({ customerId, integrationId }) =>
      (await readIntegration(database, customerId, integrationId)).vendor,
  });
  const tasks = await openLocalTaskQueue({ path: join(home, 'tasks.sqlite'), clock, onFault });
  const bus = await openLocalChangeBus({ path: join(home, 'bus.sqlite'), clock, onFault });
  return {
    store: database.withCipher(vault),
    vault,
    tasks,
    bus,
    openWarehouse: () =>
      whenReleased(() => openDuckDbWarehouse({ path: join(home, 'warehouse.duckdb'), clock }), clock),
    async close() {
      await tasks.close();
      await bus.close();
      vault.forget();
      await database.close();
    },
  };
}

/** What a process may take to end: its grace, and the time of its closers. */
const endMs = 12_000;
const betweenMs = 100;

/** A predecessor whose parent was killed ends by itself, but owns its files until it has. */
async function whenReleased<Opened>(open: () => Promise<Opened>, clock: Clock): Promise<Opened> {
  const until = clock.now() + endMs;
  for (;;) {
    try {
      return await open();
    } catch (thrown) {
      if (!isFailure(thrown, 'unavailable') || clock.now() >= until) throw thrown;
      await clock.sleep(betweenMs);
    }
  }
}
