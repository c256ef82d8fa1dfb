import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../clock/clock.system.ts';
import { Failure } from '../failure/failure.ts';
import { fixtureSchema } from './contract/fixture-tables.ts';
import { describeDatabase } from './database.contract.ts';
import { openSqliteDatabase } from './database.sqlite.ts';
import { createLazyDatabase } from './lazy-database.ts';

describeDatabase('SQLite, opened when it is first used', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-orm-'));
  return {
    open: async (options = {}) =>
      createLazyDatabase(() =>
        openSqliteDatabase({
          path: join(folder, 'test.db'),
          schema: fixtureSchema,
          clock: systemClock,
          ...options,
        }),
      ),
    remove: () => rm(folder, { recursive: true }),
  };
});

describe('a database that is opened when it is first used', () => {
  async function createCounted(beforeOpen: () => void = () => undefined) {
    const folder = await mkdtemp(join(tmpdir(), 'flotilla-orm-'));
    let opened = 0;
    const database = createLazyDatabase(() => {
      opened += 1;
      beforeOpen();
      return openSqliteDatabase({ path: join(folder, 'test.db'), schema: [], clock: systemClock });
    });
    onTestFinished(async () => {
      await database.close();
      await rm(folder, { recursive: true });
    });
    return { database, opened: () => opened };
  }

  test('is not opened to be closed, nor by asking for a reader or with a cipher', async () => {
    const { database, opened } = await createCounted();
    database.at('strong');
    database.withCipher({ seal: async (value) => value, open: async (value) => value });
    await database.close();
    expect(opened()).toBe(0);
  });

  test('is opened once, though many ask at once', async () => {
    const { database, opened } = await createCounted();
    await Promise.all([1, 2, 3].map(() => database.write([])));
    await database.withCipher({ seal: async (value) => value, open: async (value) => value }).write([]);
    expect(opened()).toBe(1);
  });

  test('that could not be opened is tried again at the next use', async () => {
    let isDown = true;
    const { database, opened } = await createCounted(() => {
      if (isDown) throw new Failure('unavailable', 'Not now');
    });
    await expect(database.write([])).rejects.toMatchObject({ code: 'unavailable' });
    isDown = false;
    expect(await database.write([])).toMatchObject({ rows: 0 });
    expect(opened()).toBe(2);
  });
});
