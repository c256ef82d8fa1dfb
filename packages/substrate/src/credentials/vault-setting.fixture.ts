import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManualClock, type ManualClock } from '../clock/clock.manual.ts';
import type { ColumnCipher } from '../orm/column-cipher.ts';
import { bytes, encrypted, string } from '../orm/columns.ts';
import type { Database } from '../orm/database.ts';
import { createTable, type Migration } from '../orm/migration.ts';
import { defineTable } from '../orm/table.ts';
import { dataKeys } from './data-keys.ts';
import { createLocalKeyRing } from './key-ring.local.ts';
import type { KeyRing } from './key-ring.ts';
import { createVault, type Vault, type VaultOptions } from './vault.ts';

/** A table with two secrets a row and several rows an integration. */
export const secrets = defineTable('secrets', {
  columns: {
    customerId: string(64),
    integrationId: string(64),
    slot: string(16),
    secret: encrypted(bytes(), { boundTo: ['customerId', 'integrationId', 'slot'] }),
    spare: encrypted(bytes(), { boundTo: ['customerId', 'integrationId', 'slot'] }).nullable(),
  },
  primaryKey: ['customerId', 'integrationId', 'slot'],
});
export const vaultSchema = [dataKeys, secrets] as const;
export const vaultMigrations: readonly Migration[] = [
  { number: 1, name: 'vault', up: [createTable(dataKeys), createTable(secrets)] },
];

type VaultDatabase = Database<typeof vaultSchema>;

/** A fresh database; `open` gives a further handle to it, as another process would have. */
export interface DatabaseUnderTest {
  open(): Promise<VaultDatabase>;
  remove(): Promise<void>;
}

/** Shows what is stored, and stores what it is given. */
const noCipher: ColumnCipher = { seal: async (plain) => plain, open: async (sealed) => sealed };

export const owner = { customerId: 'oakdale', integrationId: 'sis' };
export const key = { ...owner, slot: 'a' };
export const text = (value: string): Uint8Array => Uint8Array.from(Buffer.from(value));
export const words = (value: Uint8Array | null | undefined): string => Buffer.from(value ?? []).toString();

interface VaultSetting {
  readonly database: VaultDatabase;
  readonly vault: Vault;
  /** The database, showing what is stored. */
  readonly raw: VaultDatabase;
  readonly keyRing: KeyRing;
  readonly keyFile: string;
  readonly clock: ManualClock;
  open(): Promise<VaultDatabase>;
  newVault(options?: Partial<VaultOptions>): Vault;
}

export async function withSetting(
  createDatabase: () => Promise<DatabaseUnderTest>,
  body: (setting: VaultSetting) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-vault-'));
  const underTest = await createDatabase();
  const database = await underTest.open();
  try {
    await database.migrate(vaultMigrations);
    const keyFile = join(folder, 'keys.json');
    const [keyRing, clock] = [createLocalKeyRing({ path: keyFile }), createManualClock()];
    const newVault = (options: Partial<VaultOptions> = {}): Vault =>
      createVault({
        database: database,
        keyRing,
        clock,
        ringOf: ({ integrationId }) => `vendor-of-${integrationId}`,
        ...options,
      });
    const raw = database.withCipher(noCipher);
    await body({ database, vault: newVault(), raw, keyRing, keyFile, clock, open: underTest.open, newVault });
  } finally {
    await database.close();
    await underTest.remove();
    await rm(folder, { recursive: true, force: true });
  }
}

export async function put(database: VaultDatabase, place: typeof key, value: string): Promise<void> {
  await database.write([{ kind: 'upsert', table: secrets, row: { ...place, secret: text(value) } }]);
}

export async function read(database: VaultDatabase, place: typeof key): Promise<string> {
  return words((await database.get(secrets, place, { columns: ['secret'] }))?.secret);
}

/** Under which version of its data key each secret stands. */
export async function versions(raw: VaultDatabase): Promise<Record<string, number>> {
  const rows = await raw.scan(secrets);
  return Object.fromEntries(
    rows.map(({ integrationId, slot, secret }) => [
      `${integrationId} ${slot}`,
      Buffer.from(secret).readUInt32BE(2),
    ]),
  );
}

export async function dropOldKeys(keyFile: string): Promise<void> {
  const file = JSON.parse(await readFile(keyFile, 'utf8')) as {
    primary: number;
    keys: { version: number }[];
  };
  await writeFile(
    keyFile,
    JSON.stringify({ ...file, keys: file.keys.filter(({ version }) => version === file.primary) }),
  );
}
