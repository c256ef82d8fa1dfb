import { Failure } from '../failure/failure.ts';
import type { Mutation, UncheckedRow } from './mutation.ts';
import { type PlainValue, toPlainValue } from './plain-value.ts';
import type { KeyPart, Table } from './table.ts';

/** A mutation whose values are checked and plain; a delete's `names` are the parts of the key in order. */
export interface CheckedMutation {
  readonly kind: Mutation['kind'];
  readonly table: Table;
  readonly names: readonly string[];
  readonly values: readonly PlainValue[];
}

/** Pure. Checks names, presence and values. `invalid_params` says what is missing, unknown or wrong. */
export function checkMutation(mutation: Mutation): CheckedMutation {
  const { kind, table } = mutation;
  switch (kind) {
    case 'delete':
      return { kind, table, ...checkKey(table, mutation.key) };
    case 'deleteRange': {
      const prefix = checkPrefix(table, table.primaryKey, mutation.prefix);
      if (prefix.values.length === 0) throw refuse(table, 'a range needs at least the first part of the key');
      return { kind, table, ...prefix };
    }
    case 'update':
      checkKey(table, mutation.row);
      return { kind, table, ...checkColumns(table, mutation.row) };
    default:
      requireWhole(table, mutation.row);
      return { kind, table, ...checkColumns(table, mutation.row) };
  }
}

interface CheckedValues {
  readonly names: readonly string[];
  readonly values: readonly PlainValue[];
}

/** Pure. The whole primary key, in the order of its parts; other members are passed over. */
export function checkKey(table: Table, key: UncheckedRow): CheckedValues {
  const checked = checkPrefix(table, table.primaryKey, key);
  if (checked.values.length !== table.primaryKey.length) {
    const missing = table.primaryKey[checked.values.length]?.column;
    throw refuse(table, `the key lacks '${missing}'`);
  }
  return checked;
}

/** Pure. The leading parts that `row` has values for. A gap is refused; other members are passed over. */
export function checkPrefix(table: Table, parts: readonly KeyPart[], row: UncheckedRow): CheckedValues {
  const names: string[] = [];
  const values: PlainValue[] = [];
  for (const [position, part] of parts.entries()) {
    if (row[part.column] === undefined) continue;
    if (names.length !== position)
      throw refuse(table, `'${part.column}' is given without '${parts[names.length]?.column}' before it`);
    names.push(part.column);
    values.push(checkValue(table, part.column, row[part.column]));
  }
  return { names, values };
}

/** Pure. A text that two keys of one table share exactly when they are equal. */
export function keyText(key: readonly PlainValue[]): string {
  // JSON has no word for a bigint. Not a replacer, which costs more than all the rest of reading a key.
  return JSON.stringify(
    key.some((value) => typeof value === 'bigint')
      ? key.map((value) => (typeof value === 'bigint' ? String(value) : value))
      : key,
  );
}

function checkColumns(table: Table, row: UncheckedRow): CheckedValues {
  const names: string[] = [];
  const values: PlainValue[] = [];
  for (const name of Object.keys(row)) {
    if (row[name] === undefined) continue;
    names.push(name);
    values.push(checkValue(table, name, row[name]));
  }
  return { names, values };
}

function checkValue(table: Table, name: string, value: unknown): PlainValue {
  const column = Object.hasOwn(table.columns, name) ? table.columns[name] : undefined;
  if (column === undefined) throw refuse(table, `'${name}' is no column`);
  return toPlainValue(column, value, { table: table.name, column: name });
}

function requireWhole(table: Table, row: UncheckedRow): void {
  for (const name in table.columns) {
    if (row[name] === undefined && table.columns[name]?.isNullable === false)
      throw refuse(table, `the row lacks '${name}'`);
  }
}

function refuse(table: Table, problem: string): Failure {
  return new Failure('invalid_params', 'A row or key does not fit its table', {
    data: { table: table.name, problem },
  });
}
