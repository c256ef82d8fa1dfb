import { Failure } from '../failure/failure.ts';
import { digestJson } from '../json/digest.ts';
import { commitTimestamp, int64, string } from './columns.ts';
import {
  inBackticks,
  inQuotes,
  spannerColumn,
  spannerCreateIndex,
  spannerTableDdl,
  sqliteColumn,
  sqliteCreateIndex,
  sqliteTableDdl,
} from './ddl.ts';
import { type ColumnNameOf, defineTable, type Index, type Table } from './table.ts';

/**
 * Pure. One numbered, named step of the schema's history. Once released it never changes: its digest is stored, and a database refuses
 * to go on when a migration that it has applied reads differently or is missing.
 */
export interface Migration {
  /** 1, 2, 3, ... without a gap. */
  readonly number: number;
  readonly name: string;
  readonly up: readonly MigrationStep[];
}

/** A step carries its finished DDL statements for both databases. */
export interface MigrationStep {
  readonly spanner: readonly string[];
  readonly sqlite: readonly string[];
}

/** What a table has gained since the migration that creates it: later migrations add it. */
export interface AddedLater<Name extends string> {
  readonly columnsAddedLater?: readonly Name[];
  readonly indexesAddedLater?: readonly string[];
}

/**
 * The table and its indexes, as they were: when a column or index is added to the definition, name it here and add it by a new migration
 * (`addColumn`, `createIndex`), so that this one reads as it always did.
 */
export function createTable<T extends Table>(
  table: T,
  later: AddedLater<ColumnNameOf<T>> = {},
): MigrationStep {
  const lateColumns = new Set<string>(later.columnsAddedLater);
  const lateIndexes = new Set<string>(later.indexesAddedLater);
  const original: Table = {
    ...table,
    columns: Object.fromEntries(Object.entries(table.columns).filter(([name]) => !lateColumns.has(name))),
    indexes: table.indexes.filter((index) => !lateIndexes.has(index.name)),
  };
  return { spanner: spannerTableDdl(original), sqlite: sqliteTableDdl(original) };
}

/** Drops a table by its last definition, its indexes first (Spanner refuses otherwise). */
export function dropTable(table: Table): MigrationStep {
  const names = [
    ...table.indexes.map((index) => `INDEX ${inBackticks(index.name)}`),
    `TABLE ${inBackticks(table.name)}`,
  ];
  return { spanner: names.map((name) => `DROP ${name}`), sqlite: [`DROP TABLE ${inQuotes(table.name)}`] };
}

/** Adds a column, which must be nullable: the rows that are there have no value for it. */
export function addColumn<T extends Table>(table: T, name: ColumnNameOf<T>): MigrationStep {
  const column = table.columns[name];
  if (column?.isNullable !== true) {
    throw new Failure('internal', 'Only a nullable column can be added to a table', {
      data: { table: table.name, column: name },
    });
  }
  return {
    spanner: [`ALTER TABLE ${inBackticks(table.name)} ADD COLUMN ${spannerColumn(name, column)}`],
    sqlite: [`ALTER TABLE ${inQuotes(table.name)} ADD COLUMN ${sqliteColumn(name, column)}`],
  };
}

export function createIndex(table: Table, name: string): MigrationStep {
  const index = indexOf(table, name);
  return { spanner: [spannerCreateIndex(table, index)], sqlite: [sqliteCreateIndex(table, index)] };
}

/** The index need not be in the table's definition any more. */
export function dropIndex(name: string): MigrationStep {
  return { spanner: [`DROP INDEX ${inBackticks(name)}`], sqlite: [`DROP INDEX ${inQuotes(name)}`] };
}

/** The last resort: statements written by hand for each database. */
export function rawDdl(statements: MigrationStep): MigrationStep {
  return statements;
}

/** Where a database keeps which migrations it has. */
export const schemaMigrations = defineTable('schema_migrations', {
  columns: { number: int64(), name: string(256), digest: string(64), appliedAt: commitTimestamp() },
  primaryKey: ['number'],
});

export interface AppliedMigration {
  readonly number: number;
  readonly name: string;
  readonly digest: string;
}

export function digestMigration({ number, name, up }: Migration): string {
  // Column by column, so that nothing but the DDL and the name makes the digest.
  return digestJson({
    number,
    name,
    spanner: up.flatMap((step) => step.spanner),
    sqlite: up.flatMap((step) => step.sqlite),
  });
}

/**
 * Pure. The migrations that are still to be applied. `config_invalid` where the list has a gap, or where the database has a
 * migration that is not in the list or reads differently there.
 */
export function pendingMigrations(
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
): readonly Migration[] {
  for (const [position, migration] of migrations.entries()) {
    if (migration.number !== position + 1)
      throw refuse('Migrations are not numbered 1, 2, 3, ...', migration);
  }
  const byNumber = new Map(applied.map((migration) => [migration.number, migration]));
  for (const done of applied) {
    const migration = migrations[done.number - 1];
    if (migration === undefined)
      throw refuse('The database is newer than this program: it has a migration that is unknown here', done);
    if (digestMigration(migration) !== done.digest)
      throw refuse('A migration was changed after it was applied', done);
  }
  const pending = migrations.filter((migration) => !byNumber.has(migration.number));
  const first = pending[0];
  if (first !== undefined && applied.some((done) => done.number > first.number)) {
    throw refuse('A migration was inserted before one that was applied', first);
  }
  return pending;
}

function indexOf(table: Table, name: string): Index {
  const index = table.indexes.find((candidate) => candidate.name === name);
  if (index === undefined)
    throw new Failure('internal', 'A migration names an unknown index', {
      data: { table: table.name, index: name },
    });
  return index;
}

function refuse(
  message: string,
  { number, name }: { readonly number: number; readonly name: string },
): Failure {
  return new Failure('config_invalid', message, { data: { number, name } });
}
