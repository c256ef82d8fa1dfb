import { z } from 'zod';
import type { KeyOwner } from '../../credentials/data-keys.ts';
import { type AnyRow, sealedColumns } from '../../credentials/reseal-table.ts';
import { Failure } from '../../failure/failure.ts';
import type { Table } from '../../orm/table.ts';
import { type Store, storeSchema } from '../../store/schema.ts';

/** What holds secrets of an integration: each key begins with the integration's. */
export const sealedTables: readonly Table[] = storeSchema.filter((table) => sealedColumns(table).length > 0);

export const KeyVersion = z.int().min(1).max(0xffff_ffff);

/** How far a reseal has come: before a row of a table, and after all tables before it. */
export const SealedPlace = z.strictObject({
  keyVersion: KeyVersion,
  table: z.enum(sealedTables.map(({ name }) => name) as [string, ...string[]]),
  after: z
    .array(z.union([z.string().max(512), z.int()]))
    .max(8)
    .nullable(),
});
export type SealedPlace = z.output<typeof SealedPlace>;

export function placeIn(keyVersion: number, table: Table | undefined): SealedPlace | null {
  return table === undefined ? null : { keyVersion, table: table.name, after: null };
}

export function tableNamed(name: string): Table {
  const table = sealedTables.find((each) => each.name === name);
  if (table === undefined)
    throw new Failure('internal', 'A table passed that the schema does not have', { data: { name } });
  return table;
}

/** The columns of a table's key behind those of the integration. */
function keyNamesOf(table: Table): readonly string[] {
  return table.primaryKey.map(({ column }) => column).slice(2);
}

export function valuesOf(table: Table, key: AnyRow): (string | number)[] {
  // Key columns are strings and whole numbers.
  return keyNamesOf(table).map((name) => key[name] as string | number);
}

export function keyAfter(table: Table, owner: KeyOwner, { after }: SealedPlace): AnyRow | undefined {
  if (after === null) return undefined;
  const names = keyNamesOf(table);
  if (names.length !== after.length)
    throw new Failure('invalid_params', 'goOn is not what keys.rotate answered as next', {
      data: { table: table.name },
    });
  return { ...owner, ...Object.fromEntries(names.map((name, position) => [name, after[position]])) };
}

/** Rows behind the place: no more than so many are still to be sealed. */
export async function countLeft(store: Store, owner: KeyOwner, place: SealedPlace | null): Promise<number> {
  if (place === null) return 0;
  const first = tableNamed(place.table);
  let count = 0;
  for (const table of sealedTables.slice(sealedTables.indexOf(first))) {
    const after = table === first ? keyAfter(table, owner, place) : undefined;
    count += await countRows(store, table, owner, after);
  }
  return count;
}

const countedAtOnce = 1_000;

async function countRows(
  store: Store,
  table: Table,
  owner: KeyOwner,
  from: AnyRow | undefined,
): Promise<number> {
  const columns = table.primaryKey.map(({ column }) => column);
  let count = 0;
  for (let after = from; ; ) {
    const page: readonly AnyRow[] = await store.scan(table, {
      prefix: { ...owner },
      columns,
      limit: countedAtOnce,
      ...(after === undefined ? {} : { after }),
    });
    count += page.length;
    after = page.at(-1);
    if (after === undefined || page.length < countedAtOnce) return count;
  }
}
