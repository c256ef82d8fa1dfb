import { describe, expect, test } from 'vitest';
import { type CheckedMutation, checkMutation } from './checked-mutation.ts';
import { chunkMutations, countBytes, countMutations } from './chunk-mutations.ts';
import { int64, string } from './columns.ts';
import { deleteRow, deleteRowRange, insertRow, type Mutation, updateRow, upsertRow } from './mutation.ts';
import { defineTable } from './table.ts';

const plain = defineTable('plain', {
  columns: { a: string(10), b: string('max').nullable(), n: int64().nullable() },
  primaryKey: ['a'],
});
const indexed = defineTable('indexed', {
  columns: {
    a: string(10),
    k: int64(),
    b: string(100),
    c: string(100).nullable(),
    d: string(100).nullable(),
  },
  primaryKey: ['a', { column: 'k', descending: true }],
  indexes: [
    { name: 'by_b', columns: ['b'] },
    { name: 'by_c', columns: ['c', 'b'], storing: ['d'] },
  ],
});
const row = { a: 'x', k: 1, b: 'b', c: 'c', d: 'd' };

async function chunks(
  mutations: Iterable<Mutation>,
  limits = { rows: 250, mutations: 40_000, bytes: 4_000_000 },
) {
  const all: (readonly CheckedMutation[])[] = [];
  for await (const chunk of chunkMutations(mutations, limits)) all.push(chunk);
  return all;
}

describe('what a mutation counts', () => {
  test.each([
    ['an insert counts its columns', insertRow(plain, { a: 'x', b: 'y' }), 2],
    ['a deletion counts one', deleteRow(plain, { a: 'x' }), 1],
    ['an insert counts the entry of each index', insertRow(indexed, row), 5 + 3 + 5],
    ['an upsert may also have to remove the old entries', upsertRow(indexed, row), 5 + 4 + 6],
    [
      'an update of an indexed column counts the indexes that have it',
      updateRow(indexed, { a: 'x', k: 1, c: 'new' }),
      3 + 6,
    ],
    ['an update of a stored column too', updateRow(indexed, { a: 'x', k: 1, d: 'new' }), 3 + 6],
    ['a deletion counts its indexes', deleteRow(indexed, row), 3],
  ])('%s', (_, mutation, count) => {
    expect(countMutations(checkMutation(mutation))).toBe(count);
  });

  test('a text beyond ASCII is taken at its most bytes', () => {
    expect(countBytes(checkMutation(insertRow(plain, { a: 'x', b: 'y'.repeat(100) })))).toBe(117);
    expect(countBytes(checkMutation(insertRow(plain, { a: 'x', b: 'é'.repeat(100) })))).toBe(317);
  });
});

describe('chunks', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, n) => upsertRow(plain, { a: String(n), b: 'y' }));

  test('have at most the rows of the limit', async () => {
    expect((await chunks(many(501))).map((chunk) => chunk.length)).toEqual([250, 250, 1]);
    expect(await chunks([])).toEqual([]);
  });

  test('have at most the counted mutations of the limit', async () => {
    expect(
      (await chunks(many(10), { rows: 100, mutations: 7, bytes: 1_000_000 })).map((chunk) => chunk.length),
    ).toEqual([3, 3, 3, 1]);
  });

  test('have at most the bytes of the limit, a row that is too large alone apart', async () => {
    const mutations = [...many(2), upsertRow(plain, { a: 'large', b: 'y'.repeat(500) }), ...many(2)];

    expect(
      (await chunks(mutations, { rows: 100, mutations: 1000, bytes: 100 })).map((chunk) => chunk.length),
    ).toEqual([2, 1, 2]);
  });

  test('sort neighbours of one kind and table by key, and keep every other order', async () => {
    const mutations = [
      upsertRow(plain, { a: 'c' }),
      upsertRow(plain, { a: 'a', n: 1 }),
      upsertRow(plain, { a: 'a', n: 2 }),
      deleteRow(plain, { a: 'b' }),
      deleteRow(plain, { a: 'a' }),
      upsertRow(plain, { a: 'a', n: 3 }),
      ...[1, 3, 2].map((k) => upsertRow(indexed, { ...row, k })),
    ];

    const [chunk] = await chunks(mutations);

    expect(
      chunk?.map(({ kind, names, values }) => [
        kind,
        values[names.indexOf('a')],
        values[names.indexOf('n')] ?? values[names.indexOf('k')],
      ]),
    ).toEqual([
      ['upsert', 'a', 1n],
      ['upsert', 'a', 2n],
      ['upsert', 'c', undefined],
      ['delete', 'a', undefined],
      ['delete', 'b', undefined],
      ['upsert', 'a', 3n],
      ['upsert', 'x', 3n],
      ['upsert', 'x', 2n],
      ['upsert', 'x', 1n],
    ]);
  });

  test('take no ranges', async () => {
    await expect(chunks([deleteRowRange(plain, { a: 'x' })])).rejects.toMatchObject({
      code: 'invalid_params',
    });
  });
});
