import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { Failure } from '../../failure/failure.ts';
import { sqliteErrorToFailure } from './sqlite-failure.ts';

/** One connection to the file, with its prepared statements. Every call blocks the thread until SQLite has answered. */
export interface SqliteConnection {
  all(sql: string, values: readonly SQLInputValue[]): readonly SqliteRow[];
  /** Runs a write; returns how many rows it changed. */
  run(sql: string, values: readonly SQLInputValue[]): number;
  /** Rows and where each of their columns comes from. */
  select(
    sql: string,
    values: readonly SQLInputValue[],
  ): { readonly rows: readonly SqliteRow[]; readonly origins: readonly ColumnOrigin[] };
  exec(sql: string): void;
  isInTransaction(): boolean;
  close(): void;
}

/** The values of a row in the order of the statement's columns, integers as bigint. */
export type SqliteRow = readonly SQLOutputValue[];

export interface ColumnOrigin {
  readonly name: string;
  readonly table: string | null;
  readonly column: string | null;
}

const mostStatements = 500;
/** SQLite blocks the thread while it waits for another process's lock: wait this long, then go back to the event loop and try again. */
const busyTimeoutMs = 10;

/**
 * Larger pages and a longer log than SQLite's defaults: with rows of a kilobyte bulk upserts run one and a half times as fast
 * (measured).
 */
const writerPragmas =
  'PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 2000';
/** LIKE tells upper from lower case, as on Spanner; the cache is in KiB where negative. */
const pragmas = 'PRAGMA case_sensitive_like = ON; PRAGMA cache_size = -16000';

export interface SqliteConnectionOptions {
  readonly path: string;
  readonly readOnly: boolean;
}

/**
 * Write-ahead log, so that readers and the one writer do not hinder each other. `synchronous = NORMAL`: a commit has reached the operating
 * system when it returns, so it survives kill -9 of the process; a power cut may take the last commits, but never corrupts the file.
 */
export function openSqliteConnection({ path, readOnly }: SqliteConnectionOptions): SqliteConnection {
  const database = translated(
    () => new DatabaseSync(path, { readOnly, enableForeignKeyConstraints: true, timeout: busyTimeoutMs }),
  );
  try {
    translated(() => database.exec(readOnly ? pragmas : `${writerPragmas}; ${pragmas}`));
  } catch (failure) {
    database.close();
    throw failure;
  }
  const statements = new Map<string, StatementSync>();

  function prepare(sql: string): StatementSync {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const statement = database.prepare(sql);
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    const oldest = statements.keys().next().value;
    if (statements.size >= mostStatements && oldest !== undefined) statements.delete(oldest);
    statements.set(sql, statement);
    return statement;
  }

  return {
    all: (sql, values) => translated(() => rowsOf(prepare(sql), values)),
    run: (sql, values) => translated(() => Number(prepare(sql).run(...values).changes)),
    select: (sql, values) =>
      translated(() => {
        const statement = prepare(sql);
        const rows = rowsOf(statement, values);
        const origins = statement.columns().map(({ name, table, column }) => ({ name, table, column }));
        return { rows, origins };
      }),
    exec: (sql) => translated(() => database.exec(sql)),
    isInTransaction: () => database.isTransaction,
    close: () => {
      statements.clear();
      if (database.isOpen) database.close();
    },
  };
}

/** With `setReturnArrays` rows are arrays, which the declared type does not know. */
function rowsOf(statement: StatementSync, values: readonly SQLInputValue[]): readonly SqliteRow[] {
  return statement.all(...values) as readonly unknown[] as readonly SqliteRow[];
}

function translated<R>(call: () => R): R {
  try {
    return call();
  } catch (thrown) {
    throw sqliteErrorToFailure(thrown);
  }
}

/** SQLite would create a database of its own for each connection to such a path. */
export function requireFilePath(path: string): void {
  if (path === '' || path.startsWith(':') || path.startsWith('file:')) {
    throw new Failure('config_invalid', 'The SQLite database must be a plain file', { data: { path } });
  }
}
