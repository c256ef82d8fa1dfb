import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  arrayOf,
  type CommitTime,
  commitTime,
  commitTimestamp,
  encrypted,
  float64,
  int64,
  json,
  string,
  timestamp,
} from './columns.ts';
import type { Database } from './database.ts';
import {
  defineTable,
  type InsertOf,
  type KeyOf,
  type RowOf,
  type TableDefinition,
  type UpdateOf,
} from './table.ts';

const integrations = defineTable('integrations', {
  columns: {
    customerId: string(64),
    integrationId: string(64),
    secret: encrypted(json<{ readonly token: string }>(), {
      boundTo: ['customerId', 'integrationId'],
    }).nullable(),
  },
  primaryKey: ['customerId', 'integrationId'],
});

const runs = defineTable('runs', {
  columns: {
    customerId: string(64),
    integrationId: string(64),
    runId: string(64),
    detail: json<{ readonly pages: number }>().nullable(),
    tags: arrayOf(string('max')),
    createdAt: commitTimestamp(),
    expiresAt: timestamp().nullable(),
  },
  primaryKey: ['customerId', 'integrationId', { column: 'runId', descending: true }],
  interleaveIn: { parent: integrations, onDelete: 'cascade' },
  indexes: [
    {
      name: 'runs_by_time',
      columns: ['customerId', { column: 'createdAt', descending: true }],
      storing: ['tags'],
    },
  ],
  rowDeletion: { column: 'expiresAt', days: 0 },
});

type Runs = typeof runs;

describe('the types that follow from a table', () => {
  test("a row has every column, a key the key's, an insert may leave out what is nullable", () => {
    expectTypeOf<RowOf<Runs>['detail']>().toEqualTypeOf<{ readonly pages: number } | null>();
    expectTypeOf<RowOf<Runs>['createdAt']>().toEqualTypeOf<string>();
    expectTypeOf<keyof KeyOf<Runs>>().toEqualTypeOf<'customerId' | 'integrationId' | 'runId'>();
    expectTypeOf<InsertOf<Runs>['createdAt']>().toEqualTypeOf<string | CommitTime>();
    expectTypeOf<{
      customerId: string;
      integrationId: string;
      runId: string;
      tags: string[];
      createdAt: CommitTime;
    }>().toExtend<InsertOf<Runs>>();
    expectTypeOf<{
      customerId: string;
      integrationId: string;
      runId: string;
      createdAt: CommitTime;
    }>().not.toExtend<InsertOf<Runs>>();
    expectTypeOf<KeyOf<Runs> & { detail: null }>().toExtend<UpdateOf<Runs>>();
    expect(runs.primaryKey.map((part) => part.descending)).toEqual([false, false, true]);
  });

  test('reads and queries are typed by table and column', () => {
    // Never called: the compiler is what is tested.
    const read = async (database: Database<readonly [typeof integrations, Runs]>) => {
      const narrowed = await database.getMany(runs, [], { columns: ['tags'] });
      expectTypeOf(narrowed).toEqualTypeOf<readonly Pick<RowOf<Runs>, 'tags'>[]>();
      const rows = await database.query((q) => q.selectFrom('runs').select(['runId', 'detail as what']));
      expectTypeOf(rows).toEqualTypeOf<
        readonly { runId: string; what: { readonly pages: number } | null }[]
      >();
      // @ts-expect-error An encrypted column is not offered to SQL.
      await database.query((q) => q.selectFrom('integrations').select('secret'));
      await database.transaction(async (transaction) => {
        // @ts-expect-error A number is no text.
        transaction.update(runs, { customerId: 'c', integrationId: 'i', runId: 'r', tags: [1] });
        // @ts-expect-error The key is not whole.
        transaction.delete(runs, { customerId: 'c' });
      });
    };
    expect(read).toBeTypeOf('function');
    expect(commitTime).toBeTypeOf('symbol');
  });
});

describe('an unsound definition is refused with the reason', () => {
  const columns = { a: string(10), b: string(10), n: int64().nullable(), f: float64(), at: timestamp() };
  type Definition = TableDefinition<typeof columns, keyof typeof columns>;
  const define =
    (definition: Partial<Definition>, name = 't') =>
    () =>
      defineTable(name, { columns, primaryKey: ['a', 'b'], ...definition } as Definition);
  const parent = defineTable('parent', { columns, primaryKey: ['a'] });
  const otherParent = defineTable('other', { columns, primaryKey: ['b'] });
  const index = { name: 'i', columns: ['a'] } as const;

  test.each([
    ['no key', define({ primaryKey: [] }), 'it has no primary key'],
    ['a key part twice', define({ primaryKey: ['a', 'a'] }), 'its key names a column twice'],
    [
      'a key part that is no column',
      define({ primaryKey: ['x' as 'a'] }),
      "its key names 'x', which is no column",
    ],
    ['a nullable key part', define({ primaryKey: ['n'] }), "its key names 'n', which is nullable"],
    ['a double as key', define({ primaryKey: ['f'] }), "its key names 'f', of a kind that cannot be a key"],
    [
      'a bad name',
      define({}, 'drop table'),
      "'drop table' is not a letter followed by letters, digits and '_'",
    ],
    [
      'a parent with another key',
      define({ interleaveIn: { parent: otherParent, onDelete: 'cascade' } }),
      "its key does not begin with the key of its parent 'other'",
    ],
    [
      "a key no longer than the parent's",
      define({ primaryKey: ['a'], interleaveIn: { parent, onDelete: 'cascade' } }),
      "its key is not longer than its parent's",
    ],
    ['an index over nothing', define({ indexes: [{ ...index, columns: [] }] }), "index 'i' has no columns"],
    [
      'an index over a double',
      define({ indexes: [{ ...index, columns: ['f'] }] }),
      "index 'i' names 'f', of a kind that cannot be indexed",
    ],
    [
      'a unique index with nulls',
      define({ indexes: [{ ...index, columns: ['n'], unique: true }] }),
      "index 'i' is unique over a nullable column and not nullFiltered",
    ],
    [
      'storing the key',
      define({ indexes: [{ ...index, storing: ['b'] }] }),
      "index 'i' stores 'b', which it holds anyway",
    ],
    [
      'a deletion policy on text',
      define({ rowDeletion: { column: 'a', days: 1 } }),
      'rowDeletion names no timestamp column',
    ],
  ])('%s', (_, defineIt, problem) => {
    expect(defineIt).toThrow(
      expect.objectContaining({ code: 'internal', data: expect.objectContaining({ problem }) }),
    );
  });

  test('an encrypted column bound to what can change, and columns that differ in case only', () => {
    const sealed = encrypted(string('max'), { boundTo: ['b'] });

    expect(() =>
      defineTable('t', { columns: { a: string(1), b: string(1), sealed }, primaryKey: ['a'] }),
    ).toThrow(
      expect.objectContaining({
        data: { table: 't', problem: "'sealed' is bound to 'b', which is not part of the key" },
      }),
    );
    expect(() => defineTable('t', { columns: { a: string(1), A: string(1) }, primaryKey: ['a'] })).toThrow(
      expect.objectContaining({ data: { table: 't', problem: 'two columns differ in case only' } }),
    );
  });
});
