import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../clock/clock.system.ts';
import { openSqliteDatabase } from '../orm/database.sqlite.ts';
import { storeMigrations } from './migrations.ts';
import { describeNotices } from './notices.contract.ts';
import { storeSchema } from './schema.ts';

describeNotices('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-notices-'));
  const store = await openSqliteDatabase({
    path: join(folder, 'store.db'),
    schema: storeSchema,
    clock: systemClock,
  });
  await store.migrate(storeMigrations);
  return {
    store,
    async close() {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
});
