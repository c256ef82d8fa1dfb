import { Failure } from '../failure/failure.ts';
import type { ColumnCipher } from '../orm/column-cipher.ts';
import type { Database } from '../orm/database.ts';
import type { Table } from '../orm/table.ts';
import type { KeyOwner } from './data-keys.ts';
import { readKeyVersion } from './envelope.ts';

/** What a reseal reads and writes, with any table's types taken off. */
export type AnyRow = Readonly<Record<string, unknown>>;

export interface ResealOptions {
  /** Its own cipher is not used. */
  readonly database: Database;
  /** The vault. */
  readonly cipher: ColumnCipher;
  readonly owner: KeyOwner;
  /** What stands under an older version is sealed anew. */
  readonly keyVersion: number;
  /** The key of the row to go on after. */
  readonly after?: AnyRow;
  /** Asked before each row; true: the rest is left. */
  readonly isOver?: () => boolean;
  readonly signal?: AbortSignal;
}

export interface ResealResult {
  /** Rows that were sealed anew. */
  readonly resealed: number;
  /** Rows that do not open, left as they are. */
  readonly failed: readonly ResealFault[];
  /** Whether there are no more rows. */
  readonly isDone: boolean;
  /** The key of the last row that was looked at, to go on after. */
  readonly last: AnyRow | undefined;
}

export interface ResealFault {
  readonly key: AnyRow;
  readonly reason: string;
}

const pageSize = 100;

/**
 * Opens every encrypted value of one integration in a table, and seals anew what stands under a data key older than `keyVersion`: the
 * second half of a rotation. The table's key begins with customerId, integrationId. Row by row, each in a transaction of its own, so that a
 * writer at the same time loses nothing, and one row at a time is in memory. May be repeated, from any place.
 */
export async function resealTable(table: Table, options: ResealOptions): Promise<ResealResult> {
  const { database, owner, isOver = () => false, signal } = options;
  const keyNames = table.primaryKey.map(({ column }) => column);
  const sealedNames = sealedColumns(table);
  const failed: ResealFault[] = [];
  let resealed = 0;
  let last = options.after;
  if (sealedNames.length === 0) return { resealed, failed, isDone: true, last };
  for (;;) {
    const page: readonly AnyRow[] = await database.scan(table, {
      prefix: { ...owner },
      columns: keyNames,
      limit: pageSize,
      ...(last === undefined ? {} : { after: last }),
    });
    for (const key of page) {
      signal?.throwIfAborted();
      if (isOver()) return { resealed, failed, isDone: false, last };
      const outcome = await resealRow(table, key, sealedNames, options);
      if (outcome === 'resealed') resealed++;
      else if (outcome !== 'current') failed.push({ key, reason: outcome.reason });
      last = key;
    }
    if (page.length < pageSize) return { resealed, failed, isDone: true, last };
  }
}

export function sealedColumns(table: Table): readonly string[] {
  return Object.keys(table.columns).filter((name) => table.columns[name]?.kind === 'encrypted');
}

async function resealRow(
  table: Table,
  key: AnyRow,
  sealedNames: readonly string[],
  { database, cipher, keyVersion }: ResealOptions,
): Promise<'resealed' | 'current' | { readonly reason: string }> {
  let oldest = Number.POSITIVE_INFINITY;
  const watching: ColumnCipher = {
    seal: (plain, context) => cipher.seal(plain, context),
    async open(sealed, context) {
      oldest = Math.min(oldest, readKeyVersion(sealed));
      return cipher.open(sealed, context);
    },
  };
  try {
    return await database.withCipher(watching).transaction(async (transaction) => {
      oldest = Number.POSITIVE_INFINITY;
      const row: AnyRow | undefined = await transaction.get(table, key, { columns: sealedNames });
      if (row === undefined || oldest >= keyVersion) return 'current';
      transaction.update(table, { ...key, ...row });
      return 'resealed';
    });
  } catch (thrown) {
    // One value that is damaged or whose key was destroyed must not keep all others under the old key.
    if (!(thrown instanceof Failure) || thrown.code !== 'credentials_corrupt') throw thrown;
    return { reason: String(thrown.data['reason']) };
  }
}
