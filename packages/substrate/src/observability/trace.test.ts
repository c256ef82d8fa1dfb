import { describe, expect, test } from 'vitest';
import { startTrace } from './start-trace.ts';
import { formatTraceparent, parseTraceparent } from './trace.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

describe('a traceparent header', () => {
  test.each([
    [`00-${traceId}-${spanId}-01`, true],
    [`00-${traceId}-${spanId}-00`, false],
    [`00-${traceId}-${spanId}-03`, true],
    // A version we do not know: its first four fields are read, what follows is not.
    [`cc-${traceId}-${spanId}-01-what-the-future-will-be-like`, true],
    [` 00-${traceId}-${spanId}-01 `, true],
  ])('%j is read', (header, sampled) => {
    expect(parseTraceparent(header)).toEqual({ traceId, spanId, sampled });
  });

  test.each([
    [undefined],
    [''],
    ['00'],
    [`ff-${traceId}-${spanId}-01`],
    [`00-${traceId}-${spanId}-01-more`],
    [`cc-${traceId}-${spanId}-01.what`],
    [`00-${traceId.toUpperCase()}-${spanId}-01`],
    [`00-${'0'.repeat(32)}-${spanId}-01`],
    [`00-${traceId}-${'0'.repeat(16)}-01`],
    [`00-${traceId.slice(1)}-${spanId}-01`],
    [`00-${traceId}-${spanId}-1`],
    [`00-${traceId}-${spanId}-0x`],
    [`00-${traceId}-${spanId}-01, 00-${traceId}-${spanId}-01`],
  ])('%j is malformed: then a new trace begins', (header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });

  test('says again what it said', () => {
    for (const flags of ['00', '01']) {
      const header = `00-${traceId}-${spanId}-${flags}`;
      const trace = parseTraceparent(header);

      expect(trace && formatTraceparent(trace)).toBe(header);
    }
  });
});

describe('a span', () => {
  test('within a trace keeps its id and its sampling', () => {
    const span = startTrace({ traceId, spanId, sampled: false });

    expect(span).toMatchObject({ traceId, sampled: false });
    expect(span.spanId).not.toBe(spanId);
  });

  test('without one begins a trace that others can parse', () => {
    const [one, other] = [startTrace(), startTrace()];

    expect(parseTraceparent(formatTraceparent(one))).toEqual(one);
    expect(one.traceId).not.toBe(other.traceId);
  });
});
