import { afterAll, describe, expect, test } from 'vitest';
import { systemClock } from '../clock/clock.system.ts';
import { findEmulator, startEmulator } from '../testing/emulators.ts';
import { commitTime } from './columns.ts';
import { type CreateContractDatabase, withDatabase } from './contract/contract-database.ts';
import { fixtureSchema, teachers } from './contract/fixture-tables.ts';
import { describeDatabase } from './database.contract.ts';
import { openSpannerDatabase } from './database.spanner.ts';

const found = await findEmulator('spanner');

if ('missing' in found) {
  console.warn(`SKIPPED: the database contract on Spanner. ${found.missing}`);
  describe.skip(`Spanner (${found.missing})`, () => test('the database contract', () => {}));
} else {
  const emulator = await startEmulator('spanner', found.path);
  afterAll(() => emulator.stop());
  let databases = 0;

  const create: CreateContractDatabase = async () => {
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
  };

  describeDatabase('Spanner', create);

  describe('Spanner alone', () => {
    test('a read at a past timestamp gives what was there then, through keys, ranges, indexes and SQL', () =>
      withDatabase(create, async (database) => {
        const key = { district: 'd', teacher: 't' };
        await database.transaction(async (transaction) =>
          transaction.insert(teachers, { ...key, lessons: 1, email: 'a@x', changedAt: commitTime }),
        );
        const readTimestamp = (await database.get(teachers, key))?.changedAt ?? '';
        await database.transaction(async (transaction) =>
          transaction.update(teachers, { ...key, lessons: 2 }),
        );

        const past = database.at({ readTimestamp });

        expect((await past.get(teachers, key))?.lessons).toBe(1);
        expect((await past.scan(teachers)).map((row) => row.lessons)).toEqual([1]);
        expect((await past.scan(teachers, { index: 'teachers_by_email' })).map((row) => row.lessons)).toEqual(
          [1],
        );
        expect((await past.scan(teachers, { descending: true })).map((row) => row.lessons)).toEqual([1]);
        expect(await past.query((q) => q.selectFrom('teachers').select('lessons'))).toEqual([{ lessons: 1 }]);
        expect((await database.get(teachers, key))?.lessons).toBe(2);
        expect(() => database.at({ readTimestamp: 'yesterday' })).toThrow(
          expect.objectContaining({ code: 'invalid_params' }),
        );
      }));
  });
}
