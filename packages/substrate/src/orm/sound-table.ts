import { Failure } from '../failure/failure.ts';
import type { Column } from './columns.ts';
import type { Index, Table } from './table.ts';

const identifier = /^[A-Za-z][A-Za-z0-9_]{0,127}$/;
const mostKeyColumns = 16;
const keyKinds = new Set([
  'string',
  'int64',
  'bigint64',
  'bool',
  'bytes',
  'timestamp',
  'commitTimestamp',
  'date',
]);

/** Pure. Refuses with `internal` a table that one of the two databases could not hold, naming the table and the problem. */
export function requireSoundTable(table: Table): void {
  const problem = [...findProblems(table)][0];
  if (problem !== undefined) {
    throw new Failure('internal', 'A table definition is not sound', {
      data: { table: table.name, problem },
    });
  }
}

function* findProblems(table: Table): Generator<string> {
  yield* findNameProblems(table);
  yield* findKeyProblems(table);
  yield* findColumnProblems(table);
  for (const index of table.indexes) yield* findIndexProblems(table, index);
  if (table.rowDeletion !== undefined) {
    const kind = table.columns[table.rowDeletion.column]?.kind;
    if (kind !== 'timestamp' && kind !== 'commitTimestamp') yield 'rowDeletion names no timestamp column';
  }
}

function* findNameProblems(table: Table): Generator<string> {
  const names = [table.name, ...Object.keys(table.columns), ...table.indexes.map((index) => index.name)];
  for (const name of names) {
    if (!identifier.test(name)) yield `'${name}' is not a letter followed by letters, digits and '_'`;
  }
  // Both databases compare identifiers without case.
  const folded = Object.keys(table.columns).map((name) => name.toLowerCase());
  if (new Set(folded).size !== folded.length) yield 'two columns differ in case only';
}

function* findKeyProblems(table: Table): Generator<string> {
  const parts = table.primaryKey;
  if (parts.length === 0) yield 'it has no primary key';
  if (parts.length > mostKeyColumns) yield `its key has more than ${mostKeyColumns} columns`;
  if (new Set(parts.map((part) => part.column)).size !== parts.length) yield 'its key names a column twice';
  for (const part of parts) {
    const column = table.columns[part.column];
    if (column === undefined) yield `its key names '${part.column}', which is no column`;
    else if (!keyKinds.has(column.kind))
      yield `its key names '${part.column}', of a kind that cannot be a key`;
    // Spanner would allow it; SQLite cannot have a null in the key of a table without row ids.
    else if (column.isNullable) yield `its key names '${part.column}', which is nullable`;
  }
  const parentKey = table.interleaveIn?.parent.primaryKey ?? [];
  for (const [position, part] of parentKey.entries()) {
    const own = parts[position];
    if (own?.column !== part.column || own.descending !== part.descending) {
      yield `its key does not begin with the key of its parent '${table.interleaveIn?.parent.name}'`;
      return;
    }
  }
  if (table.interleaveIn !== undefined && parts.length <= parentKey.length)
    yield "its key is not longer than its parent's";
}

function* findColumnProblems(table: Table): Generator<string> {
  for (const [name, column] of Object.entries(table.columns)) {
    for (const bound of column.boundTo ?? []) {
      if (table.columns[bound]?.kind !== 'string')
        yield `'${name}' is bound to '${bound}', which is no string column`;
      // Only what never changes can be bound to: an update of it alone would leave a ciphertext that no longer opens.
      else if (!table.primaryKey.some((part) => part.column === bound)) {
        yield `'${name}' is bound to '${bound}', which is not part of the key`;
      }
    }
    if (!hasSoundLength(column)) yield `'${name}' has a maximum length that is not a whole number above 0`;
  }
}

function hasSoundLength(column: Column): boolean {
  const length = column.maxLength ?? 'max';
  return length === 'max' || (Number.isSafeInteger(length) && length > 0);
}

function* findIndexProblems(table: Table, index: Index): Generator<string> {
  if (index.columns.length === 0) yield `index '${index.name}' has no columns`;
  for (const { column: name } of index.columns) {
    const column = table.columns[name];
    if (column === undefined) yield `index '${index.name}' names '${name}', which is no column`;
    else if (!keyKinds.has(column.kind))
      yield `index '${index.name}' names '${name}', of a kind that cannot be indexed`;
  }
  // Spanner holds two nulls of a unique index for equal, SQLite for different.
  if (
    index.unique &&
    !index.nullFiltered &&
    index.columns.some((part) => table.columns[part.column]?.isNullable)
  ) {
    yield `index '${index.name}' is unique over a nullable column and not nullFiltered`;
  }
  const covered = new Set([...index.columns, ...table.primaryKey].map((part) => part.column));
  for (const name of index.storing) {
    if (table.columns[name] === undefined) yield `index '${index.name}' stores '${name}', which is no column`;
    if (covered.has(name)) yield `index '${index.name}' stores '${name}', which it holds anyway`;
  }
}
