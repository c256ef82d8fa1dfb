import { Failure } from '../failure/failure.ts';
import type { CheckedMutation } from './checked-mutation.ts';
import type { CipherContext, ColumnCipher } from './column-cipher.ts';
import type { Column } from './columns.ts';
import type { ColumnNameOf, Table } from './table.ts';

type Row = Record<string, unknown>;
// Without `ignoreBOM` a string that begins with U+FEFF would lose it.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function isEncrypted(table: Table, name: string): boolean {
  return table.columns[name]?.kind === 'encrypted';
}

/** The mutations with every encrypted value sealed; `config_invalid` where one needs a cipher and there is none. */
export function sealMutations(
  mutations: readonly CheckedMutation[],
  cipher: ColumnCipher | undefined,
): Promise<readonly CheckedMutation[]> {
  return Promise.all(mutations.map((mutation) => sealMutation(mutation, cipher)));
}

async function sealMutation(
  mutation: CheckedMutation,
  cipher: ColumnCipher | undefined,
): Promise<CheckedMutation> {
  const { table, names, values } = mutation;
  if (!names.some((name) => isEncrypted(table, name))) return mutation;
  const row: Row = Object.fromEntries(names.map((name, position) => [name, values[position]]));
  const sealed = names.map(async (name, position) => {
    const value = values[position];
    if (!isEncrypted(table, name) || !(value instanceof Uint8Array)) return value ?? null;
    return requireCipher(cipher, table, name).seal(value, contextOf(table, name, row));
  });
  return { ...mutation, values: await Promise.all(sealed) };
}

/** The columns to read so that `wanted` can be opened: what they are bound to must be at hand. */
export function columnsToRead(
  table: Table,
  wanted: readonly string[],
  cipher: ColumnCipher | undefined,
): readonly string[] {
  const names = new Set(wanted);
  for (const name of wanted) {
    if (!isEncrypted(table, name)) continue;
    requireCipher(cipher, table, name);
    for (const bound of table.columns[name]?.boundTo ?? []) names.add(bound);
  }
  return [...names];
}

/** Rows as read, with the encrypted columns opened and only the wanted columns kept. */
export async function openRows<C extends string>(
  table: Table,
  rows: readonly Row[],
  wanted: readonly C[],
  cipher: ColumnCipher | undefined,
): Promise<readonly Row[]> {
  if (!wanted.some((name) => isEncrypted(table, name))) return rows;
  return Promise.all(rows.map((row) => openRow(table, row, wanted, cipher)));
}

async function openRow(
  table: Table,
  row: Row,
  wanted: readonly ColumnNameOf<Table>[],
  cipher: ColumnCipher | undefined,
): Promise<Row> {
  const opened = wanted.map(async (name) => {
    const value = row[name];
    const column = table.columns[name];
    if (column?.kind !== 'encrypted' || value === null) return [name, value] as const;
    if (!(value instanceof Uint8Array))
      throw new Failure('internal', 'A sealed column was read as something else than bytes');
    const plain = await requireCipher(cipher, table, name).open(value, contextOf(table, name, row));
    return [name, fromPlainBytes(column, plain)] as const;
  });
  return Object.fromEntries(await Promise.all(opened));
}

function fromPlainBytes(column: Column, plain: Uint8Array): unknown {
  switch (column.plain?.kind) {
    case 'bytes':
      return plain;
    case 'json':
      return JSON.parse(utf8.decode(plain));
    default:
      return utf8.decode(plain);
  }
}

function contextOf(table: Table, name: string, row: Row): CipherContext {
  const bound = table.columns[name]?.boundTo ?? [];
  return {
    table: table.name,
    column: name,
    row: Object.fromEntries(bound.map((other) => [other, row[other]])),
  };
}

function requireCipher(cipher: ColumnCipher | undefined, table: Table, name: string): ColumnCipher {
  if (cipher !== undefined) return cipher;
  throw new Failure('config_invalid', 'An encrypted column needs a cipher: use withCipher', {
    data: { table: table.name, column: name },
  });
}
