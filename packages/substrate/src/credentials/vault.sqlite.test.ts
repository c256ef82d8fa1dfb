import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { systemClock } from '../clock/clock.system.ts';
import { openSqliteDatabase } from '../orm/database.sqlite.ts';
import { upsertRow } from '../orm/mutation.ts';
import { dataKeys } from './data-keys.ts';
import { createLocalKeyRing } from './key-ring.local.ts';
import { describeVault } from './vault.contract.ts';
import { createVault } from './vault.ts';
import { describeVaultKeys } from './vault-keys.contract.ts';
import { secrets, vaultMigrations, vaultSchema } from './vault-setting.fixture.ts';

async function createDatabase() {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-vault-sqlite-'));
  return {
    open: () =>
      openSqliteDatabase({ path: join(folder, 'store.db'), schema: vaultSchema, clock: systemClock }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

describeVault('SQLite', createDatabase);
describeVaultKeys('SQLite', createDatabase);

test('in the files on disk no secret can be found, and rows that were swapped there are refused', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-vault-files-'));
  try {
    const path = join(folder, 'store.db');
    const database = await openSqliteDatabase({ path, schema: vaultSchema, clock: systemClock });
    await database.migrate(vaultMigrations);
    const keyRing = createLocalKeyRing({ path: join(folder, 'keys', 'keys.json') });
    const vault = createVault({
      database: database,
      keyRing,
      clock: systemClock,
      ringOf: () => 'oneroster',
    });
    const sealed = database.withCipher(vault);
    const [oak, elm] = ['oak', 'elm'].map((customerId) => ({ customerId, integrationId: 'sis', slot: 'a' }));
    for (const key of [oak, elm]) {
      await sealed.write([
        upsertRow(secrets, { ...(key ?? expect.fail()), secret: Buffer.from(`canary-${key?.customerId}`) }),
      ]);
    }

    for (const name of (await readdir(folder)).filter((file) => file.startsWith('store.db'))) {
      expect((await readFile(join(folder, name))).includes('canary-')).toBe(false);
    }
    const file = new DatabaseSync(path, { timeout: 5_000 });
    const stored = file.prepare('SELECT customerId, secret FROM secrets').all();
    for (const { customerId = null, secret = null } of stored) {
      file.prepare('UPDATE secrets SET secret = ? WHERE customerId <> ?').run(secret, customerId);
    }
    file.close();
    for (const key of [oak, elm]) {
      await expect(sealed.get(secrets, key ?? expect.fail())).rejects.toMatchObject({
        code: 'credentials_corrupt',
        data: { reason: 'not_authentic', customerId: key?.customerId },
      });
    }
    await database.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('processes that race for the first data key of an integration, and for the key file, read one another', {
  timeout: 60_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-vault-race-'));
  try {
    const open = () =>
      openSqliteDatabase({ path: join(folder, 'store.db'), schema: vaultSchema, clock: systemClock });
    const database = await open();
    await database.migrate(vaultMigrations);
    const slots = ['a', 'b', 'c', 'd'];
    await Promise.all(slots.map((slot) => sealInOtherProcess(folder, slot)));

    const keyRing = createLocalKeyRing({ path: join(folder, 'keys.json') });
    const vault = createVault({
      database: database,
      keyRing,
      clock: systemClock,
      ringOf: () => 'oneroster',
    });
    const rows = await database.withCipher(vault).scan(secrets, { columns: ['slot', 'secret'] });
    expect(rows.map(({ slot, secret }) => [slot, Buffer.from(secret).toString()])).toEqual(
      slots.map((slot) => [slot, `secret ${slot}`]),
    );
    expect((await database.scan(dataKeys)).map(({ version }) => version)).toEqual([1]);
    await database.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

async function sealInOtherProcess(folder: string, slot: string): Promise<void> {
  // The tables are written out here: the contract's module can only be loaded by a test runner.
  const program = `
    import { systemClock } from '../clock/clock.system.ts';
    import { bytes, encrypted, string } from '../orm/columns.ts';
    import { openSqliteDatabase } from '../orm/database.sqlite.ts';
    import { upsertRow } from '../orm/mutation.ts';
    import { defineTable } from '../orm/table.ts';
    import { dataKeys } from './data-keys.ts';
    import { createLocalKeyRing } from './key-ring.local.ts';
    import { createVault } from './vault.ts';
    const folder = ${JSON.stringify(folder)};
    const bound = { boundTo: ['customerId', 'integrationId', 'slot'] };
    const secrets = defineTable('secrets', {
      columns: { customerId: string(64), integrationId: string(64), slot: string(16), secret: encrypted(bytes(), bound) },
      primaryKey: ['customerId', 'integrationId', 'slot'],
    });
    const database = await openSqliteDatabase({ path: folder + '/store.db', schema: [dataKeys, secrets], clock: systemClock });
    const keyRing = createLocalKeyRing({ path: folder + '/keys.json' });
    const vault = createVault({ database, keyRing, clock: systemClock, ringOf: () => 'oneroster' });
    const row = { customerId: 'oak', integrationId: 'sis', slot: '${slot}', secret: Buffer.from('secret ${slot}') };
    await database.withCipher(vault).write([upsertRow(secrets, row)]);
    await database.close();`;
  await promisify(execFile)(process.execPath, ['--input-type=module-typescript', '--eval', program], {
    cwd: import.meta.dirname,
  });
}
