import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createCall } from './call.fixture.ts';
import { createDispatcher } from './create-dispatcher.ts';
import { type AnyMethod, defineMethod } from './define-method.ts';

// https://www.jsonrpc.org/specification, section 7: each "-->" with the exact "<--". The specification's methods have names without a
// version and take lists; ours have named parameters, so "by position" is answered with -32602 and its examples stand here with names.

describe('section 7 of the specification', () => {
  test.each<[string, string, unknown]>([
    [
      'rpc call with named parameters',
      '{"jsonrpc": "2.0", "method": "subtract", "params": {"subtrahend": 23, "minuend": 42}, "id": 3}',
      { jsonrpc: '2.0', result: 19, id: 3 },
    ],
    [
      'rpc call with named parameters, the other way round',
      '{"jsonrpc": "2.0", "method": "subtract", "params": {"minuend": 42, "subtrahend": 23}, "id": 4}',
      { jsonrpc: '2.0', result: 19, id: 4 },
    ],
    [
      'a notification',
      '{"jsonrpc": "2.0", "method": "update", "params": {"values": [1,2,3,4,5]}}',
      undefined,
    ],
    ['a notification of a method that does not exist', '{"jsonrpc": "2.0", "method": "foobar"}', undefined],
    [
      'rpc call of non-existent method',
      '{"jsonrpc": "2.0", "method": "foobar", "id": "1"}',
      { jsonrpc: '2.0', error: { code: -32601, message: 'Method not found' }, id: '1' },
    ],
    [
      'rpc call with invalid JSON',
      '{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]',
      { jsonrpc: '2.0', error: { code: -32700, message: 'Parse error' }, id: null },
    ],
    [
      'rpc call with invalid Request object',
      '{"jsonrpc": "2.0", "method": 1, "params": "bar"}',
      { jsonrpc: '2.0', error: { code: -32600, message: 'Invalid Request' }, id: null },
    ],
    [
      'rpc call Batch, invalid JSON',
      '[\n  {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},\n  {"jsonrpc": "2.0", "method"\n]',
      { jsonrpc: '2.0', error: { code: -32700, message: 'Parse error' }, id: null },
    ],
    [
      'rpc call with an empty Array',
      '[]',
      { jsonrpc: '2.0', error: { code: -32600, message: 'Invalid Request' }, id: null },
    ],
    [
      'rpc call with an invalid Batch (but not empty)',
      '[1]',
      [{ jsonrpc: '2.0', error: { code: -32600, message: 'Invalid Request' }, id: null }],
    ],
    [
      'rpc call with invalid Batch',
      '[1,2,3]',
      Array.from({ length: 3 }, () => ({
        jsonrpc: '2.0',
        error: { code: -32600, message: 'Invalid Request' },
        id: null,
      })),
    ],
    [
      'rpc call Batch',
      `[
        {"jsonrpc": "2.0", "method": "sum", "params": {"values": [1,2,4]}, "id": "1"},
        {"jsonrpc": "2.0", "method": "notify_hello", "params": {"values": [7]}},
        {"jsonrpc": "2.0", "method": "subtract", "params": {"minuend": 42, "subtrahend": 23}, "id": "2"},
        {"foo": "boo"},
        {"jsonrpc": "2.0", "method": "foo.get", "params": {"name": "myself"}, "id": "5"},
        {"jsonrpc": "2.0", "method": "get_data", "id": "9"}
      ]`,
      [
        { jsonrpc: '2.0', result: 7, id: '1' },
        { jsonrpc: '2.0', result: 19, id: '2' },
        { jsonrpc: '2.0', error: { code: -32600, message: 'Invalid Request' }, id: null },
        { jsonrpc: '2.0', error: { code: -32601, message: 'Method not found' }, id: '5' },
        { jsonrpc: '2.0', result: ['hello', 5], id: '9' },
      ],
    ],
    [
      'rpc call Batch (all notifications)',
      `[
        {"jsonrpc": "2.0", "method": "notify_sum", "params": {"values": [1,2,4]}},
        {"jsonrpc": "2.0", "method": "notify_hello", "params": {"values": [7]}}
      ]`,
      undefined,
    ],
  ])('%s', async (_name, request, answer) => {
    expect(await dispatch(request, createCall())).toEqual(answer);
  });

  test.each([
    '{"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 1}',
    '{"jsonrpc": "2.0", "method": "subtract", "params": [23, 42], "id": 2}',
  ])(
    'rpc call with positional parameters is refused with a reason, since ours have names: %s',
    async (request) => {
      expect(await dispatch(request, createCall())).toEqual({
        jsonrpc: '2.0',
        error: {
          code: -32602,
          message: 'Invalid params',
          data: {
            code: 'invalid_params',
            advice: 'Correct the named parameters and call again.',
            retry: 'never',
            issues: [{ pointer: '', message: 'Parameters are named: send an object, not a list' }],
          },
        },
        id: JSON.parse(request).id,
      });
    },
  );
});

const heard: string[] = [];

/** The specification's results are plain values; ours are objects, so these methods put their one value in place of the object. */
function specMethod<Params extends z.ZodObject>(
  name: string,
  params: Params,
  run: (params: z.output<Params>) => unknown,
): AnyMethod<object> {
  const method = defineMethod({
    name: 'spec.method',
    version: 1,
    summary: name,
    params,
    result: z.looseObject({}),
    roles: ['admin'],
    run: async (_call, given) => ({ value: run(given) }),
  });
  // Only the wire name and the result's shape are the specification's.
  return {
    ...method,
    wireName: name,
    result: z.unknown() as unknown as z.ZodObject,
    run: async (call, given) => (await method.run(call, given)).value as object,
  };
}

const values = z.strictObject({ values: z.array(z.number()) });
const dispatch = createDispatcher({
  service: 'spec',
  version: '1.0.0',
  context: {},
  methods: [
    specMethod(
      'subtract',
      z.strictObject({ minuend: z.number(), subtrahend: z.number() }),
      ({ minuend, subtrahend }) => minuend - subtrahend,
    ),
    specMethod('sum', values, (given) => given.values.reduce((sum, value) => sum + value, 0)),
    specMethod('update', values, () => heard.push('update')),
    specMethod('notify_hello', values, () => heard.push('notify_hello')),
    specMethod('notify_sum', values, () => heard.push('notify_sum')),
    specMethod('get_data', z.strictObject({}), () => ['hello', 5]),
  ],
});

test('notifications are carried out, though nothing is answered', async () => {
  heard.length = 0;

  await dispatch('{"jsonrpc": "2.0", "method": "update", "params": {"values": [1]}}', createCall());
  await dispatch('[{"jsonrpc": "2.0", "method": "notify_sum", "params": {"values": [1]}}]', createCall());

  expect(heard).toEqual(['update', 'notify_sum']);
});
