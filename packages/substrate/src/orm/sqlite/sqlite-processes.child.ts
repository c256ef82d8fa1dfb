import { systemClock } from '../../clock/clock.system.ts';
import { commitTime } from '../columns.ts';
import { fixtureMigrations, fixtureSchema, teachers } from '../contract/fixture-tables.ts';
import { openSqliteDatabase } from '../database.sqlite.ts';

// Increments a counter as often as told, and says so after each commit; each word on the output is a promise that it is kept.
const [path = '', teacher = '', times = '0'] = process.argv.slice(2);
const database = await openSqliteDatabase({ path, schema: fixtureSchema, clock: systemClock });
await database.migrate(fixtureMigrations);
const key = { district: 'd', teacher };

for (let count = 0; count < Number(times); count++) {
  const lessons = await database.transaction(async (transaction) => {
    const next = ((await transaction.get(teachers, key))?.lessons ?? 0) + 1;
    transaction.upsert(teachers, { ...key, lessons: next, changedAt: commitTime });
    return next;
  });
  process.stdout.write(`${lessons}\n`);
}
await database.close();
