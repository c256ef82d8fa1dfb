import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { commitTime } from '../columns.ts';
import type { Database } from '../database.ts';
import { upsertRow } from '../mutation.ts';
import { type CreateContractDatabase, withDatabase } from './contract-database.ts';
import { events, type FixtureSchema, kinds, schools, secrets, teachers } from './fixture-tables.ts';

async function fill(database: Database<FixtureSchema>): Promise<void> {
  await database.write([
    upsertRow(schools, { district: 'd', school: 's1', name: 'Oak', opened: '1990-09-01' }),
    upsertRow(schools, { district: 'd', school: 's2', name: 'Elm' }),
    upsertRow(events, {
      district: 'd',
      school: 's1',
      sequence: 1,
      kind: 'a',
      grade: 5,
      at: '2026-01-01T00:00:00Z',
      detail: { tags: ['x'] },
    }),
    upsertRow(events, {
      district: 'd',
      school: 's1',
      sequence: 2,
      kind: 'b',
      grade: null,
      at: '2026-01-01T00:00:00.000001Z',
    }),
    upsertRow(events, {
      district: 'd',
      school: 's1',
      sequence: 3,
      kind: 'a',
      grade: 7,
      at: '2026-01-02T00:00:00Z',
    }),
    upsertRow(kinds, {
      id: '007',
      real: 2,
      flag: true,
      big: 2n ** 60n,
      raw: new Uint8Array([1, 2]),
      texts: ['x'],
    }),
    upsertRow(kinds, { id: '7', real: 2.5, flag: false }),
  ]);
}

export function describeQueries(create: CreateContractDatabase): void {
  describe('queries through Kysely', () => {
    test('values are decoded as reads decode them', () =>
      withDatabase(create, async (database) => {
        await fill(database);

        const rows = await database.query((q) =>
          q
            .selectFrom('kinds')
            .select(['id', 'real', 'flag', 'big', 'raw', 'texts', 'instant'])
            .where('id', '=', '007'),
        );

        expect(rows).toEqual([
          {
            id: '007',
            real: 2,
            flag: true,
            big: 2n ** 60n,
            raw: new Uint8Array([1, 2]),
            texts: ['x'],
            instant: null,
          },
        ]);
      }));

    test('select all, aliases, joins, null comparison, order, limit and offset', () =>
      withDatabase(create, async (database) => {
        await fill(database);

        const all = await database.query((q) => q.selectFrom('schools').selectAll().orderBy('school'));
        const joined = await database.query((q) =>
          q
            .selectFrom('schools as s')
            .leftJoin('events as e', (join) => join.onRef('e.school', '=', 's.school').on('e.kind', '=', 'a'))
            .select(['s.name', 'e.detail as what', 'e.at'])
            .orderBy('s.name')
            .orderBy('e.at'),
        );
        const nulls = await database.query((q) =>
          q.selectFrom('events').select('sequence').where('grade', 'is', null),
        );
        const page = await database.query((q) =>
          q
            .selectFrom('events')
            .select('sequence')
            .where('grade', 'is not', null)
            .orderBy('at', 'desc')
            .limit(1)
            .offset(1),
        );

        expect(all).toEqual([
          { district: 'd', school: 's1', name: 'Oak', opened: '1990-09-01' },
          { district: 'd', school: 's2', name: 'Elm', opened: null },
        ]);
        expect(joined).toEqual([
          { name: 'Elm', what: null, at: null },
          { name: 'Oak', what: { tags: ['x'] }, at: '2026-01-01T00:00:00.000Z' },
          { name: 'Oak', what: null, at: '2026-01-02T00:00:00.000Z' },
        ]);
        expect(nulls).toEqual([{ sequence: 2 }]);
        expect(page).toEqual([{ sequence: 1 }]);
      }));

    test('aggregates, groups, conditions as columns and subqueries', () =>
      withDatabase(create, async (database) => {
        await fill(database);

        const groups = await database.query((q) =>
          q
            .selectFrom('events')
            .select(({ fn }) => [
              'kind',
              fn.countAll<number>().as('count'),
              fn.max('at').as('latest'),
              fn.sum<number>('grade').as('grades'),
            ])
            .groupBy('kind')
            .having(({ fn }) => fn.max('at'), '>', '2025-12-31T23:59:59Z')
            .orderBy('kind'),
        );
        const flags = await database.query((q) =>
          q
            .selectFrom('schools as s')
            .select(({ exists, selectFrom }) => [
              's.school',
              exists(selectFrom('events as e').select('e.kind').whereRef('e.school', '=', 's.school')).as(
                'hasEvents',
              ),
            ])
            .orderBy('s.school'),
        );
        const derived = await database.query((q) =>
          q
            .with('late', (w) =>
              w
                .selectFrom('events')
                .select(['at as moment', 'school'])
                .where('at', '>=', '2026-01-01T00:00:00.000001Z'),
            )
            .selectFrom('late')
            .select(['late.moment'])
            .where('late.moment', '<', '2026-01-02T00:00:00Z'),
        );

        expect(groups).toEqual([
          { kind: 'a', count: 2, latest: '2026-01-02T00:00:00.000Z', grades: 12 },
          { kind: 'b', count: 1, latest: '2026-01-01T00:00:00.000001Z', grades: null },
        ]);
        expect(flags).toEqual([
          { school: 's1', hasEvents: true },
          { school: 's2', hasEvents: false },
        ]);
        expect(derived).toEqual([{ moment: '2026-01-01T00:00:00.000001Z' }]);
      }));

    test('lists in IN, an empty one too, ranges, LIKE, and instants in any form', () =>
      withDatabase(create, async (database) => {
        await fill(database);
        const sequences = async (build: Parameters<typeof selectEvents>[1]) =>
          (await selectEvents(database, build)).map((row) => row.sequence);

        expect(await sequences((where) => where('kind', 'in', ['b', 'c']))).toEqual([2]);
        expect(await sequences((where) => where('kind', 'in', []))).toEqual([]);
        expect(await sequences((where) => where('kind', 'not in', ['a']))).toEqual([2]);
        expect(await sequences((where) => where('kind', 'like', 'a%'))).toEqual([1, 3]);
        expect(await sequences((where) => where('kind', 'like', 'A%'))).toEqual([]);
        expect(await sequences((where) => where('at', '=', '2026-01-01T02:00:00+02:00'))).toEqual([1]);
        expect(await sequences((where) => where('at', 'in', ['2026-01-02T00:00:00.000000000Z']))).toEqual([
          3,
        ]);
        expect(
          await sequences((where) => where.between('2026-01-01T00:00:00Z', '2026-01-01T00:00:00.5Z')),
        ).toEqual([1, 2]);
        expect(await sequences((where) => where('kind', '=', 'x'.repeat(50)))).toEqual([]);
        expect(await sequences((where) => where('grade', '>', 5))).toEqual([3]);
      }));

    test('more parameters than Spanner takes are refused', () =>
      withDatabase(create, async (database) => {
        const ids = Array.from({ length: 951 }, (_, number) => String(number));
        const query = database.query((q) => q.selectFrom('kinds').select('id').where('id', 'in', ids));

        await expect(query).rejects.toMatchObject({ code: 'too_large' });
        expect(
          await database.query((q) => q.selectFrom('kinds').select('id').where('id', 'in', ids.slice(1))),
        ).toEqual([]);
      }));

    test('a value of the wrong type in a condition is refused', () =>
      withDatabase(create, async (database) => {
        const query = database.query((q) =>
          q.selectFrom('events').select('kind').where('at', '<', 'yesterday'),
        );

        await expect(query).rejects.toMatchObject({ code: 'invalid_params' });
      }));

    test('DML inserts, updates and deletes, and gives back what it is asked for', () =>
      withDatabase(create, async (database) => {
        const results = await database.transaction(async (transaction) => {
          const inserted = await transaction.execute((q) =>
            q
              .insertInto('teachers')
              .values([
                { district: 'd', teacher: 't1', lessons: 1, email: null, changedAt: commitTime },
                { district: 'd', teacher: 't2', lessons: 2, email: 'b@x', changedAt: commitTime },
              ])
              .returning(['teacher', 'email']),
          );
          const updated = await transaction.execute((q) =>
            q
              .updateTable('teachers')
              .set((eb) => ({ lessons: eb('lessons', '+', 5), email: null }))
              .where('teacher', '=', 't2')
              .returning(['teacher', 'lessons']),
          );
          return { inserted, updated };
        });
        const deleted = await database.transaction((transaction) =>
          transaction.execute((q) => q.deleteFrom('teachers').where('lessons', '<', 5).returning('teacher')),
        );

        expect(results.inserted.toSorted((a, b) => (a.teacher < b.teacher ? -1 : 1))).toEqual([
          { teacher: 't1', email: null },
          { teacher: 't2', email: 'b@x' },
        ]);
        expect(results.updated).toEqual([{ teacher: 't2', lessons: 7 }]);
        expect(deleted).toEqual([{ teacher: 't1' }]);
        const left = await database.scan(teachers);
        expect(left).toMatchObject([{ district: 'd', teacher: 't2', lessons: 7, email: null }]);
        expect(Math.abs(Date.now() - Date.parse(left[0]?.changedAt ?? ''))).toBeLessThan(60_000);
        await expect(
          database.transaction((transaction) =>
            transaction.execute((q) =>
              q.insertInto('teachers').values([
                { district: 'd', teacher: 't3', lessons: 1, changedAt: commitTime },
                { district: 'd', teacher: 't4', lessons: 1, changedAt: '2026-01-01T00:00:00Z' },
              ]),
            ),
          ),
        ).rejects.toMatchObject({ code: 'invalid_params' });
      }));

    test('DML writes every kind of column, nulls and empty lists too', () =>
      withDatabase(create, async (database) => {
        const values = {
          text: '007',
          short: null,
          whole: 5,
          big: 2n ** 62n,
          real: 2,
          flag: false,
          raw: new Uint8Array([0, 1]),
          committed: null,
          instant: '2026-01-01T00:00:00.123Z',
          day: '2026-01-01',
          document: { list: [1, 'x', null] },
          texts: [],
          wholes: [1, 2],
          bigs: null,
          reals: [1],
          flags: [true],
          raws: [new Uint8Array([255])],
          instants: ['2026-01-01T00:00:00.000Z'],
          days: ['2026-01-01'],
        };
        const emptied = Object.fromEntries(Object.keys(values).map((name) => [name, null]));

        await database.transaction((transaction) =>
          transaction.execute((q) => q.insertInto('kinds').values([{ id: 'a', ...values }, { id: 'b' }])),
        );
        const inserted = await database.scan(kinds);
        await database.transaction((transaction) =>
          transaction.execute((q) => q.updateTable('kinds').set(emptied).where('id', '=', 'a')),
        );
        await database.transaction((transaction) =>
          transaction.execute((q) => q.updateTable('kinds').set(values).where('id', '=', 'b')),
        );

        expect(inserted).toEqual([
          { id: 'a', ...values },
          { id: 'b', ...emptied },
        ]);
        expect(await database.scan(kinds)).toEqual([
          { id: 'a', ...emptied },
          { id: 'b', ...values },
        ]);
      }));

    test('an insert that finds the row replaces it, or leaves it, as told', () =>
      withDatabase(create, async (database) => {
        await fill(database);
        const row = { district: 'd', school: 's1', name: 'Ash', opened: null };

        await database.transaction((transaction) =>
          transaction.execute((q) =>
            q
              .insertInto('schools')
              .values(row)
              .onConflict((conflict) => conflict.columns(['district', 'school']).doNothing()),
          ),
        );
        const kept = await database.get(schools, { district: 'd', school: 's1' });
        await database.transaction((transaction) =>
          transaction.execute((q) =>
            q
              .insertInto('schools')
              .values(row)
              .onConflict((conflict) =>
                conflict.columns(['district', 'school']).doUpdateSet((eb) => ({
                  name: eb.ref('excluded.name'),
                  opened: eb.ref('excluded.opened'),
                })),
              ),
          ),
        );

        expect(kept?.name).toBe('Oak');
        expect(await database.get(schools, { district: 'd', school: 's1' })).toEqual(row);
      }));

    test('DML is seen by later reads of the same transaction', () =>
      withDatabase(create, async (database) => {
        await fill(database);

        const seen = await database.transaction(async (transaction) => {
          await transaction.execute((q) =>
            q.updateTable('schools').set({ name: 'Yew' }).where('school', '=', 's1'),
          );
          return (await transaction.get(schools, { district: 'd', school: 's1' }))?.name;
        });

        expect(seen).toBe('Yew');
      }));

    test('an encrypted column is offered by no query', () =>
      withDatabase(create, async (database) => {
        const queries = [
          database.query((q) => q.selectFrom('secrets').selectAll()),
          database.query((q) => q.selectFrom('secrets').select(sql.ref<string>('credential').as('c'))),
          database.query((q) =>
            q.selectFrom('secrets').select('note').where(sql.ref<string>('secrets.pin'), 'is', null),
          ),
        ];

        for (const query of await Promise.allSettled(queries)) {
          expect(query).toMatchObject({ status: 'rejected', reason: { code: 'invalid_params' } });
        }
        expect(await database.query((q) => q.selectFrom('secrets').select('note'))).toEqual([]);
        expect(secrets.columns.credential.kind).toBe('encrypted');
      }));
  });
}

interface WhereEvents {
  (column: 'kind', operator: '=' | 'like', value: string): EventsFilter;
  (column: 'kind' | 'at', operator: 'in' | 'not in', value: readonly string[]): EventsFilter;
  (column: 'at', operator: '=', value: string): EventsFilter;
  (column: 'grade', operator: '>', value: number): EventsFilter;
  between(from: string, to: string): EventsFilter;
}

type EventsFilter = (query: EventsQuery) => EventsQuery;
type EventsQuery = ReturnType<typeof startEvents>;

function startEvents(q: Parameters<Parameters<Database<FixtureSchema>['query']>[0]>[0]) {
  return q.selectFrom('events').select('sequence').orderBy('sequence');
}

function selectEvents(database: Database<FixtureSchema>, build: (where: WhereEvents) => EventsFilter) {
  const where = Object.assign(
    (column: 'kind' | 'at' | 'grade', operator: '=', value: never): EventsFilter =>
      (query) =>
        query.where(column, operator, value),
    {
      between:
        (from: string, to: string): EventsFilter =>
        (query) =>
          query.where((eb) => eb.between('at', from, to)),
    },
  );
  return database.query((q) => build(where as WhereEvents)(startEvents(q)));
}
