import { afterAll, describe, test } from 'vitest';
import { systemClock } from '../clock/clock.system.ts';
import { openSpannerDatabase } from '../orm/database.spanner.ts';
import { findEmulator, startEmulator } from '../testing/emulators.ts';
import { storeMigrations } from './migrations.ts';
import { describeNotices } from './notices.contract.ts';
import { storeSchema } from './schema.ts';

const found = await findEmulator('spanner');

if ('missing' in found) {
  console.warn(`SKIPPED: notices on Spanner. ${found.missing}`);
  describe.skip(`notices on Spanner (${found.missing})`, () => test('the contract', () => {}));
} else {
  const emulator = await startEmulator('spanner', found.path);
  afterAll(() => emulator.stop());

  describeNotices('Spanner', async () => {
    const store = await openSpannerDatabase({
      projectId: 'flotilla',
      instanceId: 'test',
      databaseId: 'notices',
      emulatorHost: emulator.host,
      schema: storeSchema,
      clock: systemClock,
    });
    await store.migrate(storeMigrations);
    return { store, close: () => store.close() };
  });
}
