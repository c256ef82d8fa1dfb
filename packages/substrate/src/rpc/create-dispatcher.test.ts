import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type FailureCode, factsOf, failureFacts } from '../failure/codes.ts';
import { Failure } from '../failure/failure.ts';
import type { JsonObject, JsonValue } from '../json/json-value.ts';
import { createSecrets } from '../observability/secrets.ts';
import { createCall } from './call.fixture.ts';
import type { Call, Role } from './call.ts';
import { createDispatcher } from './create-dispatcher.ts';
import { defineMethod, olderVersion } from './define-method.ts';

interface Parts {
  readonly fail: () => unknown;
  readonly started: string[];
}

const startRun = defineMethod({
  name: 'rosters.sync',
  version: 2,
  summary: 'Starts a run',
  params: z.strictObject({
    customerId: z.string().min(1),
    entityTypes: z.array(z.enum(['user', 'class'])).default(['user']),
    settings: z.strictObject({ dryRun: z.boolean() }).optional(),
  }),
  result: z.strictObject({ runId: z.string(), entityTypes: z.array(z.string()) }),
  roles: ['admin', 'orchestrator'],
  async run(call: Call<Parts>, params) {
    call.context.started.push(params.customerId);
    return { runId: `r-${params.customerId}`, entityTypes: params.entityTypes };
  },
});
const startRunV1 = olderVersion(startRun, {
  version: 1,
  params: z.strictObject({ customer: z.string() }),
  result: z.strictObject({ run: z.string() }),
  up: ({ customer }) => ({ customerId: customer }),
  down: ({ runId }) => ({ run: runId }),
});
const fail = defineMethod({
  name: 'things.fail',
  version: 1,
  summary: 'Fails',
  params: z.strictObject({}),
  result: z.strictObject({}),
  roles: ['admin'],
  async run(call: Call<Parts>) {
    throw call.context.fail();
  },
});
const breakPromise = defineMethod({
  name: 'things.break',
  version: 1,
  summary: 'Answers with what it never promised',
  params: z.strictObject({}),
  result: z.strictObject({ count: z.number() }),
  roles: ['admin'],
  // The wrong type is what is tested.
  run: async () => JSON.parse('{"count":"c4nary","secretField":"c4nary"}') as { count: number },
});
const keepAll = defineMethod({
  name: 'things.keep',
  version: 1,
  summary: 'Returns what it was given',
  params: z.strictObject({ bag: z.record(z.string(), z.json()) }),
  result: z.strictObject({ bag: z.record(z.string(), z.json()) }),
  roles: ['admin', 'viewer'],
  run: async (_call, { bag }) => ({ bag }),
});

describe('a call', () => {
  test('reaches its version and is answered under its id', async () => {
    const { send, started } = setUp();

    expect(await send('rosters.sync.v2', { customerId: 'c-1' })).toEqual({
      jsonrpc: '2.0',
      result: { runId: 'r-c-1', entityTypes: ['user'] },
      id: 1,
    });
    expect(await send('rosters.sync.v1', { customer: 'c-2' })).toEqual({
      jsonrpc: '2.0',
      result: { run: 'r-c-2' },
      id: 1,
    });
    expect(started).toEqual(['c-1', 'c-2']);
  });

  test('may come as text or parsed', async () => {
    const { dispatch } = setUp();
    const request = { jsonrpc: '2.0', method: 'rosters.sync.v1', params: { customer: 'c' }, id: 'x' };

    expect(await dispatch(JSON.stringify(request), createCall())).toEqual(
      await dispatch(request, createCall()),
    );
  });

  test.each<[JsonValue]>([['a text'], [''], [0], [-7], [1.5], [9007199254740991], [null]])(
    'is answered under the id %j',
    async (id) => {
      const { dispatch } = setUp();

      const answer = await dispatch(
        { jsonrpc: '2.0', method: 'rosters.sync.v1', params: { customer: 'c' }, id },
        createCall(),
      );

      expect(answer).toEqual({ jsonrpc: '2.0', result: { run: 'r-c' }, id });
    },
  );

  test('needs no params where all have defaults', async () => {
    const { send } = setUp({ fail: () => new Failure('not_found', 'No such thing') });

    for (const params of [undefined, {}, []])
      expect(errorOf(await send('things.fail.v1', params)).code).toBe(-32021);
  });

  test('may send its parameters as a list of one object, as some clients always do', async () => {
    const { send } = setUp();

    expect(await send('rosters.sync.v1', [{ customer: 'c' }])).toMatchObject({ result: { run: 'r-c' } });
  });
});

describe('what is no call', () => {
  test.each<[string, JsonValue, JsonValue, JsonValue]>([
    [
      'without a version',
      { method: 'rosters.sync.v1', id: 1 },
      1,
      { pointer: '/jsonrpc', expected: 'the text "2.0"' },
    ],
    [
      'of version 1.0',
      { jsonrpc: '1.0', method: 'rosters.sync.v1', id: 'a' },
      'a',
      { pointer: '/jsonrpc', expected: 'the text "2.0"' },
    ],
    [
      'whose version is a number',
      { jsonrpc: 2, method: 'rosters.sync.v1', id: 1 },
      1,
      { pointer: '/jsonrpc', expected: 'the text "2.0"' },
    ],
    [
      'whose params are a text',
      { jsonrpc: '2.0', method: 'a', params: 'bar', id: 1 },
      1,
      { pointer: '/params', expected: 'an object with named parameters, or nothing' },
    ],
    [
      'whose params are null',
      { jsonrpc: '2.0', method: 'a', params: null, id: 1 },
      1,
      { pointer: '/params', expected: 'an object with named parameters, or nothing' },
    ],
    [
      'whose id is an object',
      { jsonrpc: '2.0', method: 'a', id: {} },
      null,
      { pointer: '/id', expected: 'a text, a number or null' },
    ],
    [
      'whose id is a boolean',
      { jsonrpc: '2.0', method: 'a', id: true },
      null,
      { pointer: '/id', expected: 'a text, a number or null' },
    ],
  ])('%s is an invalid request that says why', async (_name, request, id, details) => {
    const { dispatch } = setUp();

    expect(await dispatch(request, createCall())).toEqual({
      jsonrpc: '2.0',
      error: {
        code: -32600,
        message: 'Invalid Request',
        data: { code: 'invalid_request', ...(details as JsonObject) },
      },
      id,
    });
  });

  test.each(['1', '"text"', 'null', 'true', '{}', '{"id":7}', '{"jsonrpc":"2.0","id":7}'])(
    '%s is an invalid request',
    async (text) => {
      const { dispatch } = setUp();
      const id = (JSON.parse(text) as { id?: number } | null)?.id ?? null;

      expect(await dispatch(text, createCall())).toEqual({
        jsonrpc: '2.0',
        error: { code: -32600, message: 'Invalid Request' },
        id,
      });
    },
  );

  test.each(['', ' ', '{', 'nope', '{"a":1}}', "{'a':1}", '\ufeff{}', 'undefined', '[1,]', '{"a":NaN}'])(
    '%j is a parse error',
    async (text) => {
      const { dispatch } = setUp();

      expect(await dispatch(text, createCall())).toEqual({
        jsonrpc: '2.0',
        error: { code: -32700, message: 'Parse error' },
        id: null,
      });
    },
  );

  test('an id that JSON parsing has changed is refused, since its answer would never be matched', async () => {
    const { dispatch } = setUp();

    for (const id of ['12345678901234567890', '1e400']) {
      const answer = await dispatch(
        `{"jsonrpc":"2.0","method":"rosters.sync.v1","params":{"customer":"c"},"id":${id}}`,
        createCall(),
      );

      expect(answer).toMatchObject({ id: null, error: { code: -32600, data: { pointer: '/id' } } });
    }
  });
});

describe('a method that does not exist', () => {
  test.each([
    ['rosters.sync', { versions: ['rosters.sync.v2', 'rosters.sync.v1'] }],
    ['rosters.sync.v3', { versions: ['rosters.sync.v2', 'rosters.sync.v1'] }],
    ['rosters.sync.v', { versions: ['rosters.sync.v2', 'rosters.sync.v1'] }],
    ['roster.sync.v2', { didYouMean: 'rosters.sync.v2' }],
    ['rostres.sync', { didYouMean: 'rosters.sync.v2' }],
    ['things.fial', { didYouMean: 'things.fail.v1' }],
    ['fings.kep', { didYouMean: 'things.keep.v1' }],
    ['rpc.discovre', { didYouMean: 'rpc.discover' }],
  ])('%s is answered with what exists', async (method, hint) => {
    const { send } = setUp();

    expect(errorOf(await send(method, {}))).toEqual({
      code: -32601,
      message: 'Method not found',
      data: { code: 'method_not_found', ...hint },
    });
  });

  test.each(['', 'foobar', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'rpc.anything', 'call'])(
    '%j is answered as the specification has it',
    async (method) => {
      const { send } = setUp();

      expect(errorOf(await send(method, {}))).toEqual({ code: -32601, message: 'Method not found' });
    },
  );
});

describe('invalid parameters', () => {
  test('are named one by one, each with its place', async () => {
    const { send } = setUp();

    const error = errorOf(
      await send('rosters.sync.v2', {
        customerID: 'c',
        entityTypes: ['user', 'room', 3],
        settings: { dryRun: 'yes', 'a/b': 1 },
      }),
    );

    expect(error).toMatchObject({
      code: -32602,
      message: 'Invalid params',
      data: { code: 'invalid_params', retry: 'never' },
    });
    expect(error.data?.issues).toEqual([
      { pointer: '/customerId', message: 'Invalid input: expected string, received undefined' },
      { pointer: '/entityTypes/1', message: 'Invalid option: expected one of "user"|"class"' },
      { pointer: '/entityTypes/2', message: 'Invalid option: expected one of "user"|"class"' },
      { pointer: '/settings/dryRun', message: 'Invalid input: expected boolean, received string' },
      { pointer: '/settings/a~1b', message: 'There is no such parameter' },
      { pointer: '/customerID', message: 'There is no such parameter; did you mean "customerId"?' },
    ]);
  });

  test('never come back with their values, which may be secrets', async () => {
    const { dispatch } = setUp();
    const params = { customerId: 12, customer: 'c4nary', entityTypes: ['c4nary'], settings: 'c4nary' };

    const answer = await dispatch({ jsonrpc: '2.0', method: 'rosters.sync.v2', params, id: 1 }, createCall());

    expect(JSON.stringify(answer)).not.toContain('c4nary');
  });

  test('are listed up to a hundred', async () => {
    const { send } = setUp();
    const params = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`unknown${index}`, 1]));

    const error = errorOf(await send('rosters.sync.v2', { customerId: 'c', ...params }));

    expect(error.data?.issues).toHaveLength(100);
    expect(error.data?.more).toBe(4_900);
  });

  test('do not reach the method', async () => {
    const { send, started } = setUp();

    await send('rosters.sync.v2', { customerId: '' });

    expect(started).toEqual([]);
  });
});

describe('a failure', () => {
  const codes = (Object.keys(failureFacts) as FailureCode[]).filter((code) => code !== 'internal');

  test.each(codes)('%s is told with its number, advice, retry and data', async (code) => {
    const { send } = setUp({
      fail: () =>
        new Failure(code, 'It failed', {
          data: { status: 409 },
          retryAfterMs: 2_000,
          cause: new Error('c4nary'),
        }),
    });

    expect(await send('things.fail.v1', {})).toEqual({
      jsonrpc: '2.0',
      error: {
        code: factsOf(code).rpcCode,
        message: 'It failed',
        data: {
          code,
          advice: factsOf(code).advice,
          retry: factsOf(code).retry,
          retryAfterMs: 2_000,
          status: 409,
        },
      },
      id: 1,
    });
  });

  test('cannot hide its code behind its data', async () => {
    const { send } = setUp({
      fail: () => new Failure('not_found', 'No such run', { data: { code: 'E404', retry: 'always' } }),
    });

    expect(errorOf(await send('things.fail.v1', {})).data).toMatchObject({
      code: 'not_found',
      retry: 'never',
    });
  });

  test('gives no registered secret away, nor what is named like one', async () => {
    const secrets = createSecrets();
    secrets.add('c4nary-value');
    const { send } = setUp({
      secrets,
      fail: () =>
        new Failure('push_rejected', 'Refused c4nary-value', {
          data: { answer: 'you sent c4nary-value', token: 'other-c4nary' },
        }),
    });

    const answer = JSON.stringify(await send('things.fail.v1', {}));

    expect(answer).not.toContain('c4nary');
    expect(answer).toContain('you sent [redacted]');
  });

  test.each<[string, unknown]>([
    ['an error', new TypeError('c4nary is not a function')],
    ['a text', 'c4nary'],
    [
      'an object that looks like a JSON-RPC error',
      { code: -32000, message: 'c4nary', data: { x: 'c4nary' } },
    ],
    ['nothing', undefined],
    ['null', null],
    ['a failure of ours with data', new Failure('internal', 'c4nary', { data: { x: 'c4nary' } })],
  ])('that is unexpected (%s) tells nothing but where its details are', async (_name, thrown) => {
    const { send, logged } = setUp({ fail: () => thrown });

    const answer = await send('things.fail.v1', {});

    expect(errorOf(answer)).toEqual({
      code: -32603,
      message: 'Internal error',
      data: {
        code: 'internal',
        advice: factsOf('internal').advice,
        retry: 'backoff',
        traceId: createCall().traceId,
      },
    });
    expect(logged()).toMatchObject([
      { severity: 'ERROR', message: 'A call failed for a fault of ours', method: 'things.fail.v1' },
    ]);
  });

  test('to keep its own promise is internal and logged with the place, without the value', async () => {
    const { send, logged } = setUp();

    const answer = await send('things.break.v1', {});

    expect(errorOf(answer).code).toBe(-32603);
    expect(JSON.stringify(answer)).not.toContain('c4nary');
    expect(logged()[0]).toMatchObject({
      severity: 'ERROR',
      error: {
        data: { method: 'things.break.v1', issues: [{ pointer: '/count' }, { pointer: '/secretField' }] },
      },
    });
    expect(JSON.stringify(logged())).not.toContain('c4nary');
  });
});

describe('a caller', () => {
  test.each<[Role | 'tasks' | 'push', boolean]>([
    ['admin', true],
    ['orchestrator', true],
    ['scheduler', false],
    ['viewer', false],
    ['tasks', false],
    ['push', false],
  ])('of the role %s may start a run: %s', async (role, may) => {
    const { dispatch, started } = setUp();
    const request = { jsonrpc: '2.0', method: 'rosters.sync.v2', params: { customerId: 'c' }, id: 1 };

    const answer = await dispatch(request, createCall({ caller: { role, name: 'x' } }));

    expect(started).toHaveLength(may ? 1 : 0);
    if (!may)
      expect(answer).toMatchObject({
        error: { code: -32003, data: { code: 'forbidden', roles: ['admin', 'orchestrator'] } },
      });
  });

  test('who may not call is told so before the parameters are looked at', async () => {
    const { dispatch } = setUp();

    const answer = await dispatch(
      { jsonrpc: '2.0', method: 'rosters.sync.v2', params: { nonsense: 1 }, id: 1 },
      createCall({ caller: { role: 'viewer', name: 'x' } }),
    );

    expect(answer).toMatchObject({ error: { code: -32003 } });
  });
});

describe('a batch', () => {
  test('is answered in order, each member for itself, whatever the others do', async () => {
    const { dispatch } = setUp({ fail: () => new Error('boom') });
    const batch = [
      { jsonrpc: '2.0', method: 'things.fail.v1', id: 'a' },
      { jsonrpc: '2.0', method: 'rosters.sync.v1', params: { customer: 'c' }, id: 'b' },
      [],
      [{ jsonrpc: '2.0', method: 'rosters.sync.v1', params: { customer: 'nested' }, id: 'n' }],
      { jsonrpc: '2.0', method: 'rosters.sync.v1', params: { customer: 'quiet' } },
      { jsonrpc: '2.0', method: 'rosters.sync.v1', params: { customer: 'd' }, id: 'b' },
      { jsonrpc: '2.0', method: 'rosters.sync.v1', params: { customer: 'e' }, id: null },
      null,
    ];

    expect(await dispatch(batch, createCall())).toMatchObject([
      { id: 'a', error: { code: -32603 } },
      { id: 'b', result: { run: 'r-c' } },
      { id: null, error: { code: -32600 } },
      { id: null, error: { code: -32600 } },
      { id: 'b', result: { run: 'r-d' } },
      { id: null, result: { run: 'r-e' } },
      { id: null, error: { code: -32600 } },
    ]);
  });

  test.each(['[[]]', '[[],[]]', '[[[1]]]'])(
    'of nothing but lists, which jayson alone would never answer, is answered: %s',
    async (text) => {
      const { dispatch } = setUp();

      const answer = (await dispatch(text, createCall())) as JsonValue[];

      expect(answer).toHaveLength(JSON.parse(text).length);
      expect(answer[0]).toEqual({
        jsonrpc: '2.0',
        error: { code: -32600, message: 'Invalid Request' },
        id: null,
      });
    },
  );

  test('of a hundred is carried out; of one more, none of it is', async () => {
    const { dispatch, started } = setUp();
    const batch = (size: number) =>
      Array.from({ length: size }, (_, id) => ({
        jsonrpc: '2.0',
        method: 'rosters.sync.v1',
        params: { customer: `c-${id}` },
        id,
      }));

    expect(await dispatch(batch(100), createCall())).toHaveLength(100);
    expect(started).toHaveLength(100);

    expect(await dispatch(batch(101), createCall())).toEqual({
      jsonrpc: '2.0',
      error: {
        code: -32023,
        message: 'Too many calls in one batch; none was made',
        data: {
          code: 'too_large',
          advice: 'Send or ask for less at once.',
          retry: 'never',
          limit: 100,
          found: 101,
        },
      },
      id: null,
    });
    expect(started).toHaveLength(100);
  });

  test('has no more than ten calls under way at once', async () => {
    let [running, most] = [0, 0];
    const wait = defineMethod({
      name: 'things.wait',
      version: 1,
      summary: 'Waits',
      params: z.strictObject({}),
      result: z.strictObject({}),
      roles: ['admin'],
      async run() {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
        return {};
      },
    });
    const dispatch = createDispatcher({ service: 's', version: '1', methods: [wait], context: {} });

    await dispatch(
      Array.from({ length: 50 }, (_, id) => ({ jsonrpc: '2.0', method: 'things.wait.v1', id })),
      createCall(),
    );

    expect(most).toBe(10);
  });
});

describe('hostile input', () => {
  test('a member named __proto__ or constructor changes no prototype and is refused where nobody asked for it', async () => {
    const { dispatch } = setUp();

    const strict = await dispatch(
      '{"jsonrpc":"2.0","method":"rosters.sync.v2","params":{"customerId":"c","__proto__":{"polluted":1}},"id":1}',
      createCall(),
    );
    const open = await dispatch(
      '{"jsonrpc":"2.0","method":"things.keep.v1","params":{"bag":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}},"id":1}',
      createCall(),
    );
    const outer = await dispatch(
      '{"jsonrpc":"2.0","method":"rosters.sync.v1","params":{"customer":"c"},"id":1,"__proto__":{"polluted":1}}',
      createCall(),
    );

    expect(strict).toMatchObject({ error: { code: -32602, data: { issues: [{ pointer: '/__proto__' }] } } });
    expect(open).toMatchObject({ result: { bag: { constructor: { prototype: { polluted: 1 } } } } });
    expect(outer).toMatchObject({ result: { run: 'r-c' } });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('an inherited jsonrpc, method or id is no member', async () => {
    const { dispatch } = setUp();

    const answer = await dispatch(
      '{"__proto__":{"jsonrpc":"2.0","method":"rosters.sync.v1","id":1}}',
      createCall(),
    );

    expect(answer).toEqual({ jsonrpc: '2.0', error: { code: -32600, message: 'Invalid Request' }, id: null });
  });

  test('nesting beyond 64 levels is refused, 64 are not, and half a million end nothing', async () => {
    const { dispatch } = setUp();
    const nest = (levels: number) =>
      `{"jsonrpc":"2.0","method":"things.keep.v1","params":{"bag":{"x":${'['.repeat(levels)}${']'.repeat(levels)}}},"id":1}`;

    expect(await dispatch(nest(62), createCall())).toHaveProperty('result');
    for (const levels of [63, 500_000]) {
      expect(await dispatch(nest(levels), createCall())).toMatchObject({
        id: 1,
        error: { code: -32600, data: { pointer: '/params', expected: 'at most 64 levels of nesting' } },
      });
    }
    expect(await dispatch('['.repeat(500_000) + ']'.repeat(500_000), createCall())).toMatchObject([
      { error: { code: -32600 } },
    ]);
  });

  test('any JSON at all gets an answer that is JSON-RPC, or none', async () => {
    const { dispatch } = setUp({ fail: () => new Error('boom') });
    const member = fc.oneof(
      fc.jsonValue(),
      fc.record(
        {
          jsonrpc: fc.constantFrom('2.0', '1.0', 2, null),
          method: fc.constantFrom(
            'rosters.sync.v1',
            'things.fail.v1',
            'things.keep.v1',
            'rpc.discover',
            'nope',
            1,
            null,
          ),
          params: fc.oneof(fc.jsonValue(), fc.constant({ customer: 'c' })),
          id: fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.jsonValue()),
        },
        { requiredKeys: [] },
      ),
    );

    await fc.assert(
      fc.asyncProperty(fc.oneof(member, fc.array(member, { maxLength: 5 })), async (request) => {
        const answer = await dispatch(JSON.stringify(request), createCall());
        const answers = answer === undefined ? [] : Array.isArray(answer) ? answer : [answer];

        for (const one of answers) expect(answerSchema.safeParse(one).error).toBeUndefined();
        const asked = Array.isArray(request) ? request : [request];
        const expected = asked.filter((one) => !isNotification(one)).length;
        expect(answers).toHaveLength(Array.isArray(request) && request.length === 0 ? 1 : expected);
      }),
      { numRuns: 500 },
    );
  });
});

test('two methods of the same wire name are refused when the service starts', () => {
  expect(() =>
    createDispatcher({ service: 's', version: '1', methods: [keepAll, keepAll], context: {} }),
  ).toThrow('Two methods share a wire name');
});

const answerSchema = z.union([
  z.strictObject({
    jsonrpc: z.literal('2.0'),
    id: z.union([z.string(), z.number(), z.null()]),
    result: z.unknown(),
  }),
  z.strictObject({
    jsonrpc: z.literal('2.0'),
    id: z.union([z.string(), z.number(), z.null()]),
    error: z.strictObject({
      code: z.int(),
      message: z.string(),
      data: z.looseObject({ code: z.string() }).optional(),
    }),
  }),
]);

/** Said without the code under test: a valid request object that has no id. */
function isNotification(request: unknown): boolean {
  if (typeof request !== 'object' || request === null || Array.isArray(request)) return false;
  const { jsonrpc, method, params, id } = request as Record<string, unknown>;
  const hasParams = params === undefined || (typeof params === 'object' && params !== null);
  return jsonrpc === '2.0' && typeof method === 'string' && hasParams && id === undefined;
}

function setUp(options: { fail?: () => unknown; secrets?: ReturnType<typeof createSecrets> } = {}) {
  const written: string[] = [];
  const started: string[] = [];
  const secrets = options.secrets ?? createSecrets();
  const dispatch = createDispatcher({
    service: 'test',
    version: '1.0.0',
    methods: [startRun, startRunV1, fail, breakPromise, keepAll],
    context: { fail: options.fail ?? (() => new Error('unexpected')), started },
    secrets,
  });
  const send = (method: string, params: JsonValue | undefined) =>
    dispatch(
      { jsonrpc: '2.0', method, ...(params === undefined ? {} : { params }), id: 1 },
      createCall({}, secrets, written),
    );
  return { dispatch, send, started, logged: () => written.map((line) => JSON.parse(line)) };
}

function errorOf(answer: JsonValue | undefined) {
  return (answer as { error: { code: number; message: string; data?: Record<string, unknown> } }).error;
}
