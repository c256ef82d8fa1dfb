import { describe, expect, test } from 'vitest';
import { Failure } from '../../failure/failure.ts';
import { canonicalJson } from '../../json/canonical-json.ts';
import type { CipherContext, ColumnCipher } from '../column-cipher.ts';
import { upsertRow } from '../mutation.ts';
import { type CreateContractDatabase, withDatabase } from './contract-database.ts';
import { secrets } from './fixture-tables.ts';

/** Turns each byte round and puts the context in front: enough to see what is sealed with what. */
const testCipher: ColumnCipher = {
  async seal(plain, context) {
    const head = Buffer.from(`${canonicalJson(context)}\n`);
    return new Uint8Array(Buffer.concat([head, plain.map((byte) => byte ^ 0xff)]));
  },
  async open(sealed, context) {
    const end = sealed.indexOf(10);
    if (Buffer.from(sealed.subarray(0, end)).toString() !== canonicalJson(context))
      throw new Failure('credentials_corrupt', 'moved');
    return sealed.subarray(end + 1).map((byte) => byte ^ 0xff);
  },
};

const key = { customer: 'c', integration: 'i' };
const row = {
  ...key,
  note: 'n',
  credential: { token: 'geheim' },
  pin: '\uFEFF0042',
  key: new Uint8Array([0, 255]),
};

export function describeEncryption(create: CreateContractDatabase): void {
  describe('encrypted columns', () => {
    test('come back through get, getMany and scan as they were written', () =>
      withDatabase(create, async (database) => {
        const sealed = database.withCipher(testCipher);
        await sealed.transaction(async (transaction) => transaction.insert(secrets, row));

        expect(await sealed.get(secrets, key)).toEqual(row);
        expect(await sealed.getMany(secrets, [key], { columns: ['pin'] })).toEqual([{ pin: row.pin }]);
        expect(await sealed.scan(secrets, { columns: ['credential', 'note'] })).toEqual([
          { credential: row.credential, note: 'n' },
        ]);
        expect(await sealed.transaction((transaction) => transaction.get(secrets, key))).toEqual(row);
      }));

    test('are sealed with their table, column and the values that they are bound to', () =>
      withDatabase(create, async (database) => {
        const contexts: CipherContext[] = [];
        const spy: ColumnCipher = {
          ...testCipher,
          seal: (plain, context) => (contexts.push(context), testCipher.seal(plain, context)),
        };

        await database.withCipher(spy).write([upsertRow(secrets, { ...row, key: null })]);

        expect(contexts).toEqual([
          { table: 'secrets', column: 'credential', row: key },
          { table: 'secrets', column: 'pin', row: { customer: 'c' } },
        ]);
        expect(await database.withCipher(testCipher).get(secrets, key)).toEqual({ ...row, key: null });
      }));

    test('without a cipher they can be neither read nor written, the rest of the row can', () =>
      withDatabase(create, async (database) => {
        await database.withCipher(testCipher).write([upsertRow(secrets, row)]);

        await expect(database.get(secrets, key)).rejects.toMatchObject({ code: 'config_invalid' });
        await expect(database.scan(secrets)).rejects.toMatchObject({ code: 'config_invalid' });
        await expect(
          database.transaction(async (transaction) => transaction.update(secrets, { ...key, pin: '1' })),
        ).rejects.toMatchObject({ code: 'config_invalid' });
        expect(await database.get(secrets, key, { columns: ['note'] })).toEqual({ note: 'n' });
        await database.transaction(async (transaction) =>
          transaction.update(secrets, { ...key, note: 'm', pin: null }),
        );
        expect(await database.withCipher(testCipher).get(secrets, key)).toEqual({
          ...row,
          note: 'm',
          pin: null,
        });
      }));

    test('a failure of the cipher is what the reader gets', () =>
      withDatabase(create, async (database) => {
        await database.withCipher(testCipher).write([upsertRow(secrets, row)]);
        const broken: ColumnCipher = {
          ...testCipher,
          open: async () => {
            throw new Failure('credentials_corrupt', 'changed');
          },
        };

        await expect(database.withCipher(broken).get(secrets, key)).rejects.toMatchObject({
          code: 'credentials_corrupt',
        });
      }));
  });
}
