import { afterAll, describe, test } from 'vitest';
import { systemClock } from '../clock/clock.system.ts';
import { openSpannerDatabase } from '../orm/database.spanner.ts';
import { findEmulator, startEmulator } from '../testing/emulators.ts';
import { describeVault } from './vault.contract.ts';
import { describeVaultKeys } from './vault-keys.contract.ts';
import { vaultSchema } from './vault-setting.fixture.ts';

const found = await findEmulator('spanner');

if ('missing' in found) {
  console.warn(`SKIPPED: the vault on Spanner. ${found.missing}`);
  describe.skip(`a vault over Spanner (${found.missing})`, () => test('the contract', () => {}));
} else {
  const emulator = await startEmulator('spanner', found.path);
  afterAll(() => emulator.stop());
  let databases = 0;

  for (const describeContract of [describeVault, describeVaultKeys])
    describeContract('Spanner', async () => {
      databases += 1;
      const address = {
        projectId: 'flotilla',
        instanceId: 'test',
        databaseId: `vault-${databases}`,
        emulatorHost: emulator.host,
      };
      return {
        open: () => openSpannerDatabase({ ...address, schema: vaultSchema, clock: systemClock }),
        // The database ends with the emulator.
        remove: async () => {},
      };
    });
}
