import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../json/canonical-json.ts';
import {
  arrayOf,
  bigint64,
  bool,
  bytes,
  type Column,
  date,
  float64,
  int64,
  json,
  string,
  timestamp,
} from './columns.ts';
import { toPlainValue } from './plain-value.ts';
import {
  fromSpannerValue,
  type SpannerValue,
  toSpannerType,
  toSpannerValue,
} from './spanner/spanner-value.ts';
import { fromSqliteValue, toSqliteValue } from './sqlite/sqlite-value.ts';

const dates = fc.date({
  min: new Date('0001-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59Z'),
  noInvalidDate: true,
});
const reals = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const raws = fc.uint8Array().map((value) => new Uint8Array(value));
const bigs = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

const cases: readonly [string, Column, fc.Arbitrary<unknown>][] = [
  ['string', string('max'), fc.string({ unit: 'binary' })],
  ['int64', int64(), fc.maxSafeInteger()],
  ['bigint64', bigint64(), bigs],
  ['float64', float64(), reals],
  ['bool', bool(), fc.boolean()],
  ['bytes', bytes(), raws],
  ['timestamp', timestamp(), dates.map((value) => value.toISOString())],
  ['date', date(), dates.map((value) => value.toISOString().slice(0, 10))],
  [
    'json',
    json(),
    fc.jsonValue().map((value): unknown => JSON.parse(canonicalJson(JSON.parse(JSON.stringify(value))))),
  ],
  ['nullable string', string(9).nullable(), fc.constant(null)],
  ['array of int64', arrayOf(int64()), fc.array(fc.maxSafeInteger())],
  ['array of bigint64', arrayOf(bigint64()), fc.array(bigs)],
  ['array of float64', arrayOf(float64()), fc.array(reals)],
  ['array of bytes', arrayOf(bytes()), fc.array(raws)],
  ['array of string', arrayOf(string('max')), fc.array(fc.string({ unit: 'binary' }))],
];

test.each(cases)("any %s survives both databases' codecs", (_, column, values) => {
  fc.assert(
    fc.property(values, (value) => {
      const plain = toPlainValue(column, value, { table: 't', column: 'c' });
      const stored = toSqliteValue(plain, () => '');
      const sent = toSpannerValue(plain);

      expect(fromSqliteValue(column, toOutput(stored))).toEqual(value);
      expect(fromSpannerValue({ type: toSpannerType(column), value: toRaw(sent) }, column)).toEqual(value);
    }),
  );
});

/** What was bound, as a read gives it. */
function toOutput(stored: SQLInputValue): SQLOutputValue {
  return ArrayBuffer.isView(stored)
    ? new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength).slice()
    : stored;
}

/** A protocol value as the client hands it out. */
function toRaw(value: SpannerValue): unknown {
  if (value.listValue) return (value.listValue.values ?? []).map(toRaw);
  return value.stringValue ?? value.numberValue ?? value.boolValue ?? null;
}
