import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../clock/clock.system.ts';
import { fixtureSchema } from './contract/fixture-tables.ts';
import { describeDatabase } from './database.contract.ts';
import { openSqliteDatabase } from './database.sqlite.ts';

describeDatabase('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-orm-'));
  return {
    open: (options = {}) =>
      openSqliteDatabase({
        path: join(folder, 'test.db'),
        schema: fixtureSchema,
        clock: systemClock,
        ...options,
      }),
    remove: () => rm(folder, { recursive: true }),
  };
});
