import type { Column } from '../columns.ts';
import { type Place, type PlainValue, toPlainValue } from '../plain-value.ts';

const mark: unique symbol = Symbol('typedValue');

/** A parameter of a query together with the column whose type it has: so a null or an instant is sent in the column's form. */
export interface TypedValue {
  readonly [mark]: true;
  readonly column: Column;
  readonly plain: PlainValue;
}

/** Pure. A value that is to be stored in the column: all of the column's rules apply. */
export function toStoredValue(column: Column, value: unknown, place: Place): TypedValue {
  return { [mark]: true, column, plain: toPlainValue(column, value, place) };
}

/** Pure. A value that a column is compared with: null and texts longer than the column are allowed, they merely match nothing. */
export function toComparedValue(column: Column, value: unknown, place: Place): TypedValue {
  const { maxLength: _, ...unlimited } = column;
  return { [mark]: true, column, plain: toPlainValue({ ...unlimited, isNullable: true }, value, place) };
}

/** Pure. A checked value with its column's type. */
export function toPlainParameter(column: Column, plain: PlainValue): TypedValue {
  return { [mark]: true, column, plain };
}

export function isTypedValue(parameter: unknown): parameter is TypedValue {
  return typeof parameter === 'object' && parameter !== null && mark in parameter;
}
