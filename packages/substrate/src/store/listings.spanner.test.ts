import { afterAll, describe, test } from 'vitest';
import { systemClock } from '../clock/clock.system.ts';
import { openSpannerDatabase } from '../orm/database.spanner.ts';
import { findEmulator, startEmulator } from '../testing/emulators.ts';
import { describeListings } from './listings.contract.ts';
import { storeMigrations } from './migrations.ts';
import { storeSchema } from './schema.ts';
import { describeStandings } from './standings.contract.ts';

const found = await findEmulator('spanner');

if ('missing' in found) {
  console.warn(`SKIPPED: listings on Spanner. ${found.missing}`);
  describe.skip(`listings on Spanner (${found.missing})`, () => test('a page', () => {}));
} else {
  const emulator = await startEmulator('spanner', found.path);
  afterAll(() => emulator.stop());
  let databases = 0;

  async function createAdapter() {
    databases += 1;
    const address = {
      projectId: 'flotilla',
      instanceId: 'test',
      databaseId: `listings-${databases}`,
      emulatorHost: emulator.host,
    };
    const database = await openSpannerDatabase({ ...address, schema: storeSchema, clock: systemClock });
    await database.migrate(storeMigrations);
    return database;
  }

  describeListings('Spanner', createAdapter);
  describeStandings('Spanner', createAdapter);
}
