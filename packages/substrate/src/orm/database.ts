import type { ColumnType, Compilable, Kysely } from 'kysely';
import type { Clock } from '../clock/clock.ts';
import type { ColumnCipher } from './column-cipher.ts';
import type { InputOf, ValueOf } from './columns.ts';
import type { Migration } from './migration.ts';
import type { Mutation } from './mutation.ts';
import type { ColumnNameOf, InsertOf, KeyOf, RowOf, Schema, Table, UpdateOf } from './table.ts';

/**
 * A database of the tables in `S`. Two adapters: Spanner (`openSpannerDatabase`) and SQLite (`openSqliteDatabase`).
 * Reads outside a transaction are strong: they see all that was committed before they began.
 */
export interface Database<S extends Schema = Schema> extends Reader<S> {
  /** Reads as of a moment. SQLite takes every bound and reads strongly. */
  at(bound: ReadBound): Reader<S>;
  /**
   * Runs `body` and commits what it buffered, atomically and serialisably. When the database aborts (`aborted`), the WHOLE body runs
   * again after a jittered back-off: it must have no effect outside the transaction, and must let every failure of a read through.
   * What `body` throws rolls back and is thrown on.
   */
  transaction<R>(body: (transaction: Transaction<S>) => Promise<R>): Promise<R>;
  /**
   * Writes many mutations in chunks that keep Spanner's limits, each chunk one commit. NOT atomic as a whole: after a failure some
   * chunks are written, and a chunk may be applied twice, so give it what may be repeated (upsert, delete; insert and update only
   * where a repetition's `already_exists` or harmless second update is dealt with).
   */
  write(
    mutations: Iterable<Mutation> | AsyncIterable<Mutation>,
    options?: WriteOptions,
  ): Promise<WriteResult>;
  /** Deletes the rows whose deletion policy has come due at `now` (ms since 1970); Spanner does this by itself too. Returns how many. */
  deleteExpired(now: number): Promise<number>;
  /** The same database, through which encrypted columns can be read and written. Closing either closes both. */
  withCipher(cipher: ColumnCipher): Database<S>;
  /** Brings the database up to the last of `migrations`; returns the names of those that this call applied. */
  migrate(migrations: readonly Migration[]): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface Reader<S extends Schema = Schema> {
  get<T extends Table, C extends ColumnNameOf<T> = ColumnNameOf<T>>(
    table: T,
    key: KeyOf<T>,
    options?: ColumnChoice<C>,
  ): Promise<Pick<RowOf<T>, C> | undefined>;
  /** The rows under these keys, in no particular order; a key without a row gives none. */
  getMany<T extends Table, C extends ColumnNameOf<T> = ColumnNameOf<T>>(
    table: T,
    keys: Iterable<KeyOf<T>>,
    options?: ColumnChoice<C>,
  ): Promise<readonly Pick<RowOf<T>, C>[]>;
  /** The rows whose keys begin with one of these, all of one length, in no particular order: many ranges in one read. */
  scanMany<T extends Table, C extends ColumnNameOf<T> = ColumnNameOf<T>>(
    table: T,
    prefixes: Iterable<Partial<KeyOf<T>>>,
    options?: ColumnChoice<C>,
  ): Promise<readonly Pick<RowOf<T>, C>[]>;
  /** Rows in the order of the primary key or of an index. */
  scan<T extends Table, C extends ColumnNameOf<T> = ColumnNameOf<T>>(
    table: T,
    options?: ScanOptions<T, C>,
  ): Promise<readonly Pick<RowOf<T>, C>[]>;
  /**
   * A typed select, by Kysely: `query((sql) => sql.selectFrom('runs').select('state').where('runId', '=', id))`.
   * Columns come back as reads give them, also through aliases, subqueries, `min`, `max` and `coalesce`; conditions as booleans; what
   * else SQL computes as number or text. Encrypted columns are not offered. Slow on the emulator, which scans the whole table: read by
   * key where you can.
   */
  query<R>(build: (kysely: Kysely<KyselyTables<S>>) => Compilable<R>): Promise<readonly R[]>;
}

/**
 * Mutations are buffered and applied together at commit, in the order given; reads of the same transaction do not see them.
 * A fault of a mutation (`already_exists`, `not_found`) is thrown by `transaction`, not here.
 */
export interface Transaction<S extends Schema = Schema> extends Reader<S> {
  /** `already_exists` if a row has the key, or a unique index the value. */
  insert<T extends Table>(table: T, rows: OneOrMany<InsertOf<T>>): void;
  /** Changes the given columns only. `not_found` if no row has the key. */
  update<T extends Table>(table: T, rows: OneOrMany<UpdateOf<T>>): void;
  /** Inserts, or changes the given columns of the row that is there; columns left out stay. */
  upsert<T extends Table>(table: T, rows: OneOrMany<InsertOf<T>>): void;
  /** A key without a row is no fault. */
  delete<T extends Table>(table: T, keys: OneOrMany<KeyOf<T>>): void;
  /** Deletes every row whose key begins with `prefix` (at least one part). */
  deleteRange<T extends Table>(table: T, prefix: Partial<KeyOf<T>>): void;
  /**
   * Runs an insert, update or delete through Kysely at once; later reads of the transaction see it. Returns the rows of `returning`.
   * Mutations are applied after all of these. On Spanner each statement costs a round trip: prefer mutations.
   */
  execute<R>(build: (kysely: Kysely<KyselyTables<S>>) => Compilable<R>): Promise<readonly R[]>;
}

export type OneOrMany<Item> = Item | readonly Item[];

export interface ColumnChoice<C extends string> {
  /** Only these columns; an encrypted column is opened only if it is among them. */
  readonly columns?: readonly C[];
}

export interface ScanOptions<T extends Table, C extends ColumnNameOf<T> = ColumnNameOf<T>>
  extends ColumnChoice<C> {
  /** Values of the first columns of the key or index, without a gap. */
  readonly prefix?: Partial<RowOf<T>>;
  /**
   * Exclusive start: the key of the last row that was seen. With an index it needs the index's columns and the primary key, so that rows
   * with equal index values are neither repeated nor passed over. A whole row will do: columns that are not needed are ignored.
   */
  readonly after?: Partial<RowOf<T>>;
  readonly limit?: number;
  /** The name of the index to follow; else the primary key. */
  readonly index?: string;
  /** The whole order, turned round. */
  readonly descending?: boolean;
}

export type ReadBound = 'strong' | { readonly exactStalenessMs: number } | { readonly readTimestamp: string };

export interface WriteOptions {
  /** Looked at between chunks. */
  readonly signal?: AbortSignal;
}

export interface WriteResult {
  readonly commits: number;
  readonly rows: number;
}

/** What every adapter's `open` function takes. */
export interface DatabaseOptions<S extends Schema> {
  readonly schema: S;
  readonly clock: Clock;
  readonly faults?: CommitFaults;
}

/** A seam for tests of aborts and crashes, called at each commit. A thrown `Failure('aborted')` counts as said by the database. */
export interface CommitFaults {
  beforeCommit?(): void | Promise<void>;
  /** The commit has taken effect, and nobody has been told yet. */
  afterCommit?(): void | Promise<void>;
}

/** The tables as Kysely wants them: encrypted columns are left out, since SQL can do nothing with them. */
export type KyselyTables<S extends Schema> = { [T in S[number] as T['name']]: KyselyTable<T> };

type KyselyTable<T extends Table> = {
  [C in ColumnNameOf<T> as T['columns'][C]['kind'] extends 'encrypted' ? never : C]: KyselyColumn<
    T['columns'][C]
  >;
};

type KyselyColumn<C extends Table['columns'][string]> = C['isNullable'] extends true
  ? ColumnType<ValueOf<C>, InputOf<C> | undefined, InputOf<C>>
  : ColumnType<ValueOf<C>, InputOf<C>, InputOf<C>>;
