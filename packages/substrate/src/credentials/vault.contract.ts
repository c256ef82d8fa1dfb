import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Failure } from '../failure/failure.ts';
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
  text,
  versions,
  withSetting,
  words,
} from './vault-setting.fixture.ts';

/** What a vault keeps over any database. */
export function describeVault(name: string, createDatabase: () => Promise<DatabaseUnderTest>): void {
  describe(`a vault over ${name}`, () => {
    test('opens in another process what one has sealed, and stores nothing in the clear', () =>
      withSetting(createDatabase, async ({ database, vault, newVault, raw }) => {
        await put(database.withCipher(vault), key, 'geheim');

        expect(await read(database.withCipher(newVault()), key)).toBe('geheim');
        expect(words((await raw.get(secrets, key))?.secret)).not.toContain('geheim');
      }));

    test('makes one data key an integration, wrapped, whatever number of secrets', () =>
      withSetting(createDatabase, async ({ database, vault }) => {
        const sealed = database.withCipher(vault);
        for (const slot of ['a', 'b', 'c']) {
          await put(sealed, { ...owner, slot }, 'x');
          await put(sealed, { ...owner, integrationId: 'lms', slot }, 'x');
        }

        const keys = await database.scan(dataKeys);

        expect(keys.map(({ integrationId, version, ringId }) => [integrationId, version, ringId])).toEqual([
          ['lms', 1, 'vendor-of-lms'],
          ['sis', 1, 'vendor-of-sis'],
        ]);
      }));

    test('refuses a value that stands in another row, column, integration or customer, naming the place and no secret', () =>
      withSetting(createDatabase, async ({ database, vault, raw }) => {
        const sealed = database.withCipher(vault);
        const places = [
          key,
          { ...key, slot: 'b' },
          { ...key, integrationId: 'lms' },
          { ...key, customerId: 'elm' },
        ];
        for (const [position, place] of places.entries()) await put(sealed, place, `secret ${position}`);
        const stored = await Promise.all(places.map((place) => raw.get(secrets, place)));

        for (const [position, place] of places.entries()) {
          for (const other of stored.toSpliced(position, 1)) {
            await raw.transaction(async (tx) =>
              tx.update(secrets, { ...place, secret: other?.secret ?? text('') }),
            );
            const thrown: unknown = await read(sealed, place).catch((error: unknown) => error);
            const { customerId, integrationId } = place;
            expect(thrown).toMatchObject({
              code: 'credentials_corrupt',
              data: {
                reason: 'not_authentic',
                customerId,
                integrationId,
                table: 'secrets',
                column: 'secret',
              },
            });
            expect(JSON.stringify(thrown)).not.toContain('secret 0');
          }
        }
        const first = stored[0]?.secret ?? text('');
        await raw.transaction(async (tx) => tx.update(secrets, { ...key, secret: first, spare: first }));
        expect(await read(sealed, key)).toBe('secret 0');
        await expect(sealed.get(secrets, key)).rejects.toMatchObject({
          data: { reason: 'not_authentic', column: 'spare' },
        });
      }));

    test('refuses a wrapped key that was copied to another integration or version', () =>
      withSetting(createDatabase, async ({ database, vault, newVault }) => {
        const other = { ...key, integrationId: 'lms' };
        const sealed = database.withCipher(vault);
        await put(sealed, key, 'mine');
        await put(sealed, other, 'theirs');
        await vault.rotate(owner);
        const [theirs, mine, newer] = await database.scan(dataKeys);

        for (const copy of [theirs, newer]) {
          const { ringId = '', ringKeyId = '', wrapped = null } = copy ?? {};
          await database.transaction(async (tx) =>
            tx.update(dataKeys, { ...owner, version: 1, ringId, ringKeyId, wrapped }),
          );
          await expect(read(database.withCipher(newVault()), key)).rejects.toMatchObject({
            data: { reason: 'not_authentic' },
          });
        }
        await database.transaction(async (tx) =>
          tx.update(dataKeys, {
            ...owner,
            version: 1,
            ringId: mine?.ringId ?? '',
            wrapped: mine?.wrapped ?? null,
          }),
        );
        expect(await read(database.withCipher(newVault()), key)).toBe('mine');
      }));

    test('refuses a value whose data key does not exist', () =>
      withSetting(createDatabase, async ({ database, vault, raw }) => {
        const sealed = database.withCipher(vault);
        await put(sealed, key, 'geheim');
        const stored = Uint8Array.from((await raw.get(secrets, key))?.secret ?? []);
        stored[5] = 9;
        await raw.transaction(async (tx) => tx.update(secrets, { ...key, secret: stored }));

        await expect(read(sealed, key)).rejects.toMatchObject({
          data: { reason: 'unknown_key', version: 9 },
        });
      }));

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

    test('a writer that may not unwrap stores secrets that others can read, and reads none', () =>
      withSetting(createDatabase, async ({ database, vault, newVault, keyRing, raw, clock }) => {
        const wrapOnly: KeyRing = {
          ...keyRing,
          unwrap: () => Promise.reject(new Failure('forbidden', 'cloudkms.cryptoKeyVersions.useToDecrypt')),
        };
        const writer = database.withCipher(newVault({ keyRing: wrapOnly, mayUnwrap: false }));
        await put(database.withCipher(vault), key, 'first');

        await put(writer, { ...key, slot: 'b' }, 'second');
        await put(writer, { ...key, slot: 'c' }, 'third');
        await clock.advance(60_000);
        await put(writer, { ...key, slot: 'd' }, 'fourth');

        expect(await versions(raw)).toEqual({ 'sis a': 1, 'sis b': 2, 'sis c': 2, 'sis d': 3 });
        const reader = database.withCipher(newVault());
        for (const [slot, value] of [
          ['a', 'first'],
          ['b', 'second'],
          ['c', 'third'],
          ['d', 'fourth'],
        ] as const) {
          expect(await read(reader, { ...key, slot })).toBe(value);
        }
        await expect(read(writer, key)).rejects.toMatchObject({ code: 'forbidden' });
      }));

    test('many processes that store the first secret at once agree on the data key', () =>
      withSetting(createDatabase, async ({ database, newVault, open, raw }) => {
        const slots = Array.from({ length: 6 }, (_, position) => `s${position}`);
        const handles = await Promise.all(slots.map(() => open()));
        await Promise.all(
          handles.map(async (handle, position) =>
            put(
              handle.withCipher(newVault({ database: handle })),
              { ...owner, slot: slots[position] ?? '' },
              'x',
            ),
          ),
        );
        await Promise.all(handles.map((handle) => handle.close()));

        const reader = database.withCipher(newVault());
        for (const slot of slots) expect(await read(reader, { ...owner, slot })).toBe('x');
        expect(new Set(Object.values(await versions(raw)))).toEqual(new Set([1]));
      }));

    test('the first secret can be written in a transaction after prepare, and says so without it', () =>
      withSetting(createDatabase, async ({ database, vault }) => {
        const sealed = database.withCipher(vault);
        const write = (): Promise<void> =>
          sealed.transaction(async (tx) => {
            await tx.get(dataKeys, { ...owner, version: 1 });
            tx.upsert(secrets, { ...key, secret: text('geheim') });
          });

        await expect(write()).rejects.toThrow('inside a transaction, call vault.prepare before it');
        await vault.prepare(owner);
        await write();

        expect(await read(sealed, key)).toBe('geheim');
        expect(await sealed.transaction(async (tx) => words((await tx.get(secrets, key))?.secret))).toBe(
          'geheim',
        );
      }));

    test('unwraps a key once for many reads, and again when its time is over', () =>
      withSetting(createDatabase, async ({ database, vault, newVault, keyRing, clock }) => {
        await put(database.withCipher(vault), key, 'geheim');
        let unwraps = 0;
        const counting: KeyRing = {
          ...keyRing,
          unwrap: (...wrapped) => (unwraps++, keyRing.unwrap(...wrapped)),
        };
        const reader = database.withCipher(newVault({ keyRing: counting }));

        await Promise.all(Array.from({ length: 20 }, () => read(reader, key)));
        expect(unwraps).toBe(1);
        await clock.advance(5 * 60_000);
        await read(reader, key);
        expect(unwraps).toBe(2);
      }));

    test('refuses to seal a column that is not bound to a customer and an integration', () =>
      withSetting(createDatabase, async ({ vault }) => {
        for (const row of [{}, { customerId: 'oakdale' }, { customerId: 'oakdale', integrationId: 7 }]) {
          await expect(vault.seal(text('x'), { table: 't', column: 'c', row })).rejects.toMatchObject({
            code: 'internal',
          });
        }
      }));
  });
}
