import { Failure } from '../failure/failure.ts';
import { checkPrefix } from './checked-mutation.ts';
import { indexOrder } from './ddl.ts';
import type { UncheckedRow } from './mutation.ts';
import type { PlainValue } from './plain-value.ts';
import type { Index, KeyPart, Table } from './table.ts';

/** Pure. What a scan reads, checked: the order it follows, the values it is held to, and the key after which it begins. */
export interface KeyRange {
  readonly index: Index | undefined;
  readonly order: readonly KeyPart[];
  readonly prefix: readonly PlainValue[];
  /** A value for every part of `order`. */
  readonly after: readonly PlainValue[] | undefined;
  readonly limit: number | undefined;
  readonly descending: boolean;
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
  const order = index === undefined ? table.primaryKey : indexOrder(table, index);
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

export interface SqlRange {
  /** Conditions joined by AND, '' when there are none. */
  readonly where: string;
  readonly orderBy: string;
  readonly values: readonly PlainValue[];
}

/**
 * Pure. The range as SQL, with `?` for each value in turn. Both databases sort nulls first where ascending. The conditions are phrased so that
 * SQLite can seek to the start of the range in the index instead of walking there from the start of the prefix.
 */
export function keyRangeSql(range: KeyRange, quote: (name: string) => string): SqlRange {
  const conditions: string[] = [];
  const values: PlainValue[] = [];
  for (const [position, value] of range.prefix.entries()) {
    conditions.push(equals(quote(range.order[position]?.column ?? ''), value, values));
  }
  if (range.after !== undefined) conditions.push(...afterConditions(range, range.after, quote, values));
  const orderBy = range.order
    .map((part) => `${quote(part.column)}${part.descending === range.descending ? '' : ' DESC'}`)
    .join(', ');
  return { where: conditions.join(' AND '), orderBy, values };
}

interface AfterPart {
  readonly name: string;
  readonly descending: boolean;
  readonly value: PlainValue;
}

function afterConditions(
  range: KeyRange,
  after: readonly PlainValue[],
  quote: (name: string) => string,
  values: PlainValue[],
): readonly string[] {
  const start = range.prefix.length;
  const parts = range.order.slice(start).map(
    (part, offset): AfterPart => ({
      name: quote(part.column),
      descending: part.descending !== range.descending,
      value: after[start + offset] ?? null,
    }),
  );
  const first = parts[0];
  // The prefix is the whole key: nothing lies after its one row.
  if (first === undefined) return ['1 = 0'];
  const bound: string[] = [];
  // Implied by what follows, but a form for which the index can be entered at the right place.
  if (first.value !== null && !first.descending) {
    bound.push(`${first.name} >= ?`);
    values.push(first.value);
  } else if (first.value !== null && parts.length > 1) {
    bound.push(`(${first.name} <= ? OR ${first.name} IS NULL)`);
    values.push(first.value);
  }
  const alternatives = parts.map((part, position) => {
    const equal = parts.slice(0, position).map((earlier) => equals(earlier.name, earlier.value, values));
    return [...equal, beyond(part.name, part.value, part.descending, values)].join(' AND ');
  });
  return [...bound, `(${alternatives.join(' OR ')})`];
}

function equals(name: string, value: PlainValue, values: PlainValue[]): string {
  if (value === null) return `${name} IS NULL`;
  values.push(value);
  return `${name} = ?`;
}

function beyond(name: string, value: PlainValue, descending: boolean, values: PlainValue[]): string {
  if (value === null) return descending ? '1 = 0' : `${name} IS NOT NULL`;
  values.push(value);
  return descending ? `(${name} < ? OR ${name} IS NULL)` : `${name} > ?`;
}

function refuse(table: Table, problem: string): Failure {
  return new Failure('invalid_params', 'A scan does not fit its table', {
    data: { table: table.name, problem },
  });
}
