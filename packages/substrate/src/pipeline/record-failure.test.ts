import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Failure } from '../failure/failure.ts';
import { describeIssues, recordFailure } from './record-failure.ts';

describe('a failure as it is kept', () => {
  test('has its code, message and data, and neither cause nor stack', () => {
    const cause = new Error('connect ECONNREFUSED, password=hunter2');
    const failure = new Failure('vendor_unavailable', 'The vendor does not answer', {
      data: { host: 'example.com', attempts: 3 },
      cause,
      retryAfterMs: 5,
    });
    expect(recordFailure(failure)).toStrictEqual({
      code: 'vendor_unavailable',
      message: 'The vendor does not answer',
      data: { host: 'example.com', attempts: 3 },
    });
  });

  test.each([new Error('SELECT * FROM secrets'), 'a text', undefined, null, { code: 'ENOENT' }])(
    'tells nothing of what was thrown by mistake: %s',
    (thrown) => {
      expect(recordFailure(thrown)).toStrictEqual({
        code: 'internal',
        message: 'An unexpected error',
        data: {},
      });
    },
  );

  test.each<[string, unknown, unknown]>([
    [
      'numbers that JSON lacks',
      { a: Number.NaN, b: Number.POSITIVE_INFINITY, c: 0 },
      { a: 'NaN', b: 'Infinity', c: 0 },
    ],
    ['undefined members', { a: undefined, b: 1 }, { b: 1 }],
    ['undefined in a list', [undefined, 1], ['undefined', 1]],
    ['a bigint', 9007199254740993n, '9007199254740993n'],
    ['half a character', { 'a\ud800': ['b\udc00'] }, { 'a\ufffd': ['b\ufffd'] }],
    ['a moment', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['lists and objects within one another', [[{ a: [null, true] }]], [[{ a: [null, true] }]]],
  ])('can be stored as JSON whatever its data holds: %s', (_name, found, kept) => {
    const { data } = recordFailure(new Failure('internal', 'A fault', { data: { found } }));
    expect(data).toStrictEqual({ found: kept });
    expect(JSON.parse(JSON.stringify(data))).toStrictEqual(data);
  });

  test('can be kept even where its data holds itself', () => {
    const found: Record<string, unknown> = { name: 'ring' };
    found.self = found;
    const { code, data } = recordFailure(new Failure('config_invalid', 'A fault', { data: { found } }));
    expect(code).toBe('config_invalid');
    expect(JSON.stringify(data)).toContain('ring');
  });

  test('carries no text of an error that lies in its data, which may say a secret', () => {
    const kept = recordFailure(new Failure('internal', 'A fault', { data: { found: new Error('hunter2') } }));
    expect(JSON.stringify(kept)).not.toContain('hunter2');
  });
});

test('what a schema finds wrong is told by JSON Pointers, with the special characters escaped', () => {
  const schema = z.object({ 'a/b~c': z.array(z.strictObject({ n: z.number() })), id: z.string() });
  const { error } = schema.safeParse({ 'a/b~c': [{ n: 1 }, { n: 'x' }, { n: 2, more: 1 }] });
  expect(describeIssues(error as z.ZodError)).toMatchObject([
    { pointer: '/a~1b~0c/1/n' },
    { pointer: '/a~1b~0c/2' },
    { pointer: '/id' },
  ]);
  expect(describeIssues(z.string().safeParse(7).error as z.ZodError)).toMatchObject([{ pointer: '' }]);
});
