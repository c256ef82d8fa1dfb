import { Failure } from '../failure/failure.ts';
import { canonicalJson } from '../json/canonical-json.ts';
import { type Column, type CommitTime, commitTime } from './columns.ts';
import { isCalendarDay, toFixedInstant } from './instant.ts';

/**
 * Pure. A checked value in the one form from which both databases' forms are made: whole numbers as bigint, instants as text of fixed
 * width, JSON as its canonical text, an encrypted value as its plain bytes (sealed later).
 */
export type PlainValue =
  | null
  | string
  | bigint
  | number
  | boolean
  | Uint8Array
  | CommitTime
  | readonly PlainValue[];

/** Where a value stands, for messages. */
export interface Place {
  readonly table: string;
  readonly column: string;
}

const mostCharacters = 2_621_440;
const mostBytes = 10 * 1024 * 1024;
const int64Limit = 2n ** 63n;
const utf8 = new TextEncoder();

/**
 * Checks a value against its column. `invalid_params` names the column and what is wrong; `too_large` what is too long. The
 * value itself is not told.
 */
export function toPlainValue(column: Column, value: unknown, place: Place): PlainValue {
  // A JSON column that is not nullable holds JSON's own null.
  if (value === null && !(column.kind === 'json' && !column.isNullable)) {
    if (column.isNullable) return null;
    throw refuse(place, 'null in a column that is not nullable');
  }
  switch (column.kind) {
    case 'string':
      return checkString(value, column.maxLength, place);
    case 'int64':
      if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
      throw refuse(place, `${describe(value)} where a whole number within 2^53 belongs`);
    case 'bigint64':
      if (typeof value === 'bigint' && value >= -int64Limit && value < int64Limit) return value;
      throw refuse(place, `${describe(value)} where a bigint of 64 bits belongs`);
    case 'float64':
      // `+ 0` turns -0 into 0, as SQLite would.
      if (typeof value === 'number' && Number.isFinite(value)) return value + 0;
      throw refuse(place, `${describe(value)} where a finite number belongs`);
    case 'bool':
      if (typeof value === 'boolean') return value;
      throw refuse(place, `${describe(value)} where a boolean belongs`);
    case 'bytes':
      return checkBytes(value, column.maxLength, place);
    case 'commitTimestamp':
      return value === commitTime ? commitTime : checkInstant(value, place);
    case 'timestamp':
      return checkInstant(value, place);
    case 'date':
      if (typeof value === 'string' && isCalendarDay(value)) return value;
      throw refuse(place, `${describe(value)} where a day as YYYY-MM-DD belongs`);
    case 'json':
      return checkJson(value, place);
    case 'array':
      return checkArray(column, value, place);
    case 'encrypted':
      return toPlainBytes(column, value, place);
  }
}

function checkString(value: unknown, maxLength: number | 'max' | undefined, place: Place): string {
  if (typeof value !== 'string') throw refuse(place, `${describe(value)} where a string belongs`);
  if (!value.isWellFormed()) throw refuse(place, 'a string with a lone surrogate');
  const limit = maxLength === undefined || maxLength === 'max' ? mostCharacters : maxLength;
  // Spanner counts code points, of which a string never has more than UTF-16 units.
  if (value.length > limit && countCodePoints(value) > limit)
    throw refuseLength(place, `${limit} characters`);
  return value;
}

function checkBytes(value: unknown, maxLength: number | 'max' | undefined, place: Place): Uint8Array {
  if (!(value instanceof Uint8Array)) throw refuse(place, `${describe(value)} where a Uint8Array belongs`);
  const limit = maxLength === undefined || maxLength === 'max' ? mostBytes : maxLength;
  if (value.length > limit) throw refuseLength(place, `${limit} bytes`);
  // A copy, for the caller may write into its own before the commit; `slice` of a Buffer is none.
  return new Uint8Array(value);
}

function checkInstant(value: unknown, place: Place): string {
  const instant = typeof value === 'string' ? toFixedInstant(value) : undefined;
  if (instant === undefined) throw refuse(place, `${describe(value)} where an RFC 3339 instant belongs`);
  return instant;
}

function checkJson(value: unknown, place: Place): string {
  let text: string;
  try {
    text = canonicalJson(value);
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    throw new Failure(thrown.code, thrown.message, { data: { ...thrown.data, ...place } });
  }
  if (text.length > mostBytes) throw refuseLength(place, `${mostBytes} bytes`);
  return text;
}

function checkArray(column: Column, value: unknown, place: Place): readonly PlainValue[] {
  const { element } = column;
  if (!Array.isArray(value) || element === undefined)
    throw refuse(place, `${describe(value)} where an array belongs`);
  return Array.from(value, (item) => toPlainValue(element, item, place));
}

function toPlainBytes(column: Column, value: unknown, place: Place): Uint8Array {
  if (column.plain === undefined) throw refuse(place, 'an encrypted column of nothing');
  const plain = toPlainValue(column.plain, value, place);
  return plain instanceof Uint8Array ? plain : utf8.encode(String(plain));
}

function countCodePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'an array';
  return `a value of type ${typeof value}`;
}

function refuse(place: Place, problem: string): Failure {
  return new Failure('invalid_params', 'A value does not fit its column', { data: { ...place, problem } });
}

function refuseLength(place: Place, limit: string): Failure {
  return new Failure('too_large', 'A value is too long for its column', { data: { ...place, limit } });
}
