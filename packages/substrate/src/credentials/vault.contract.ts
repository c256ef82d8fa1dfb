import { describe, expect, test } from 'vitest';
import { Failure } from '../failure/failure.ts';
import { dataKeys } from './data-keys.ts';
import type { KeyRing } from './key-ring.ts';
import {
  type DatabaseUnderTest,
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
