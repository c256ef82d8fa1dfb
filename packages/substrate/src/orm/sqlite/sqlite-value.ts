import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { Failure } from '../../failure/failure.ts';
import type { Column } from '../columns.ts';
import { commitTime } from '../columns.ts';
import { toShortInstant } from '../instant.ts';
import type { PlainValue } from '../plain-value.ts';

/** Pure. A checked value as SQLite stores it. `commitInstant` is asked where the value is the time of the commit. */
export function toSqliteValue(value: PlainValue, commitInstant: () => string): SQLInputValue {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (value === commitTime) return commitInstant();
  if (isList(value)) return JSON.stringify(value.map(toListItem));
  return value;
}

/** Pure. A stored value as its column's JavaScript type. Integers come as bigint from SQLite (`setReadBigInts`). */
export function fromSqliteValue(column: Column, stored: SQLOutputValue): unknown {
  if (stored === null) return null;
  switch (column.kind) {
    case 'int64':
      return toSafeNumber(stored);
    case 'float64':
      return Number(stored);
    case 'bool':
      return stored !== 0n;
    case 'timestamp':
    case 'commitTimestamp':
      return toShortInstant(String(stored));
    case 'json':
      return JSON.parse(String(stored));
    case 'array':
      return fromList(column, String(stored));
    default:
      return stored;
  }
}

/** Pure. A value of an expression whose column is not known: as it is, integers as `number`. */
export function fromUntypedSqliteValue(stored: SQLOutputValue): unknown {
  return typeof stored === 'bigint' ? toSafeNumber(stored) : stored;
}

function toSafeNumber(stored: SQLOutputValue): number {
  const number = Number(stored);
  if (Number.isSafeInteger(number)) return number;
  throw new Failure('internal', 'A stored whole number lies beyond 2^53: its column must be bigint64');
}

function isList(value: PlainValue): value is readonly PlainValue[] {
  return Array.isArray(value);
}

/** Arrays are stored as JSON text; what JSON has no word for is written as a string. */
function toListItem(item: PlainValue): unknown {
  if (typeof item === 'bigint') return String(item);
  return item instanceof Uint8Array ? Buffer.from(item).toString('base64') : item;
}

function fromList(column: Column, text: string): readonly unknown[] {
  const items = JSON.parse(text) as readonly (string | number | boolean)[];
  const { element } = column;
  if (element === undefined) return items;
  return items.map((item) => {
    switch (element.kind) {
      case 'int64':
        return toSafeNumber(BigInt(item));
      case 'bigint64':
        return BigInt(item);
      case 'bytes':
        return new Uint8Array(Buffer.from(String(item), 'base64'));
      case 'timestamp':
        return toShortInstant(String(item));
      default:
        return item;
    }
  });
}
