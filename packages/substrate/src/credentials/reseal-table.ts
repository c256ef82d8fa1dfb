import type { Database } from '../orm/database.ts';
import type { Table } from '../orm/table.ts';
import type { KeyOwner } from './data-keys.ts';

/** What a reseal reads and writes, with any table's types taken off. */
type Row = Readonly<Record<string, unknown>>;

const pageSize = 100;

/**
 * Opens and seals anew every encrypted value of one integration in a table, so that all of them stand under the newest data key: the
 * second half of a rotation. `database` is the one with the vault as its cipher; the table's key begins with customerId, integrationId.
 * Row by row, each in a transaction of its own, so that a writer at the same time loses nothing. Returns how many rows it sealed.
 */
export async function resealTable(
  database: Database,
  table: Table,
  owner: KeyOwner,
  signal?: AbortSignal,
): Promise<number> {
  const keyNames = table.primaryKey.map(({ column }) => column);
  const sealedNames = Object.keys(table.columns).filter((name) => table.columns[name]?.kind === 'encrypted');
  if (sealedNames.length === 0) return 0;
  let count = 0;
  for (let after: Row | undefined; ; ) {
    const page: readonly Row[] = await database.scan(table, {
      prefix: { ...owner },
      columns: keyNames,
      limit: pageSize,
      ...(after === undefined ? {} : { after }),
    });
    for (const key of page) {
      signal?.throwIfAborted();
      if (await resealRow(database, table, key, sealedNames)) count++;
    }
    after = page.at(-1);
    if (after === undefined || page.length < pageSize) return count;
  }
}

function resealRow(
  database: Database,
  table: Table,
  key: Row,
  sealedNames: readonly string[],
): Promise<boolean> {
  return database.transaction(async (transaction) => {
    const row: Row | undefined = await transaction.get(table, key, { columns: sealedNames });
    if (row === undefined) return false;
    transaction.update(table, { ...key, ...row });
    return true;
  });
}
