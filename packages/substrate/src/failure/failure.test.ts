import { describe, expect, test } from 'vitest';
import { type FailureCode, factsOf, failureFacts } from './codes.ts';
import { Failure, isFailure, isRetryable, toFailure } from './failure.ts';

const codes = Object.keys(failureFacts) as FailureCode[];

describe('the table of failures', () => {
  test.each(codes)('%s has advice that is a sentence a person can act on', (code) => {
    expect(factsOf(code).advice).toMatch(/^[A-Z].{20,}\.$/);
  });

  test('no two codes share a JSON-RPC code, so that a caller can branch on either', () => {
    const rpcCodes = codes.map((code) => factsOf(code).rpcCode);

    expect(new Set(rpcCodes).size).toBe(codes.length);
  });

  test.each(codes)(
    '%s has a JSON-RPC code of the standard or of the range that the standard leaves to servers',
    (code) => {
      const { rpcCode } = factsOf(code);
      const isStandard = [-32700, -32600, -32601, -32602, -32603].includes(rpcCode);

      expect(isStandard || (rpcCode <= -32000 && rpcCode >= -32099)).toBe(true);
    },
  );

  test('a failure of the caller or the school, or one that a person or the next run must end, is never retried', () => {
    const endedByTime = codes.filter((code) => factsOf(code).retry !== 'never');

    expect(endedByTime.toSorted()).toEqual([
      'aborted',
      'gateway_unavailable',
      'internal',
      'lease_held',
      'rate_limited',
      'unavailable',
      'vendor_unavailable',
    ]);
  });
});

describe('a failure', () => {
  test('carries its code, data, cause and wait', () => {
    const cause = new Error('socket hang up');
    const failure = new Failure('rate_limited', 'The vendor asked us to wait', {
      data: { status: 429 },
      cause,
      retryAfterMs: 5_000,
    });

    expect(failure).toMatchObject({
      code: 'rate_limited',
      data: { status: 429 },
      cause,
      retryAfterMs: 5_000,
      name: 'Failure',
    });
    expect(isRetryable(failure)).toBe(true);
  });

  test('has no cause at all where none was given', () => {
    expect('cause' in new Failure('not_found', 'No such run')).toBe(false);
  });

  test('is itself when taken as a failure', () => {
    const failure = new Failure('not_found', 'No such run');

    expect(toFailure(failure)).toBe(failure);
    expect(isRetryable(failure)).toBe(false);
  });

  test.each([[new TypeError('x is undefined')], ['a text'], [undefined], [null]])(
    '%s, when thrown, is an internal one that keeps it as its cause',
    (thrown) => {
      const failure = toFailure(thrown);

      expect(failure.code).toBe('internal');
      expect(failure.message).toBe('An unexpected error');
      expect(failure.cause).toBe(thrown);
    },
  );

  test('is told apart by its code', () => {
    const failure: unknown = new Failure('not_found', 'No such run');

    expect(isFailure(failure)).toBe(true);
    expect(isFailure(failure, 'not_found')).toBe(true);
    expect(isFailure(failure, 'forbidden')).toBe(false);
    expect(isFailure(new Error('x'))).toBe(false);
  });
});
