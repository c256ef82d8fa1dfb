import { Failure } from '../failure/failure.ts';
import { checkPrefix } from './checked-mutation.ts';
import { indexOrder } from './ddl.ts';
import type { UncheckedRow } from './mutation.ts';
import type { PlainValue } from './plain-value.ts';
import type { Index, KeyPart, Table } from './table.ts';

/** Pure. What a scan reads, checked: the order it follows, the values it is held to, and the key after which it begins. */
export interface KeyRange {
  readonly index: Index | undefined;
  readonly order: readonly RangePart[];
  readonly prefix: readonly PlainValue[];
  /** A value for every part of `order`. */
  readonly after: readonly PlainValue[] | undefined;
  readonly limit: number | undefined;
  readonly descending: boolean;
}

export interface RangePart extends KeyPart {
  readonly isNullable: boolean;
}

export interface KeyRangeRequest {
  readonly prefix?: UncheckedRow;
  readonly after?: UncheckedRow;
  readonly limit?: number;
  readonly index?: string;
  readonly descending?: boolean;
}

export function toKeyRange(table: Table, request: KeyRangeRequest): KeyRange {
  const { index: indexName, limit } = request;
  const index = table.indexes.find((candidate) => candidate.name === indexName);
  if (indexName !== undefined && index === undefined) throw refuse(table, `it has no index '${indexName}'`);
  if (limit !== undefined && !(Number.isSafeInteger(limit) && limit >= 0))
    throw refuse(table, 'the limit is no whole number');
  const key = index === undefined ? table.primaryKey : indexOrder(table, index);
  const order = key.map((part) => ({ ...part, isNullable: table.columns[part.column]?.isNullable === true }));
  const prefix = checkPrefix(table, order, request.prefix ?? {});
  const strangers = Object.keys(request.prefix ?? {}).filter((name) => !prefix.names.includes(name));
  const stranger = strangers.find((name) => request.prefix?.[name] !== undefined);
  if (stranger !== undefined)
    throw refuse(table, `the prefix names '${stranger}', which the order that is followed lacks`);
  return {
    index,
    order,
    prefix: prefix.values,
    after: request.after === undefined ? undefined : checkAfter(table, order, request.after),
    limit,
    descending: request.descending ?? false,
  };
}

function checkAfter(table: Table, order: readonly KeyPart[], after: UncheckedRow): readonly PlainValue[] {
  const checked = checkPrefix(table, order, after);
  const missing = order[checked.values.length];
  if (missing !== undefined) throw refuse(table, `'after' lacks '${missing.column}'`);
  return checked.values;
}

/** One stretch of a range as SQL, with `?` for each value in turn; `where` is '' when it is the whole table. */
export interface SqlStretch {
  readonly where: string;
  /** The column of each value. */
  readonly names: readonly string[];
  readonly values: readonly PlainValue[];
}

/** Pure. The order of a range for ORDER BY; both databases sort nulls first where ascending. */
export function orderSql(range: KeyRange, quote: (name: string) => string): string {
  return range.order
    .map((part) => `${quote(part.column)}${part.descending === range.descending ? '' : ' DESC'}`)
    .join(', ');
}

/**
 * Pure. The range as stretches to be read one after the other. Each is some equalities and at most one inequality, so the
 * database enters its index at the right place; one condition for all of them (`a > ? OR (a = ? AND b > ?)`) makes SQLite walk
 * there from the prefix's first row, and paging becomes quadratic.
 */
export function sqlStretches(range: KeyRange, quote: (name: string) => string): readonly SqlStretch[] {
  const { order, prefix, after } = range;
  const held = (known: readonly PlainValue[]): readonly Condition[] =>
    known.map((value, position) => equal(order[position]?.column ?? '', value));
  if (after === undefined) return [join(held(prefix), quote)];
  const stretches: SqlStretch[] = [];
  for (const [position, part] of [...order.entries()].slice(prefix.length).reverse()) {
    const before = held([...prefix, ...after.slice(prefix.length, position)]);
    const isDescending = part.descending !== range.descending;
    for (const beyond of conditionsBeyond(part, after[position] ?? null, isDescending)) {
      stretches.push(join([...before, beyond], quote));
    }
  }
  return stretches;
}

interface Condition {
  readonly name: string;
  readonly is: '= ?' | '> ?' | '< ?' | 'IS NULL' | 'IS NOT NULL';
  readonly value?: PlainValue;
}

function equal(name: string, value: PlainValue): Condition {
  return value === null ? { name, is: 'IS NULL' } : { name, is: '= ?', value };
}

/** Nulls come first where ascending, last where descending. */
function conditionsBeyond(part: RangePart, value: PlainValue, isDescending: boolean): readonly Condition[] {
  const { column: name, isNullable } = part;
  if (!isDescending) return [value === null ? { name, is: 'IS NOT NULL' } : { name, is: '> ?', value }];
  if (value === null) return [];
  return isNullable
    ? [
        { name, is: '< ?', value },
        { name, is: 'IS NULL' },
      ]
    : [{ name, is: '< ?', value }];
}

function join(conditions: readonly Condition[], quote: (name: string) => string): SqlStretch {
  const valued = conditions.filter((condition) => condition.value !== undefined);
  return {
    where: conditions.map(({ name, is }) => `${quote(name)} ${is}`).join(' AND '),
    names: valued.map((condition) => condition.name),
    values: valued.map((condition) => condition.value ?? null),
  };
}

function refuse(table: Table, problem: string): Failure {
  return new Failure('invalid_params', 'A scan does not fit its table', {
    data: { table: table.name, problem },
  });
}
