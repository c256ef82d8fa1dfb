import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import type { VendorProblem } from '@flotilla/substrate/testing/simulator/exchange';
import type { Collection, FieldKind, WireField } from './wire-fields.ts';

export interface Filter {
  readonly join: 'AND' | 'OR';
  readonly conditions: readonly Condition[];
}

interface Condition {
  readonly path: readonly string[];
  readonly kind: FieldKind;
  readonly operator: string;
  readonly value: string;
}

/**
 * Pure. `field op 'value'`, op one of `= != > >= < <= ~`, at most two of them joined by ` AND ` or ` OR `, no parentheses; a field may be
 * dotted into a reference or into `metadata`; a quote inside the value is doubled. Anything else is the vendor's `invalid_filter_field`.
 */
export function parseFilter(text: string, collection: Collection): Filter | VendorProblem {
  const conditions: Condition[] = [];
  let join: Filter['join'] = 'AND';
  let rest = text;
  for (;;) {
    const match = /^\s*([A-Za-z]\w*(?:\.[\w:-]+)*)\s*(!=|>=|<=|=|>|<|~)\s*'((?:[^']|'')*)'/.exec(rest);
    if (match === null)
      return refuse(`The filter cannot be read from here: ${rest === '' ? '(its end)' : rest}`);
    const [all, dotted = '', operator = '', value = ''] = match;
    const path = dotted.split('.');
    const field = fieldAt(path, collection);
    if (field === undefined) return refuse(`${collection.name} cannot be filtered by ${dotted}`);
    conditions.push({ path, kind: field.kind, operator, value: value.replaceAll("''", "'") });
    rest = rest.slice(all.length);
    if (rest.trim() === '') return { join, conditions };
    const joined = /^\s+(AND|OR)\s+/.exec(rest);
    if (joined === null) return refuse(`Expected AND or OR before: ${rest.trim()}`);
    if (conditions.length === 2) return refuse('A filter joins two conditions at most');
    join = joined[1] === 'OR' ? 'OR' : 'AND';
    rest = rest.slice(joined[0].length);
  }
}

/** Pure. */
export function matchesFilter(filter: Filter, record: JsonObject): boolean {
  const results = filter.conditions.map((one) => matchesCondition(one, valuesAt(record, one.path)));
  return filter.join === 'AND' ? results.every(Boolean) : results.some(Boolean);
}

/** Pure. The field that a dotted path begins with, where the path exists in records of the collection. */
export function fieldAt(path: readonly string[], collection: Collection): WireField | undefined {
  const field = collection.fields.find(({ name }) => name === path[0]);
  if (field === undefined) return undefined;
  if (field.kind === 'json') return path.length > 1 ? { ...field, kind: 'text' } : undefined;
  if (field.kind === 'ref' || field.kind === 'refs') {
    const isMember = path.length === 2 && (path[1] === 'sourcedId' || path[1] === 'type');
    return isMember ? { ...field, kind: 'text' } : undefined;
  }
  return path.length === 1 ? field : undefined;
}

/** Pure. Everything that stands at a dotted path; lists on the way are walked into. */
export function valuesAt(value: JsonValue | undefined, path: readonly string[]): readonly string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item: JsonValue) => valuesAt(item, path));
  const [name, ...rest] = path;
  if (isJsonObject(value)) return name === undefined ? [] : valuesAt(value[name], rest);
  return name === undefined ? [`${value as string | number | boolean}`] : [];
}

function matchesCondition({ operator, value, kind }: Condition, found: readonly string[]): boolean {
  switch (operator) {
    case '=':
      return found.some((one) => compare(one, value, kind) === 0);
    case '!=':
      return !found.some((one) => compare(one, value, kind) === 0);
    case '~':
      return found.some((one) => one.includes(value));
    case '>':
      return found.some((one) => compare(one, value, kind) > 0);
    case '>=':
      return found.some((one) => compare(one, value, kind) >= 0);
    case '<':
      return found.some((one) => compare(one, value, kind) < 0);
    default:
      return found.some((one) => compare(one, value, kind) <= 0);
  }
}

/** Numbers and moments by their value, all else by code units; NaN (so: no match) where only one side is a number or a moment. */
function compare(a: string, b: string, kind: FieldKind): number {
  if (a === b) return 0;
  if (kind === 'number') return Number(a) - Number(b);
  if (kind === 'moment' || kind === 'date') return Date.parse(a) - Date.parse(b);
  return a < b ? -1 : 1;
}

function refuse(description: string): VendorProblem {
  return { status: 400, code: 'invalid_filter_field', description };
}
