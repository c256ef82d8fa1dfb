import type { protos } from '@google-cloud/spanner';
import { Failure } from '../../failure/failure.ts';
import { canonicalJson } from '../../json/canonical-json.ts';
import { type Column, commitTime } from '../columns.ts';
import { toShortInstant } from '../instant.ts';
import type { PlainValue } from '../plain-value.ts';

export type SpannerValue = protos.google.protobuf.IValue;
export type SpannerType = protos.google.spanner.v1.IType;

/** What a mutation says where the database is to write the time of its commit (google.spanner.v1.Mutation). */
const commitTimePlaceholder = 'spanner.commit_timestamp()';

/**
 * Pure. A checked value as the protocol sends it (google.spanner.v1.TypeCode): INT64 as decimal text, BYTES as base64, JSON,
 * DATE and TIMESTAMP as text. We do it ourselves, since the client sends an untyped null or empty list as a type that the
 * emulator refuses, and an integer as INT64 whatever its column is.
 */
export function toSpannerValue(value: PlainValue): SpannerValue {
  if (value === null) return { nullValue: 'NULL_VALUE' };
  if (value === commitTime) return { stringValue: commitTimePlaceholder };
  switch (typeof value) {
    case 'string':
      return { stringValue: value };
    case 'bigint':
      return { stringValue: String(value) };
    case 'number':
      return { numberValue: value };
    case 'boolean':
      return { boolValue: value };
    default:
      if (value instanceof Uint8Array) return { stringValue: Buffer.from(value).toString('base64') };
      return { listValue: { values: (value as readonly PlainValue[]).map(toSpannerValue) } };
  }
}

/** Pure. The type of a column's values in a query. */
export function toSpannerType(column: Column): SpannerType {
  switch (column.kind) {
    case 'int64':
    case 'bigint64':
      return { code: 'INT64' };
    case 'commitTimestamp':
      return { code: 'TIMESTAMP' };
    case 'encrypted':
      return { code: 'BYTES' };
    case 'array':
      return {
        code: 'ARRAY',
        arrayElementType: column.element === undefined ? { code: 'STRING' } : toSpannerType(column.element),
      };
    case 'string':
      return { code: 'STRING' };
    case 'float64':
      return { code: 'FLOAT64' };
    case 'bool':
      return { code: 'BOOL' };
    case 'bytes':
      return { code: 'BYTES' };
    case 'timestamp':
      return { code: 'TIMESTAMP' };
    case 'date':
      return { code: 'DATE' };
    case 'json':
      return { code: 'JSON' };
  }
}

/** A value of a result as the protocol sends it, with the type that Spanner says it has. */
export interface RawValue {
  readonly type: protos.google.spanner.v1.IType;
  readonly value: unknown;
}

/** Pure. A value of a result in its column's JavaScript type, or where no column is known in that of its Spanner type. */
export function fromSpannerValue({ type, value }: RawValue, column: Column | undefined): unknown {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value))
    return value.map((item) =>
      fromSpannerValue({ type: type.arrayElementType ?? {}, value: item }, column?.element),
    );
  if (typeof value !== 'string') return value;
  switch (type.code) {
    case 'INT64':
      return column?.kind === 'bigint64' ? BigInt(value) : toSafeNumber(value);
    case 'FLOAT64':
    case 'FLOAT32':
      return Number(value);
    case 'BYTES':
      return new Uint8Array(Buffer.from(value, 'base64'));
    case 'TIMESTAMP':
      return toShortInstant(value);
    case 'JSON':
      return sortMembers(JSON.parse(value));
    default:
      return value;
  }
}

function toSafeNumber(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number)) return number;
  throw new Failure('internal', 'A stored whole number lies beyond 2^53: its column must be bigint64');
}

/** Spanner sorts members in an order of its own; SQLite holds our canonical text. */
function sortMembers(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? JSON.parse(canonicalJson(value)) : value;
}
