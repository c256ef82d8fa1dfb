import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../clock/clock.system.ts';
import { openSqliteDatabase } from '../orm/database.sqlite.ts';
import { describeListings } from './listings.contract.ts';
import { storeMigrations } from './migrations.ts';
import { storeSchema } from './schema.ts';
import { describeStandings } from './standings.contract.ts';

async function createAdapter() {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-listings-'));
  const database = await openSqliteDatabase({
    path: join(folder, 'store.sqlite'),
    schema: storeSchema,
    clock: systemClock,
  });
  await database.migrate(storeMigrations);
  const close = database.close.bind(database);
  return {
    ...database,
    async close() {
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

describeListings('SQLite', createAdapter);
describeStandings('SQLite', createAdapter);
