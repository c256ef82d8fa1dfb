import { type Dialect, type Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import { createQueryDriver, type QueryExecutor } from '../kysely/query-executor.ts';

/** Kysely's dialect over node:sqlite: its own compiler, with our driver in place of better-sqlite3's. */
export function createSqliteDialect(execute: QueryExecutor): Dialect {
  return {
    createDriver: () => createQueryDriver(execute),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (kysely: Kysely<unknown>) => new SqliteIntrospector(kysely),
  };
}
