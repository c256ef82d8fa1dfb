import { afterAll, describe, test } from 'vitest';
import { systemClock } from '../clock/clock.system.ts';
import { findSpannerEmulator, startSpannerEmulator } from '../testing/emulators.ts';
import { fixtureSchema } from './contract/fixture-tables.ts';
import { describeDatabase } from './database.contract.ts';
import { openSpannerDatabase } from './database.spanner.ts';

const found = await findSpannerEmulator();

if ('missing' in found) {
  console.warn(`SKIPPED: the database contract on Spanner. ${found.missing}`);
  describe.skip(`Spanner (${found.missing})`, () => test('the database contract', () => {}));
} else {
  const emulator = await startSpannerEmulator(found.path);
  afterAll(() => emulator.stop());
  let databases = 0;

  describeDatabase('Spanner', async () => {
    databases += 1;
    const address = {
      projectId: 'flotilla',
      instanceId: 'test',
      databaseId: `db-${databases}`,
      emulatorHost: emulator.host,
    };
    return {
      open: (options = {}) =>
        openSpannerDatabase({ ...address, schema: fixtureSchema, clock: systemClock, ...options }),
      // The database ends with the emulator.
      remove: async () => {},
    };
  });
}
