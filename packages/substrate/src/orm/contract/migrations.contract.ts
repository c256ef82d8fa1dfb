import type { TableMetadata } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Database } from '../database.ts';
import {
  addColumn,
  createIndex,
  createTable,
  dropIndex,
  dropTable,
  type Migration,
  rawDdl,
} from '../migration.ts';
import { upsertRow } from '../mutation.ts';
import type { CreateContractDatabase } from './contract-database.ts';
import { events, type FixtureSchema, fixtureMigrations, schools, teachers } from './fixture-tables.ts';

const history: readonly Migration[] = [
  { number: 1, name: 'schools', up: [createTable(schools, { columnsAddedLater: ['opened'] })] },
  { number: 2, name: 'events', up: [createTable(events, { indexesAddedLater: ['events_by_kind'] })] },
  { number: 3, name: 'opening day', up: [addColumn(schools, 'opened')] },
  { number: 4, name: 'events by kind', up: [createIndex(events, 'events_by_kind'), createTable(teachers)] },
  { number: 5, name: 'no teachers', up: [dropTable(teachers)] },
  {
    number: 6,
    name: 'by hand',
    up: [
      rawDdl({
        spanner: ['CREATE INDEX `schools_by_name` ON `schools` (`name`)'],
        sqlite: ['CREATE INDEX "schools_by_name" ON "schools" ("name")'],
      }),
    ],
  },
];
const names = history.map((migration) => migration.name);

/** Tables and columns as the database itself tells them, in no order. */
async function describeSchema(database: Database<FixtureSchema>) {
  let tables: Promise<TableMetadata[]> | undefined;
  await database.query((q) => {
    tables = q.introspection.getTables();
    return q.selectFrom('schools').select('school');
  });
  const byName = (left: { readonly name: string }, right: { readonly name: string }) =>
    left.name < right.name ? -1 : 1;
  return ((await tables) ?? [])
    .map((table) => ({ ...table, columns: table.columns.toSorted(byName) }))
    .toSorted(byName);
}

export function describeMigrations(create: CreateContractDatabase): void {
  describe('migrations', () => {
    test('are applied once, in order, and the tables work', async () => {
      const contract = await create();
      const database = await contract.open();

      expect(await database.migrate(history.slice(0, 2))).toEqual(names.slice(0, 2));
      expect(await database.migrate(history)).toEqual(names.slice(2));
      expect(await database.migrate(history)).toEqual([]);
      await database.write([
        upsertRow(schools, { district: 'd', school: 's', name: 'Oak', opened: '2000-01-01' }),
        upsertRow(events, { district: 'd', school: 's', sequence: 1, kind: 'k', at: '2026-01-01T00:00:00Z' }),
      ]);
      expect(await database.scan(events, { index: 'events_by_kind', columns: ['kind'] })).toEqual([
        { kind: 'k' },
      ]);
      await expect(database.scan(teachers)).rejects.toMatchObject({ name: 'Failure' });

      await database.close();
      await contract.remove();
    });

    test('make the same tables as the definitions do directly', async () => {
      const [migrated, direct] = [await create(), await create()];
      const [one, two] = [await migrated.open(), await direct.open()];
      await one.migrate(history.slice(0, 4));

      await two.migrate([
        { number: 1, name: 'all', up: [schools, events, teachers].map((table) => createTable(table)) },
      ]);

      expect(await describeSchema(one)).toEqual(await describeSchema(two));
      expect((await describeSchema(one)).map((table) => table.name)).toEqual(
        expect.arrayContaining(['schools', 'events', 'teachers']),
      );
      await one.close();
      await two.close();
      await migrated.remove();
      await direct.remove();
    });

    test('started by two processes at once are applied by one of them', async () => {
      const contract = await create();
      const [one, two] = [await contract.open(), await contract.open()];

      const applied = await Promise.all([one.migrate(history), two.migrate(history)]);

      expect(applied.flat().toSorted()).toEqual(names.toSorted());
      await one.write([upsertRow(schools, { district: 'd', school: 's', name: 'Oak' })]);
      expect(await two.scan(schools)).toHaveLength(1);

      await one.close();
      await two.close();
      await contract.remove();
    });

    test('a changed, missing, inserted or badly numbered migration is refused', async () => {
      const contract = await create();
      const database = await contract.open();
      await database.migrate(fixtureMigrations);
      const first = fixtureMigrations[0];
      if (first === undefined) throw new Error('no fixture migration');

      const refused = [
        [{ ...first, up: first.up.slice(1) }],
        [{ ...first, name: 'renamed' }],
        [],
        [{ ...first, number: 2 }],
        [first, { ...first, number: 3 }],
      ];

      for (const migrations of refused) {
        await expect(database.migrate(migrations)).rejects.toMatchObject({ code: 'config_invalid' });
      }
      expect(
        await database.migrate([first, { number: 2, name: 'fewer', up: [dropIndex('events_by_kind')] }]),
      ).toEqual(['fewer']);

      await database.close();
      await contract.remove();
    });
  });
}
