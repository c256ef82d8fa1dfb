import type { InsertOf, KeyOf, Table, UpdateOf } from './table.ts';

/** Pure. One change of one table, as plain data: what `Database.write` takes and transactions buffer. */
export type Mutation =
  | { readonly kind: 'insert' | 'update' | 'upsert'; readonly table: Table; readonly row: UncheckedRow }
  | { readonly kind: 'delete'; readonly table: Table; readonly key: UncheckedRow }
  | { readonly kind: 'deleteRange'; readonly table: Table; readonly prefix: UncheckedRow };

/** Column values whose types the maker of the mutation has checked, and the codecs check again. */
export type UncheckedRow = Readonly<Record<string, unknown>>;

export function insertRow<T extends Table>(table: T, row: InsertOf<T>): Mutation {
  return { kind: 'insert', table, row };
}

export function updateRow<T extends Table>(table: T, row: UpdateOf<T>): Mutation {
  return { kind: 'update', table, row };
}

export function upsertRow<T extends Table>(table: T, row: InsertOf<T>): Mutation {
  return { kind: 'upsert', table, row };
}

export function deleteRow<T extends Table>(table: T, key: KeyOf<T>): Mutation {
  return { kind: 'delete', table, key };
}

export function deleteRowRange<T extends Table>(table: T, prefix: Partial<KeyOf<T>>): Mutation {
  return { kind: 'deleteRange', table, prefix };
}
