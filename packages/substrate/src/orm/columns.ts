/**
 * Pure. The kinds of columns that a table is made of. Each kind fixes the Spanner type, the SQLite storage, the JavaScript type
 * and the codec between them.
 */
export type ColumnKind =
  | 'string'
  | 'int64'
  | 'bigint64'
  | 'float64'
  | 'bool'
  | 'bytes'
  | 'timestamp'
  | 'commitTimestamp'
  | 'date'
  | 'json'
  | 'array'
  | 'encrypted';

/** Stands in a mutation for the time at which the database commits it; only for `commitTimestamp()` columns. */
export const commitTime: unique symbol = Symbol('commitTime');
export type CommitTime = typeof commitTime;

declare const valueType: unique symbol;
declare const inputType: unique symbol;

/** One column: `Value` is what a read gives, `Input` what a write takes. Both types exist for the compiler only. */
export interface Column<
  Value = unknown,
  Input = unknown,
  Kind extends ColumnKind = ColumnKind,
  Nullable extends boolean = boolean,
> {
  readonly kind: Kind;
  readonly isNullable: Nullable;
  /** Of a string in characters (Unicode code points), of bytes in bytes. */
  readonly maxLength?: number | 'max';
  /** What an array holds. */
  readonly element?: Column;
  /** What an encrypted column holds once it is opened. */
  readonly plain?: Column;
  /** Columns of the same row whose values the ciphertext is bound to: moved to another row, it no longer opens. */
  readonly boundTo?: readonly string[];
  nullable(): Column<Value | null, Input | null, Kind, true>;
  readonly [valueType]?: Value;
  readonly [inputType]?: Input;
}

export type ValueOf<C> = C extends { readonly [valueType]?: infer Value } ? Value : never;
export type InputOf<C> = C extends { readonly [inputType]?: infer Input } ? Input : never;

/** Text of at most `maxLength` Unicode code points, well formed; 'max' is 2,621,440. */
export function string(maxLength: number | 'max'): Column<string, string, 'string', false> {
  return column('string', { maxLength });
}

/** A whole number as `number`. Beyond 2^53 it is refused both ways, never rounded: use `bigint64()`. */
export function int64(): Column<number, number, 'int64', false> {
  return column('int64');
}

/** A whole number of 64 bits as `bigint`. */
export function bigint64(): Column<bigint, bigint, 'bigint64', false> {
  return column('bigint64');
}

/** A finite double. NaN and infinities are refused: JSON and SQLite cannot hold them. */
export function float64(): Column<number, number, 'float64', false> {
  return column('float64');
}

export function bool(): Column<boolean, boolean, 'bool', false> {
  return column('bool');
}

export function bytes(maxLength: number | 'max' = 'max'): Column<Uint8Array, Uint8Array, 'bytes', false> {
  return column('bytes', { maxLength });
}

/**
 * An instant as RFC 3339 text, to the nanosecond. Any offset is taken; what is read is UTC with 3, 6 or 9 decimals, the fewest that
 * lose nothing: so whole milliseconds read exactly as `Date.toISOString` writes them.
 */
export function timestamp(): Column<string, string, 'timestamp', false> {
  return column('timestamp');
}

/** An instant that the database writes at commit, where the mutation says `commitTime`; a given instant must lie in the past. */
export function commitTimestamp(): Column<string, string | CommitTime, 'commitTimestamp', false> {
  return column('commitTimestamp');
}

/** A calendar day, 'YYYY-MM-DD'. */
export function date(): Column<string, string, 'date', false> {
  return column('date');
}

/** A JSON value; members come back in sorted order, whatever order they were written in. */
export function json<T>(): Column<T, T, 'json', false> {
  return column('json');
}

/** A list without nulls. JSON and nested arrays are not possible as elements. */
export function arrayOf<Value, Input>(
  element: Column<
    Value,
    Input,
    'string' | 'int64' | 'bigint64' | 'float64' | 'bool' | 'bytes' | 'timestamp' | 'date',
    false
  >,
): Column<readonly Value[], readonly Input[], 'array', false> {
  return column('array', { element });
}

/**
 * A value that is sealed by the database's cipher before it is stored (as BYTES) and opened when it is read by `get`, `getMany` or
 * `scan`. SQL cannot see into it: `query` does not offer it.
 */
export function encrypted<Value, Input>(
  plain: Column<Value, Input, 'string' | 'bytes' | 'json', false>,
  options: { readonly boundTo: readonly string[] },
): Column<Value, Input, 'encrypted', false> {
  return column('encrypted', { plain, boundTo: options.boundTo });
}

type ColumnDetails = Pick<Column, 'maxLength' | 'element' | 'plain' | 'boundTo'>;

function column<Value, Input, Kind extends ColumnKind>(
  kind: Kind,
  details: ColumnDetails = {},
): Column<Value, Input, Kind, false> {
  return { ...details, kind, isNullable: false, nullable: () => nullableColumn(kind, details) };
}

function nullableColumn<Value, Input, Kind extends ColumnKind>(
  kind: Kind,
  details: ColumnDetails,
): Column<Value | null, Input | null, Kind, true> {
  return { ...details, kind, isNullable: true, nullable: () => nullableColumn(kind, details) };
}
