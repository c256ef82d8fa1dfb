import { Failure } from '../../failure/failure.ts';
import type { CheckedMutation } from '../checked-mutation.ts';
import { inQuotes } from '../ddl.ts';
import type { PlainValue } from '../plain-value.ts';
import type { Table } from '../table.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import { toSqliteValue } from './sqlite-value.ts';

/**
 * Applies one mutation with Spanner's meaning: an update of a row that is not there fails with `not_found`; an upsert changes
 * the given columns only; the deletion of a missing row is no fault.
 */
export function applyMutation(
  connection: SqliteConnection,
  mutation: CheckedMutation,
  commitInstant: () => string,
): void {
  const { sql, order } = statementOf(mutation);
  const { values } = mutation;
  const stored = order === undefined ? values : order.map((position) => values[position] ?? null);
  const changed = connection.run(
    sql,
    stored.map((value: PlainValue) => toSqliteValue(value, commitInstant)),
  );
  if (mutation.kind === 'update' && changed === 0) {
    throw new Failure('not_found', 'No row has this key', { data: { table: mutation.table.name } });
  }
}

interface MutationStatement {
  readonly sql: string;
  /** The positions of the values that the statement takes; undefined: as they are. */
  readonly order: readonly number[] | undefined;
}

const statements = new WeakMap<Table, Map<string, MutationStatement>>();

function statementOf({ kind, table, names }: CheckedMutation): MutationStatement {
  let ofTable = statements.get(table);
  if (ofTable === undefined) {
    ofTable = new Map();
    statements.set(table, ofTable);
  }
  const shape = `${kind} ${names.join(' ')}`;
  let statement = ofTable.get(shape);
  if (statement === undefined) {
    statement =
      kind === 'update'
        ? updateStatement(table, names)
        : { sql: mutationSql(kind, table, names), order: undefined };
    ofTable.set(shape, statement);
  }
  return statement;
}

function mutationSql(kind: CheckedMutation['kind'], table: Table, names: readonly string[]): string {
  if (kind === 'delete' || kind === 'deleteRange')
    return `DELETE FROM ${inQuotes(table.name)} WHERE ${equalities(names)}`;
  const columns = names.map(inQuotes).join(', ');
  const insert = `INSERT INTO ${inQuotes(table.name)} (${columns}) VALUES (${names.map(() => '?').join(', ')})`;
  return kind === 'upsert' ? `${insert} ${onConflict(table, names)}` : insert;
}

function onConflict(table: Table, names: readonly string[]): string {
  const key = table.primaryKey.map((part) => part.column);
  const others = names.filter((name) => !key.includes(name));
  const action =
    others.length === 0
      ? 'NOTHING'
      : `UPDATE SET ${others.map((name) => `${inQuotes(name)} = excluded.${inQuotes(name)}`).join(', ')}`;
  return `ON CONFLICT (${key.map(inQuotes).join(', ')}) DO ${action}`;
}

function updateStatement(table: Table, names: readonly string[]): MutationStatement {
  const key = table.primaryKey.map((part) => part.column);
  const others = names.filter((name) => !key.includes(name));
  // With nothing to change the statement still tells whether the row is there.
  const changes =
    others.length === 0
      ? `${inQuotes(key[0] ?? '')} = ${inQuotes(key[0] ?? '')}`
      : others.map((name) => `${inQuotes(name)} = ?`).join(', ');
  return {
    sql: `UPDATE ${inQuotes(table.name)} SET ${changes} WHERE ${equalities(key)}`,
    order: [...others, ...key].map((name) => names.indexOf(name)),
  };
}

function equalities(names: readonly string[]): string {
  return names.map((name) => `${inQuotes(name)} = ?`).join(' AND ');
}
