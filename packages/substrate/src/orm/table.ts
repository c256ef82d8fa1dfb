import type { Column, InputOf, ValueOf } from './columns.ts';
import { requireSoundTable } from './sound-table.ts';

/** Pure. A table: the one source of its DDL, its row types, its codecs and what its mutations count. */
export interface Table<
  Name extends string = string,
  Columns extends ColumnSet = ColumnSet,
  KeyName extends string = string,
> {
  readonly name: Name;
  readonly columns: Columns;
  readonly primaryKey: readonly KeyPart<KeyName>[];
  readonly interleaveIn: Interleave | undefined;
  readonly indexes: readonly Index[];
  readonly rowDeletion: RowDeletion | undefined;
}

export type ColumnSet = Readonly<Record<string, Column>>;

export interface KeyPart<ColumnName extends string = string> {
  readonly column: ColumnName;
  readonly descending: boolean;
}

/** Rows lie inside their parent's row, whose key is the beginning of theirs; the parent must exist. */
export interface Interleave {
  readonly parent: Table;
  /** 'cascade' deletes the rows with their parent; 'refuse' lets the deletion of a parent that has rows fail. */
  readonly onDelete: 'cascade' | 'refuse';
}

export interface Index {
  readonly name: string;
  readonly columns: readonly KeyPart[];
  readonly unique: boolean;
  /** Rows with a null in an indexed column are left out of the index: a scan by it does not see them. */
  readonly nullFiltered: boolean;
  /** Columns kept in the index beside the indexed ones, so that a scan needs no second look-up. */
  readonly storing: readonly string[];
}

/**
 * A row may vanish once `column` lies `days` days back; null keeps it for ever. Within 72 hours on Spanner: readers filter
 * expired rows.
 */
export interface RowDeletion {
  readonly column: string;
  readonly days: number;
}

export interface TableDefinition<Columns extends ColumnSet, KeyName extends ColumnName<Columns>> {
  readonly columns: Columns;
  readonly primaryKey: readonly PartDefinition<KeyName>[];
  readonly interleaveIn?: Interleave;
  readonly indexes?: readonly IndexDefinition<ColumnName<Columns>>[];
  readonly rowDeletion?: { readonly column: ColumnName<Columns>; readonly days: number };
}

type ColumnName<Columns> = keyof Columns & string;
type PartDefinition<Name extends string> = Name | { readonly column: Name; readonly descending?: boolean };

export interface IndexDefinition<Name extends string> {
  readonly name: string;
  readonly columns: readonly PartDefinition<Name>[];
  readonly unique?: boolean;
  readonly nullFiltered?: boolean;
  readonly storing?: readonly Name[];
}

/** The tables of one database, parents before the tables that are interleaved in them. */
export type Schema = readonly Table[];

/** What a read of the whole row gives. */
export type RowOf<T extends Table> = { readonly [C in ColumnNameOf<T>]: ValueOf<T['columns'][C]> };

/** The primary key, as an object. */
export type KeyOf<T extends Table> = Pick<RowOf<T>, KeyNameOf<T>>;

/** What an insert or upsert takes: nullable columns may be left out. */
export type InsertOf<T extends Table> = {
  readonly [C in RequiredNameOf<T>]: InputOf<T['columns'][C]>;
} & { readonly [C in OptionalNameOf<T>]?: InputOf<T['columns'][C]> };

/** What an update takes: the key, and the columns to change. */
export type UpdateOf<T extends Table> = KeyOf<T> & {
  readonly [C in Exclude<ColumnNameOf<T>, KeyNameOf<T>>]?: InputOf<T['columns'][C]>;
};

export type ColumnNameOf<T extends Table> = keyof T['columns'] & string;
export type KeyNameOf<T extends Table> = T['primaryKey'][number]['column'] & ColumnNameOf<T>;
type OptionalNameOf<T extends Table> = {
  [C in ColumnNameOf<T>]: T['columns'][C]['isNullable'] extends true ? C : never;
}[ColumnNameOf<T>];
type RequiredNameOf<T extends Table> = Exclude<ColumnNameOf<T>, OptionalNameOf<T>>;

/**
 * Declares a table. Names are the database's names too, case included. An unsound definition (a key part that is no column, a parent
 * whose key is not the beginning of this one, ...) fails here, when the module loads, with `internal` naming table and problem.
 */
export function defineTable<
  const Name extends string,
  const Columns extends ColumnSet,
  const KeyName extends ColumnName<Columns>,
>(name: Name, definition: TableDefinition<Columns, KeyName>): Table<Name, Columns, KeyName> {
  const table = {
    name,
    columns: definition.columns,
    primaryKey: definition.primaryKey.map(toKeyPart),
    interleaveIn: definition.interleaveIn,
    indexes: (definition.indexes ?? []).map((index) => ({
      name: index.name,
      columns: index.columns.map(toKeyPart),
      unique: index.unique ?? false,
      nullFiltered: index.nullFiltered ?? false,
      storing: index.storing ?? [],
    })),
    rowDeletion: definition.rowDeletion,
  };
  requireSoundTable(table);
  return table;
}

function toKeyPart<Name extends string>(part: PartDefinition<Name>): KeyPart<Name> {
  return typeof part === 'string'
    ? { column: part, descending: false }
    : { column: part.column, descending: part.descending ?? false };
}
