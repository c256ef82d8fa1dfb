import { Failure } from '../failure/failure.ts';
import { checkKey, checkPrefix, keyText } from './checked-mutation.ts';
import type { ColumnCipher } from './column-cipher.ts';
import type { Reader } from './database.ts';
import { type KeyRange, toKeyRange } from './key-range.ts';
import type { UncheckedRow } from './mutation.ts';
import type { PlainValue } from './plain-value.ts';
import { columnsToRead, openRows } from './seal-columns.ts';
import type { Schema, Table } from './table.ts';

export type Row = Record<string, unknown>;

/** What an adapter implements: reads whose keys and ranges are checked, giving rows whose encrypted columns are still sealed. */
export interface RowSource<S extends Schema> extends Pick<Reader<S>, 'query'> {
  readKeys(
    table: Table,
    columns: readonly string[],
    keys: readonly (readonly PlainValue[])[],
  ): Promise<readonly Row[]>;
  readRange(table: Table, columns: readonly string[], range: KeyRange): Promise<readonly Row[]>;
  /** The rows whose primary keys begin so; no two prefixes overlap. */
  readPrefixes(
    table: Table,
    columns: readonly string[],
    prefixes: readonly (readonly PlainValue[])[],
  ): Promise<readonly Row[]>;
}

/** A reader over an adapter's row source: checks what is asked for, opens what is sealed. */
export function createReader<S extends Schema>(
  source: RowSource<S>,
  schema: S,
  cipher: ColumnCipher | undefined,
): Reader<S> {
  async function getMany(
    table: Table,
    keys: Iterable<UncheckedRow>,
    options?: { readonly columns?: readonly string[] },
  ) {
    const wanted = wantedColumns(schema, table, options?.columns);
    const byText = new Map(
      Array.from(keys, (key) => checkKey(table, key).values).map((key) => [keyText(key), key]),
    );
    const checked = [...byText.values()];
    if (checked.length === 0) return [];
    const rows = await source.readKeys(table, columnsToRead(table, wanted, cipher), checked);
    return openRows(table, rows, wanted, cipher);
  }

  const reader = {
    get: async (table: Table, key: UncheckedRow, options?: { readonly columns?: readonly string[] }) =>
      (await getMany(table, [key], options))[0],
    getMany,
    scanMany: async (
      table: Table,
      prefixes: Iterable<UncheckedRow>,
      options?: { readonly columns?: readonly string[] },
    ) => {
      const wanted = wantedColumns(schema, table, options?.columns);
      const checked = checkPrefixes(table, prefixes);
      if (checked.length === 0) return [];
      const rows = await source.readPrefixes(table, columnsToRead(table, wanted, cipher), checked);
      return openRows(table, rows, wanted, cipher);
    },
    scan: async (table: Table, options: Parameters<Reader['scan']>[1] = {}) => {
      const wanted = wantedColumns(schema, table, options.columns);
      const range = toKeyRange(table, options);
      if (range.limit === 0) return [];
      const rows = await source.readRange(table, columnsToRead(table, wanted, cipher), range);
      return openRows(table, rows, wanted, cipher);
    },
    query: source.query,
  };
  // The row types follow from the table's definition, by which the values were decoded; the compiler cannot see that.
  return reader as Reader<S>;
}

/** Each once. Of different lengths one could lie within another, and its rows would come twice. */
function checkPrefixes(table: Table, prefixes: Iterable<UncheckedRow>): readonly (readonly PlainValue[])[] {
  const byText = new Map(
    Array.from(prefixes, (prefix) => checkPrefix(table, table.primaryKey, prefix).values).map((values) => [
      keyText(values),
      values,
    ]),
  );
  const checked = [...byText.values()];
  const length = checked[0]?.length ?? 0;
  if (checked.every((values) => values.length === length && length > 0)) return checked;
  throw new Failure('invalid_params', 'A read does not fit its table', {
    data: { table: table.name, problem: 'the prefixes are empty, or not all of one length' },
  });
}

function wantedColumns(
  schema: Schema,
  table: Table,
  columns: readonly string[] | undefined,
): readonly string[] {
  requireTable(schema, table);
  const wanted = columns ?? Object.keys(table.columns);
  const unknown = wanted.find((name) => !Object.hasOwn(table.columns, name));
  if (unknown !== undefined || wanted.length === 0) {
    const problem = unknown === undefined ? 'no column is chosen' : `'${unknown}' is no column`;
    throw new Failure('invalid_params', 'A read does not fit its table', {
      data: { table: table.name, problem },
    });
  }
  return wanted;
}

/** A table of another schema would be read and written by the wrong definition. */
export function requireTable(schema: Schema, table: Table): void {
  if (schema.includes(table)) return;
  throw new Failure('internal', 'The table is not in the schema that the database was opened with', {
    data: { table: table.name },
  });
}
