import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { dataKeys } from './data-keys.ts';
import { rotateKeyFile } from './key-file.local.ts';
import type { KeyRing } from './key-ring.ts';
import { resealTable } from './reseal-table.ts';
import { rewrapDataKeys } from './rewrap-data-keys.ts';
import {
  type DatabaseUnderTest,
  dropOldKeys,
  key,
  owner,
  put,
  read,
  secrets,
  versions,
  withSetting,
} from './vault-setting.fixture.ts';

/** What becomes of a vault's secrets when its keys change or are destroyed, over any database. */
export function describeVaultKeys(name: string, createDatabase: () => Promise<DatabaseUnderTest>): void {
  describe(`the keys of a vault over ${name}`, () => {
    test('after a rotation seals under the new version, opens the old one, and a reseal moves everything', () =>
      withSetting(createDatabase, async ({ database, vault, raw }) => {
        const sealed = database.withCipher(vault);
        await put(sealed, key, 'old');
        await put(sealed, { ...key, integrationId: 'lms' }, 'elsewhere');
        await put(sealed, { ...key, slot: 'b' }, 'older');

        expect(await vault.rotate(owner)).toBe(2);
        await put(sealed, { ...key, slot: 'c' }, 'new');
        expect(await versions(raw)).toEqual({ 'lms a': 1, 'sis a': 1, 'sis b': 1, 'sis c': 2 });

        const resealing = { database, cipher: vault, owner, keyVersion: 2 };
        let rows = 0;
        const first = await resealTable(secrets, { ...resealing, isOver: () => rows++ >= 1 });
        expect(first).toEqual({ resealed: 1, failed: [], isDone: false, last: key });
        expect(await versions(raw)).toEqual({ 'lms a': 1, 'sis a': 2, 'sis b': 1, 'sis c': 2 });
        const rest = await resealTable(secrets, { ...resealing, after: first.last ?? {} });
        expect(rest).toMatchObject({ resealed: 1, failed: [], isDone: true });
        expect(await resealTable(secrets, resealing)).toMatchObject({ resealed: 0, isDone: true });
        expect(await versions(raw)).toEqual({ 'lms a': 1, 'sis a': 2, 'sis b': 2, 'sis c': 2 });
        for (const [slot, value] of [
          ['a', 'old'],
          ['b', 'older'],
          ['c', 'new'],
        ] as const) {
          expect(await read(sealed, { ...key, slot })).toBe(value);
        }
      }));

    test('is rotated and resealed while others read and write, and nobody notices', () =>
      withSetting(createDatabase, async ({ database, vault, newVault, open, raw }) => {
        const slots = Array.from({ length: 12 }, (_, position) => `s${position}`);
        for (const slot of slots) await put(database.withCipher(vault), { ...owner, slot }, `${slot} 0`);
        const other = (await open()).withCipher(newVault());
        let isRotating = true;
        let reads = 0;
        async function keepReading(): Promise<void> {
          for (; isRotating || reads < 100; reads++) {
            // An embedded database answers without ever going back to the event loop, where the others wait for their turn.
            await setImmediate();
            const slot = slots[reads % slots.length] ?? '';
            expect(await read(other, { ...owner, slot })).toMatch(new RegExp(`^${slot} \\d+$`));
          }
        }
        async function keepWriting(): Promise<void> {
          for (let round = 1; round <= 5; round++) {
            for (const slot of slots.slice(0, 4)) await put(other, { ...owner, slot }, `${slot} ${round}`);
          }
        }
        async function rotate(): Promise<void> {
          for (let round = 1; round <= 3; round++) {
            const keyVersion = await vault.rotate(owner);
            await resealTable(secrets, { database, cipher: vault, owner, keyVersion });
          }
          isRotating = false;
        }

        await Promise.all([keepReading(), keepWriting(), rotate()]);
        await other.close();

        for (const [position, slot] of slots.entries()) {
          expect(await read(database.withCipher(newVault()), { ...owner, slot })).toBe(
            `${slot} ${position < 4 ? 5 : 0}`,
          );
        }
        expect(Math.max(...Object.values(await versions(raw)))).toBe(4);
      }));

    test('rewraps its data keys under the new key of the ring, and the old one is needed no more', () =>
      withSetting(createDatabase, async ({ database, vault, newVault, keyRing, keyFile, raw }) => {
        await put(database.withCipher(vault), key, 'geheim');
        await put(database.withCipher(vault), { ...key, customerId: 'elm' }, 'elms');
        const before = await raw.get(secrets, key);
        await rotateKeyFile(keyFile);

        expect(await rewrapDataKeys({ database: database, keyRing })).toEqual({
          rewrapped: 2,
          current: 0,
          left: 0,
          failed: [],
        });
        expect(await rewrapDataKeys({ database: database, keyRing })).toEqual({
          rewrapped: 0,
          current: 2,
          left: 0,
          failed: [],
        });

        expect(new Set((await database.scan(dataKeys)).map(({ ringKeyId }) => ringKeyId))).toEqual(
          new Set(['local/2']),
        );
        expect(await raw.get(secrets, key)).toEqual(before);
        await dropOldKeys(keyFile);
        expect(await read(database.withCipher(newVault()), key)).toBe('geheim');
      }));

    test('rewraps the keys of one ring alone where one is named, and when it is over counts what is left', () =>
      withSetting(createDatabase, async ({ database, vault, keyFile }) => {
        for (const integrationId of ['sis', 'lms'])
          await put(database.withCipher(vault), { ...key, integrationId }, 'geheim');
        await vault.rotate(owner);
        await rotateKeyFile(keyFile);
        let tries = 0;

        expect(await vault.rewrap('vendor-of-sis', { isOver: () => tries++ >= 1 })).toEqual({
          rewrapped: 1,
          current: 0,
          left: 1,
          failed: [],
        });
        expect(await vault.rewrap('vendor-of-sis')).toMatchObject({ rewrapped: 1, current: 1, left: 0 });

        const stored = await database.scan(dataKeys);
        expect(stored.map(({ integrationId, ringKeyId }) => [integrationId, ringKeyId])).toEqual([
          ['lms', 'local/1'],
          ['sis', 'local/2'],
          ['sis', 'local/2'],
        ]);
      }));

    test('a rewrap names the keys that it cannot open, does the others, and brings no destroyed key back', () =>
      withSetting(createDatabase, async ({ database, vault, keyRing, keyFile }) => {
        for (const customerId of ['ash', 'elm', 'fir'])
          await put(database.withCipher(vault), { ...key, customerId }, 'x');
        const damaged = { customerId: 'ash', integrationId: 'sis', version: 1 };
        await database.transaction(async (tx) =>
          tx.update(dataKeys, { ...damaged, wrapped: new Uint8Array(61).fill(1) }),
        );
        await rotateKeyFile(keyFile);
        const shreddingRing: KeyRing = {
          ...keyRing,
          async wrap(...wrapping) {
            await vault.shred('elm');
            return keyRing.wrap(...wrapping);
          },
        };

        const result = await rewrapDataKeys({ database: database, keyRing: shreddingRing });

        expect(result.failed).toEqual([{ ...damaged, reason: 'not_authentic' }]);
        const stored = await database.scan(dataKeys);
        expect(
          stored.map(({ customerId, wrapped, ringKeyId }) => [customerId, wrapped !== null, ringKeyId]),
        ).toEqual([
          ['ash', true, 'local/1'],
          ['elm', false, 'local/1'],
          ['fir', true, 'local/2'],
        ]);
      }));

    test('after a shredding nothing of the integration opens, everything else does, and no version comes again', () =>
      withSetting(createDatabase, async ({ database, vault, newVault, raw }) => {
        const sealed = database.withCipher(vault);
        const neighbours = [
          { ...key, integrationId: 'sis2' },
          { ...key, customerId: 'oakdale2' },
        ];
        for (const place of [key, ...neighbours]) await put(sealed, place, 'geheim');
        await vault.rotate(owner);

        expect(await vault.shred('oakdale', 'sis')).toBe(2);
        expect(await vault.shred('oakdale', 'sis')).toBe(0);

        for (const cipher of [vault, newVault()]) {
          await expect(read(database.withCipher(cipher), key)).rejects.toMatchObject({
            code: 'credentials_corrupt',
            data: { reason: 'key_destroyed', version: 1 },
          });
          for (const place of neighbours)
            expect(await read(database.withCipher(cipher), place)).toBe('geheim');
        }
        await put(sealed, { ...key, slot: 'b' }, 'entered anew');
        expect(await read(sealed, { ...key, slot: 'b' })).toBe('entered anew');
        expect((await versions(raw))['sis b']).toBe(3);
      }));

    test('shredding a customer destroys the keys of all its integrations', () =>
      withSetting(createDatabase, async ({ database, vault }) => {
        const sealed = database.withCipher(vault);
        const lms = { ...key, integrationId: 'lms' };
        for (const place of [key, lms, { ...key, customerId: 'elm' }]) await put(sealed, place, 'geheim');

        expect(await vault.shred('oakdale')).toBe(2);

        for (const place of [key, lms])
          await expect(read(sealed, place)).rejects.toMatchObject({ data: { reason: 'key_destroyed' } });
        expect(await read(sealed, { ...key, customerId: 'elm' })).toBe('geheim');
      }));

    test('a shredding in another process is seen when the time of the cached key is over', () =>
      withSetting(createDatabase, async ({ database, vault, newVault, clock }) => {
        const other = database.withCipher(newVault());
        await put(database.withCipher(vault), key, 'geheim');
        expect(await read(other, key)).toBe('geheim');

        await vault.shred('oakdale');
        expect(await read(other, key)).toBe('geheim');
        await clock.advance(5 * 60_000);

        await expect(read(other, key)).rejects.toMatchObject({ data: { reason: 'key_destroyed' } });
      }));
  });
}
