import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { createManualClock } from '../clock/clock.manual.ts';
import { Failure } from '../failure/failure.ts';
import { createLog } from '../observability/create-log.ts';
import { createSecrets } from '../observability/secrets.ts';
import type { Call } from '../rpc/call.ts';
import { createDispatcher } from '../rpc/create-dispatcher.ts';
import { defineMethod } from '../rpc/define-method.ts';
import { createLocalAuthenticator, deriveToken } from './authenticate.local.ts';
import { createHttpShell, type HttpShellOptions } from './http-shell.ts';
import type { PushDelivery } from './push-route.ts';
import { createShutdown } from './shutdown.ts';
import type { TaskDelivery } from './task-route.ts';

const token = 'fleet-token-0123456789';
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const echo = defineMethod({
  name: 'things.echo',
  version: 1,
  summary: 'Returns what it was given and who gave it',
  params: z.strictObject({ text: z.string() }),
  result: z.strictObject({ text: z.string(), caller: z.string(), traceId: z.string() }),
  roles: ['admin'],
  run: async (call: Call<unknown>, { text }) => ({ text, caller: call.caller.name, traceId: call.traceId }),
});
const call = { jsonrpc: '2.0', method: 'things.echo.v1', params: { text: 'hé' }, id: 1 };

describe('POST /rpc', () => {
  test('answers a call with 200 and JSON', async () => {
    const { rpc } = await setUp();

    const response = await rpc(JSON.stringify(call), { traceparent });

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await response.json()).toEqual({
      jsonrpc: '2.0',
      result: { text: 'hé', caller: 'local admin', traceId: '0af7651916cd43dd8448eb211c80319c' },
      id: 1,
    });
  });

  test.each([
    JSON.stringify({ jsonrpc: '2.0', method: 'things.echo.v1', params: { text: 'x' } }),
    '[{"jsonrpc":"2.0","method":"nope"}]',
  ])('answers notifications with 204 and no body: %s', async (body) => {
    const { rpc } = await setUp();

    const response = await rpc(body);

    expect(response.status).toBe(204);
    expect(await response.text()).toBe('');
    expect(response.headers.get('content-type')).toBeNull();
  });

  test.each<[string, string | Uint8Array, number]>([
    ['not JSON', '{"jsonrpc"', -32700],
    ['empty', '', -32700],
    ['not UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]), -32700],
    ['no call', '{"id":1}', -32600],
    ['an empty batch', '[]', -32600],
    ['a call that fails', '{"jsonrpc":"2.0","method":"nope","id":1}', -32601],
  ])('answers a body that is %s with 200 and an error', async (_name, body, code) => {
    const { rpc } = await setUp();

    const response = await rpc(body);

    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ jsonrpc: '2.0', error: { code } });
  });

  test.each([
    'text/plain',
    'application/json-rpc',
    'application/jsonx',
    'application/x-www-form-urlencoded',
    'application/json; charset=latin1',
    'text/plain; application/json',
    '',
  ])('refuses the content type %j with 415', async (type) => {
    const { rpc } = await setUp();

    const response = await rpc(JSON.stringify(call), { 'content-type': type });

    expect(response.status).toBe(415);
    expect(await response.json()).toEqual({
      jsonrpc: '2.0',
      error: {
        code: -32600,
        message: 'Invalid Request',
        data: { code: 'invalid_request', expected: 'content-type: application/json (UTF-8)' },
      },
      id: null,
    });
  });

  test.each(['application/json', 'Application/JSON; charset=UTF-8', 'application/json;charset="utf-8"'])(
    'takes the content type %j',
    async (type) => {
      const { rpc } = await setUp();

      expect((await rpc(JSON.stringify(call), { 'content-type': type })).status).toBe(200);
    },
  );

  test('refuses a body over the limit with 413, announced or not, and takes one just below', async () => {
    const { rpc, url } = await setUp({ limits: { bodyBytes: 1_000 } });
    const sized = (bytes: number) => {
      const empty = JSON.stringify({ ...call, params: { text: '' } });
      return JSON.stringify({ ...call, params: { text: 'x'.repeat(bytes - empty.length) } });
    };
    const chunked = fetch(`${url}/rpc`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: new Blob([sized(5_000)]).stream(),
      duplex: 'half',
    } as RequestInit);

    expect((await rpc(sized(1_000))).status).toBe(200);
    for (const response of [await rpc(sized(1_001)), await chunked]) {
      expect(response.status).toBe(413);
      expect(await response.json()).toMatchObject({
        jsonrpc: '2.0',
        error: { code: -32023, data: { code: 'too_large', limit: 1_000 } },
        id: null,
      });
    }
  });

  test('refuses a compressed body with 415 instead of inflating it', async () => {
    const { rpc } = await setUp();

    expect((await rpc(JSON.stringify(call), { 'content-encoding': 'gzip' })).status).toBe(415);
  });

  test.each(['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD'])(
    'refuses %s with 405 and says what is allowed',
    async (method) => {
      const { url } = await setUp();

      const response = await fetch(`${url}/rpc`, { method });

      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('POST');
    },
  );

  test.each([undefined, 'Bearer wrong', 'Basic Zmxlb3Q6eA=='])(
    'refuses a sender with the header %j, before it reads or runs anything',
    async (authorization) => {
      const { url } = await setUp();

      const response = await fetch(`${url}/rpc`, {
        method: 'POST',
        headers: { 'content-type': 'text/plain', ...(authorization === undefined ? {} : { authorization }) },
        body: 'x'.repeat(3_000_000),
      });

      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer realm="flotilla"');
      expect(await response.json()).toMatchObject({
        jsonrpc: '2.0',
        error: { code: -32001, data: { code: 'unauthenticated' } },
        id: null,
      });
    },
  );

  test('lets a machine in that no method lets call', async () => {
    const { rpc } = await setUp();

    const response = await rpc(JSON.stringify(call), {
      authorization: `Bearer ${deriveToken(token, 'tasks')}`,
    });

    expect(await response.json()).toMatchObject({ error: { code: -32003, data: { code: 'forbidden' } } });
  });
});

describe('POST /tasks/<name>', () => {
  test('gives the handler the body and what the queue says, and answers 204', async () => {
    const { task, tasks } = await setUp();

    const response = await task('slice', '{"runId":"r-1"}', {
      traceparent,
      'x-cloudtasks-queuename': 'oneroster-nightly',
      'x-cloudtasks-taskname': 't-1',
      'x-cloudtasks-taskretrycount': '3',
      'x-cloudtasks-tasketa': '1767225600.25',
    });

    expect(response.status).toBe(204);
    expect(tasks[0]).toMatchObject({
      body: { runId: 'r-1' },
      queue: 'oneroster-nightly',
      taskName: 't-1',
      retryCount: 3,
      dueAt: 1_767_225_600_250,
      trace: { traceId: '0af7651916cd43dd8448eb211c80319c', sampled: true },
    });
    expect(tasks[0]?.trace.spanId).not.toBe('b7ad6b7169203331');
  });

  test.each<[string, () => unknown, number, string | null, string]>([
    ['can be retried', () => new Failure('lease_held', 'Held'), 503, null, 'INFO'],
    ['says when', () => new Failure('rate_limited', 'Slow down', { retryAfterMs: 1_500 }), 503, '2', 'INFO'],
    ['says right away', () => new Failure('unavailable', 'Again', { retryAfterMs: 0 }), 503, '1', 'INFO'],
    ['can never succeed', () => new Failure('credentials_rejected', 'Refused'), 200, null, 'ERROR'],
    ['is a bug', () => new TypeError('x is undefined'), 500, null, 'ERROR'],
  ])(
    'whose failure %s is answered so that the queue does what helps',
    async (_name, fail, status, retryAfter, severity) => {
      const { task, logged } = await setUp({ fail });

      const response = await task('fails', '{}');

      expect([response.status, response.headers.get('retry-after')]).toEqual([status, retryAfter]);
      expect(logged().at(-1)).toMatchObject({ severity, task: 'fails' });
    },
  );

  test('whose body is no JSON is never tried again', async () => {
    const { task, tasks, logged } = await setUp();

    expect((await task('slice', 'nope')).status).toBe(200);
    expect(tasks).toEqual([]);
    expect(logged().at(-1)).toMatchObject({ severity: 'ERROR', code: 'invalid_params' });
  });

  test.each(['nothing', '__proto__', 'constructor', '%E0%A4%A'])(
    'of the unknown name %s is not taken',
    async (name) => {
      const { task } = await setUp();

      expect((await task(name, '{}')).status).toBe(name.startsWith('%') ? 400 : 404);
    },
  );

  test.each([
    ['admin', token, 403],
    ['push', deriveToken(token, 'push'), 403],
    ['nobody', 'wrong', 401],
  ])('is refused to %s', async (_name, sent, status) => {
    const { task, tasks } = await setUp();

    const response = await task('slice', '{}', {
      authorization: `Bearer ${sent}`,
      'x-cloudtasks-queuename': 'forged',
    });

    expect(response.status).toBe(status);
    expect(tasks).toEqual([]);
  });

  test('tells a handler when the queue has given up waiting', async () => {
    const { url, tasks } = await setUp();
    const controller = new AbortController();
    const sent = fetch(`${url}/tasks/waits`, {
      method: 'POST',
      headers: machine('tasks'),
      body: '{}',
      signal: controller.signal,
    });
    sent.catch(() => undefined);
    await until(() => tasks.length === 1);

    controller.abort();

    await until(() => tasks[0]?.signal.aborted === true);
    expect(tasks[0]?.signal.reason).toMatchObject({ code: 'unavailable', message: 'The sender has gone' });
  });

  test('does not abort what goes on after its answer', async () => {
    const { task, tasks } = await setUp();

    await (await task('slice', '{}')).text();
    await new Promise((resolve) => setTimeout(resolve, 20));

    expect(tasks[0]?.signal.aborted).toBe(false);
  });
});

describe('POST /push/<name>', () => {
  const message = {
    data: Buffer.from('{"changes":[]}').toString('base64'),
    attributes: { customerId: 'c-1', traceparent },
    messageId: '17',
    message_id: '17',
    publishTime: '2026-01-01T00:00:00.000Z',
    publish_time: '2026-01-01T00:00:00.000Z',
    orderingKey: 'c-1/i-1',
  };

  test("gives the handler the message with the publisher's trace, and answers 204", async () => {
    const { push, pushes } = await setUp();

    const response = await push('changes', { message, subscription: 'warehouse', deliveryAttempt: 2 });

    expect(response.status).toBe(204);
    expect(Buffer.from(pushes[0]?.data ?? []).toString()).toBe('{"changes":[]}');
    expect(pushes[0]).toMatchObject({
      attributes: { customerId: 'c-1' },
      messageId: '17',
      orderingKey: 'c-1/i-1',
      subscription: 'warehouse',
      deliveryAttempt: 2,
      trace: { traceId: '0af7651916cd43dd8448eb211c80319c' },
    });
  });

  test('takes a message without data, attributes, key and attempt', async () => {
    const { push, pushes } = await setUp();

    const response = await push('changes', {
      message: { messageId: '1', publishTime: 'x' },
      subscription: 's',
    });

    expect(response.status).toBe(204);
    expect(pushes[0]).toMatchObject({ attributes: {}, orderingKey: '', deliveryAttempt: undefined });
    expect(pushes[0]?.data.byteLength).toBe(0);
  });

  test.each<[string, () => unknown, number]>([
    ['can help', () => new Failure('unavailable', 'Busy'), 503],
    ['cannot help', () => new Failure('invalid_params', 'Unknown entity type'), 422],
    ['may help after a fix', () => new Error('boom'), 500],
  ])('brings a message again where that %s', async (_name, fail, status) => {
    const { push } = await setUp({ fail });

    expect((await push('fails', { message, subscription: 's' })).status).toBe(status);
  });

  test.each([{}, { message: {} }, { message: { ...message, data: 'not base64!' }, subscription: 's' }, []])(
    'refuses %j, which is no envelope',
    async (body) => {
      const { push, pushes } = await setUp();

      expect((await push('changes', body)).status).toBe(422);
      expect(pushes).toEqual([]);
    },
  );

  test('takes a message as large as the bus allows', async () => {
    const { push, pushes } = await setUp();

    const data = Buffer.alloc(9_000_000, 'x').toString('base64');

    expect((await push('changes', { message: { ...message, data }, subscription: 's' })).status).toBe(204);
    expect(pushes[0]?.data.byteLength).toBe(9_000_000);
  });

  test.each([
    ['admin', token],
    ['the task queue', deriveToken(token, 'tasks')],
  ])('is refused to %s', async (_name, sent) => {
    const { url, pushes } = await setUp();

    const response = await fetch(`${url}/push/changes`, {
      method: 'POST',
      headers: { ...machine('push'), authorization: `Bearer ${sent}` },
      body: JSON.stringify({ message, subscription: 's' }),
    });

    expect(response.status).toBe(403);
    expect(pushes).toEqual([]);
  });
});

describe('health', () => {
  test('of the process is told to anyone', async () => {
    const { url } = await setUp();

    const response = await fetch(`${url}/healthz`);

    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
  });

  test('of what it depends on is told by name, without the reason', async () => {
    let isUp = false;
    const { url } = await setUp({
      readiness: {
        database: async () => {
          if (!isUp) throw new Error('c4nary: password wrong');
        },
        queue: async () => undefined,
      },
    });

    const before = await fetch(`${url}/readyz`);
    expect([before.status, await before.json()]).toEqual([
      503,
      { status: 'not ready', checks: { database: 'failing', queue: 'ok' } },
    ]);
    isUp = true;
    const after = await fetch(`${url}/readyz`);
    expect([after.status, await after.json()]).toEqual([
      200,
      { status: 'ready', checks: { database: 'ok', queue: 'ok' } },
    ]);
  });

  test('of a dependency that does not answer is bad after two seconds', async () => {
    const { url, clock } = await setUp({ readiness: { database: () => new Promise(() => undefined) } });
    const answer = fetch(`${url}/readyz`);
    await until(() => clock.sleeping === 1);

    await clock.advance(2_000);

    expect((await answer).status).toBe(503);
  });
});

describe('every answer', () => {
  test.each(['/rpc', '/healthz', '/nowhere', '/tasks/slice'])(
    'has the headers that keep browsers from mischief: %s',
    async (path) => {
      const { url } = await setUp();

      const { headers } = await fetch(url + path);

      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  test("has a request id, the sender's where it is one", async () => {
    const { url } = await setUp();
    const idFor = async (sent: string) =>
      (await fetch(`${url}/healthz`, { headers: { 'x-request-id': sent } })).headers.get('x-request-id');

    expect(await idFor('req-42.a:b')).toBe('req-42.a:b');
    expect(await idFor('has spaces and "quotes"')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await idFor('x'.repeat(129))).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('to a path that does not exist says which do', async () => {
    const { url } = await setUp();

    const response = await fetch(`${url}/rcp`, { method: 'POST' });

    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      error: {
        data: { code: 'not_found', paths: ['/rpc', '/tasks/<name>', '/push/<name>', '/healthz', '/readyz'] },
      },
    });
  });
});

describe('while it shuts down', () => {
  test('what comes in on open connections is told to come again, and readiness is gone', async () => {
    const { url, shutdown, tasks, release } = await setUp();
    const lingering = fetch(`${url}/tasks/lingers`, {
      method: 'POST',
      headers: machine('tasks'),
      body: '{}',
    });
    const running = fetch(`${url}/tasks/waits`, { method: 'POST', headers: machine('tasks'), body: '{}' });
    await until(() => tasks.length === 2);
    // A connection that is in the middle of a request is open still when the shutdown begins.
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    onTestFinished(() => void socket.destroy());
    let heard = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      heard += String(chunk);
    });
    socket.write('GET /readyz HTTP/1.1\r\nhost: x\r\n');
    await new Promise((resolve) => setTimeout(resolve, 50));

    const code = shutdown.begin('test');
    socket.write('\r\n');

    expect((await running).status).toBe(503);
    expect((await running).headers.get('retry-after')).toBe('1');
    expect((await running).headers.get('connection')).toBe('close');
    await until(() => heard.includes('shutting down'));
    expect(heard).toMatch(/^HTTP\/1\.1 503 /);
    release();
    expect((await lingering).status).toBe(204);
    expect(await code).toBe(0);
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });
});

test('a port that is taken is named', async () => {
  const { url } = await setUp();
  const port = Number(new URL(url).port);
  const { shell } = await setUp();

  await expect(shell.listen(port)).rejects.toMatchObject({
    code: 'config_invalid',
    data: { port, reason: 'EADDRINUSE' },
  });
});

interface SetUp extends Partial<HttpShellOptions> {
  readonly fail?: () => unknown;
}

async function setUp({ fail = () => new Error('unexpected'), ...options }: SetUp = {}) {
  const written: string[] = [];
  const clock = createManualClock();
  const tasks: TaskDelivery[] = [];
  const pushes: PushDelivery[] = [];
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const log = createLog({
    service: 'test',
    version: '1.0.0',
    clock,
    secrets: createSecrets(),
    format: 'json',
    destination: { write: (line: string) => written.push(line) },
  });
  const shutdown = createShutdown({ log, clock });
  const shell = createHttpShell({
    dispatch: createDispatcher({ service: 'test', version: '1.0.0', methods: [echo], context: {} }),
    authenticator: createLocalAuthenticator({ token }),
    taskRoutes: {
      slice: async (delivery) => void tasks.push(delivery),
      lingers(delivery) {
        tasks.push(delivery);
        return released;
      },
      fails: () => Promise.reject(fail()),
      waits(delivery) {
        tasks.push(delivery);
        return new Promise((_resolve, reject) => {
          delivery.signal.addEventListener('abort', () => reject(delivery.signal.reason));
        });
      },
    },
    pushRoutes: {
      changes: async (delivery) => void pushes.push(delivery),
      fails: () => Promise.reject(fail()),
    },
    shutdown,
    log,
    clock,
    ...options,
  });
  const { url, close } = await shell.listen(0);
  onTestFinished(close);

  function send(path: string, body: string | Uint8Array, headers: Record<string, string>) {
    return fetch(url + path, { method: 'POST', headers, body: Buffer.from(body) });
  }
  return {
    url,
    shell,
    shutdown,
    clock,
    tasks,
    pushes,
    release,
    logged: () => written.map((line) => JSON.parse(line) as Record<string, unknown>),
    rpc: (body: string | Uint8Array, headers: Record<string, string> = {}) =>
      send('/rpc', body, {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        ...headers,
      }),
    task: (name: string, body: string, headers: Record<string, string> = {}) =>
      send(`/tasks/${name}`, body, { ...machine('tasks'), ...headers }),
    push: (name: string, body: unknown) => send(`/push/${name}`, JSON.stringify(body), machine('push')),
  };
}

function machine(purpose: 'tasks' | 'push'): Record<string, string> {
  return { authorization: `Bearer ${deriveToken(token, purpose)}`, 'content-type': 'application/json' };
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 500) throw new Error('it never came to hold');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
