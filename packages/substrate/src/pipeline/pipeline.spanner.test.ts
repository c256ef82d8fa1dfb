import { afterAll, describe, test } from 'vitest';
import { systemClock } from '../clock/clock.system.ts';
import { dataKeys } from '../credentials/data-keys.ts';
import { openSpannerDatabase } from '../orm/database.spanner.ts';
import { customers } from '../store/customers.ts';
import { storeMigrations } from '../store/migrations.ts';
import { runs } from '../store/runs.ts';
import { type Store, storeSchema } from '../store/schema.ts';
import { findEmulator, startEmulator } from '../testing/emulators.ts';
import { describePipelineStore } from './pipeline.contract.ts';
import { createPipelineFixture, owner } from './pipeline.fixture.ts';

/** To make a database costs as much as a test; but the emulator keeps what was deleted, and reads slower and slower. */
const usesOfADatabase = 5;

const found = await findEmulator('spanner');

if ('missing' in found) {
  console.warn(`SKIPPED: the pipeline on Spanner. ${found.missing}`);
  describe.skip(`the pipeline on Spanner (${found.missing})`, () => test('a sync', () => {}));
} else {
  const emulator = await startEmulator('spanner', found.path);
  let databases = 0;
  let uses = 0;
  let database: Store | undefined;
  afterAll(async () => {
    await database?.close();
    await emulator.stop();
  });

  async function openEmptied(): Promise<Store> {
    if (database === undefined || uses === usesOfADatabase) {
      await database?.close();
      database = await create();
      uses = 0;
    } else {
      await wipe(database);
    }
    uses += 1;
    return { ...database, close: () => Promise.resolve() };
  }

  async function create(): Promise<Store> {
    databases += 1;
    const created = await openSpannerDatabase({
      projectId: 'flotilla',
      // The emulator has room for 100 databases in an instance.
      instanceId: `test-${Math.floor(databases / 50)}`,
      databaseId: `pipeline-${databases}`,
      emulatorHost: emulator.host,
      schema: storeSchema,
      clock: systemClock,
    });
    await created.migrate(storeMigrations);
    return created;
  }

  describePipelineStore('Spanner', (options) =>
    createPipelineFixture({ ...options, openDatabase: openEmptied }),
  );
}

/** Deletes all that the tests' one customer has; what lies inside a row goes with it. */
async function wipe(database: Store): Promise<void> {
  const { customerId } = owner;
  await database.transaction(async (transaction) => {
    transaction.deleteRange(customers, { customerId });
    transaction.deleteRange(runs, { customerId });
    transaction.deleteRange(dataKeys, { customerId });
  });
}
