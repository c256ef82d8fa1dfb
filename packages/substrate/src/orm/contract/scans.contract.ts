import { describe, expect, test } from 'vitest';
import type { Database } from '../database.ts';
import { upsertRow } from '../mutation.ts';
import { type CreateContractDatabase, withDatabase } from './contract-database.ts';
import { events, type FixtureSchema, kinds, schools } from './fixture-tables.ts';

const at = '2026-01-01T00:00:00.000Z';

/** Two districts of two schools with five events each; kinds and grades repeat, some grades are null. */
async function fill(database: Database<FixtureSchema>): Promise<void> {
  const places = ['d1', 'd2'].flatMap((district) => ['s1', 's2'].map((school) => ({ district, school })));
  await database.write(places.map((place) => upsertRow(schools, { ...place, name: place.school })));
  await database.write(
    places.flatMap((place) =>
      [1, 2, 3, 4, 5].map((sequence) =>
        upsertRow(events, {
          ...place,
          sequence,
          kind: sequence % 2 === 0 ? 'even' : 'odd',
          grade: sequence === 5 ? null : sequence % 3,
          note: `n${sequence}`,
          at,
        }),
      ),
    ),
  );
}

const place = (row: {
  readonly district: string;
  readonly school: string;
  readonly sequence: number;
}): string => `${row.district}${row.school}${row.sequence}`;

export function describeScans(create: CreateContractDatabase): void {
  describe('reads by key and range', () => {
    test('get gives a row, or undefined', () =>
      withDatabase(create, async (database) => {
        await fill(database);

        expect(await database.get(events, { district: 'd1', school: 's2', sequence: 3 })).toEqual({
          district: 'd1',
          school: 's2',
          sequence: 3,
          kind: 'odd',
          grade: 0,
          note: 'n3',
          detail: null,
          at,
        });
        expect(await database.get(events, { district: 'd1', school: 's2', sequence: 9 })).toBeUndefined();
        expect(
          await database.get(events, { district: 'd1', school: 's1', sequence: 1 }, { columns: ['note'] }),
        ).toEqual({ note: 'n1' });
      }));

    test('getMany gives the rows that are there, with the chosen columns', () =>
      withDatabase(create, async (database) => {
        await fill(database);
        const keys = [1, 9, 3].map((sequence) => ({ district: 'd1', school: 's1', sequence }));

        const rows = await database.getMany(events, keys, { columns: ['note'] });

        expect(new Set(rows.map((row) => row.note))).toEqual(new Set(['n1', 'n3']));
        expect(Object.keys(rows[0] ?? {})).toEqual(['note']);
        expect(await database.getMany(events, [])).toEqual([]);
        expect(await database.getMany(events, [...keys, ...keys])).toHaveLength(2);
      }));

    test('scanMany gives the rows whose keys begin in one of several ways, each once', () =>
      withDatabase(create, async (database) => {
        await fill(database);
        const prefixes = [
          { district: 'd1', school: 's2' },
          { district: 'd2', school: 's1' },
          { district: 'd2', school: 's1' },
          { district: 'd2', school: 'none' },
        ];

        const rows = await database.scanMany(events, prefixes, {
          columns: ['district', 'school', 'sequence'],
        });

        expect(rows.map(place).toSorted()).toEqual(
          ['d1s2', 'd2s1'].flatMap((school) => [1, 2, 3, 4, 5].map((sequence) => `${school}${sequence}`)),
        );
        expect(await database.scanMany(events, [])).toEqual([]);
        for (const strange of [
          [{}],
          [{ school: 's1' }],
          [{ district: 'd1', school: 's1' }, { district: 'd1' }],
        ])
          await expect(database.scanMany(events, strange)).rejects.toMatchObject({ code: 'invalid_params' });
      }));

    test('a scan follows the primary key, descending parts too', () =>
      withDatabase(create, async (database) => {
        await fill(database);

        expect((await database.scan(events, { prefix: { district: 'd1' } })).map(place)).toEqual([
          'd1s15',
          'd1s14',
          'd1s13',
          'd1s12',
          'd1s11',
          'd1s25',
          'd1s24',
          'd1s23',
          'd1s22',
          'd1s21',
        ]);
        expect(
          (await database.scan(events, { prefix: { district: 'd2', school: 's1' }, limit: 2 })).map(place),
        ).toEqual(['d2s15', 'd2s14']);
        expect(
          (await database.scan(events, { prefix: { district: 'd2' }, descending: true, limit: 3 })).map(
            place,
          ),
        ).toEqual(['d2s21', 'd2s22', 'd2s23']);
        expect(
          (await database.scan(events, { prefix: { district: 'd2', school: 's1' }, descending: true })).map(
            place,
          ),
        ).toEqual(['d2s11', 'd2s12', 'd2s13', 'd2s14', 'd2s15']);
        expect(await database.scan(events)).toHaveLength(20);
        expect(await database.scan(events, { limit: 0 })).toEqual([]);
        expect(await database.scan(events, { prefix: { district: 'd3' } })).toEqual([]);
      }));

    const walks = [
      { name: 'the primary key', options: {} },
      { name: 'the primary key, turned round', options: { descending: true } },
      { name: 'a prefix', options: { prefix: { district: 'd1' } } },
      { name: 'a longer prefix', options: { prefix: { district: 'd1', school: 's2' } } },
      { name: 'an index', options: { index: 'events_by_kind' } },
      { name: 'an index, turned round', options: { index: 'events_by_kind', descending: true } },
      { name: 'an index with nulls, descending', options: { index: 'events_by_grade' } },
      { name: 'an index with nulls, turned round', options: { index: 'events_by_grade', descending: true } },
      { name: 'an index without nulls', options: { index: 'events_with_grade', prefix: { district: 'd2' } } },
      {
        name: 'a prefix of an index',
        options: { index: 'events_by_kind', prefix: { district: 'd1', kind: 'odd' } },
      },
      {
        name: 'the nulls of an index',
        options: { index: 'events_by_grade', prefix: { district: 'd1', grade: null } },
      },
    ] as const;
    test.each(walks)('pages along $name neither repeat nor lose a row', ({ options }) =>
      withDatabase(create, async (database) => {
        await fill(database);
        const whole = await database.scan(events, options);

        const paged: (typeof whole)[number][] = [];
        for (;;) {
          const last = paged.at(-1);
          const page = await database.scan(events, {
            ...options,
            limit: 3,
            ...(last === undefined ? {} : { after: last }),
          });
          paged.push(...page);
          if (page.length < 3) break;
        }

        expect(whole.length).toBeGreaterThan(1);
        expect(paged).toEqual(whole);
      }),
    );

    test("a scan by an index is in the index's order and gives all columns", () =>
      withDatabase(create, async (database) => {
        await fill(database);

        const byKind = await database.scan(events, {
          index: 'events_by_kind',
          prefix: { district: 'd1', kind: 'even' },
        });
        const byGrade = await database.scan(events, { index: 'events_by_grade', prefix: { district: 'd1' } });
        const withGrade = await database.scan(events, {
          index: 'events_with_grade',
          prefix: { district: 'd1' },
          columns: ['grade'],
        });

        expect(byKind.map(place)).toEqual(['d1s14', 'd1s12', 'd1s24', 'd1s22']);
        expect(byKind[0]).toEqual({
          district: 'd1',
          school: 's1',
          sequence: 4,
          kind: 'even',
          grade: 1,
          note: 'n4',
          detail: null,
          at,
        });
        expect(byGrade.map((row) => row.grade)).toEqual([2, 2, 1, 1, 1, 1, 0, 0, null, null]);
        expect(withGrade.map((row) => row.grade)).toEqual([0, 0, 1, 1, 1, 1, 2, 2]);
      }));

    test('keys sort by code point, whatever the language', () =>
      withDatabase(create, async (database) => {
        const ids = ['😀', '\uFF5E', 'a', 'B', 'é', '', '10', '9', '\u0000'];
        await database.write(ids.map((id) => upsertRow(kinds, { id })));

        const read = (await database.scan(kinds, { columns: ['id'] })).map((row) => row.id);

        expect(read).toEqual(['', '\u0000', '10', '9', 'B', 'a', 'é', '\uFF5E', '😀']);
        expect(
          (await database.scan(kinds, { columns: ['id'], after: { id: 'é' } })).map((row) => row.id),
        ).toEqual(['\uFF5E', '😀']);
      }));

    test('a scan that does not fit the table is refused with the reason', () =>
      withDatabase(create, async (database) => {
        const scans = [
          database.scan(events, { prefix: { school: 's1' } }),
          database.scan(events, { prefix: { district: 'd1', kind: 'odd' } }),
          database.scan(events, { after: { district: 'd1' } }),
          database.scan(events, { index: 'nonsense' }),
          database.scan(events, { limit: -1 }),
          database.scan(events, { columns: [] }),
        ];

        for (const scan of await Promise.allSettled(scans)) {
          expect(scan).toMatchObject({ status: 'rejected', reason: { code: 'invalid_params' } });
        }
      }));
  });
}
