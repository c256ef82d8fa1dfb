import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { systemClock } from '@flotilla/substrate/clock/clock.system';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { findFreePorts } from '../fleet/choose-ports.ts';
import { createRpcClient, type RpcClient, rpcErrorToFailure } from './rpc-client.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe('a client of a service', () => {
  test('sends JSON-RPC 2.0 with the token and gives the result', async () => {
    const requests: unknown[] = [];
    const client = await clientOf(async (request, response) => {
      requests.push({
        authorization: request.headers.authorization,
        body: JSON.parse(await text(request)),
      });
      response.end('{"jsonrpc": "2.0", "id": 1, "result": {"runId": "r1"}}');
    });

    const result = await client.call(
      'rosters.sync.v1',
      { customerId: 'springfield' },
      z.object({ runId: z.string() }),
    );

    expect(result).toEqual({ runId: 'r1' });
    expect(requests).toEqual([
      {
        authorization: 'Bearer a-token',
        body: { jsonrpc: '2.0', id: 1, method: 'rosters.sync.v1', params: { customerId: 'springfield' } },
      },
    ]);
  });

  test('fails as the service failed, with its data', async () => {
    const client = await clientThatAnswers(200, {
      jsonrpc: '2.0',
      id: 1,
      error: {
        code: -32021,
        message: 'No such customer',
        data: { code: 'not_found', customerId: 'x', advice: 'Check' },
      },
    });

    await expect(client.call('a.v1', {}, z.unknown())).rejects.toMatchObject({
      code: 'not_found',
      message: 'No such customer',
      data: { service: 'control', method: 'a.v1', customerId: 'x', advice: 'Check' },
    });
  });

  test('understands a refusal that comes before JSON-RPC', async () => {
    const client = await clientThatAnswers(401, {
      jsonrpc: '2.0',
      id: null,
      error: { code: -32001, message: 'No valid token in the Authorization header' },
    });

    await expect(client.call('a.v1', {}, z.unknown())).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  test('says that nobody answers, and why', async () => {
    const { free } = await findFreePorts(['free']);
    const url = `http://127.0.0.1:${free}`;
    const client = createRpcClient({ ...options, url });

    await expect(client.call('a.v1', {}, z.unknown())).rejects.toMatchObject({
      code: 'unavailable',
      data: { service: 'control', url, reason: 'ECONNREFUSED' },
    });
  });

  test('waits no longer than it may', async () => {
    const client = await clientOf(() => {}, { timeoutMs: 50 });

    await expect(client.call('a.v1', {}, z.unknown())).rejects.toMatchObject({
      code: 'unavailable',
      data: { reason: 'no answer within 0.05 s' },
    });
  });

  test('tells another program on the port from a service', async () => {
    const client = await clientOf((_request, response) => void response.end('<h1>Hello</h1>'));

    await expect(client.call('a.v1', {}, z.unknown())).rejects.toMatchObject({
      code: 'unavailable',
      message: 'What answers there does not speak JSON-RPC',
      data: { status: 200, answer: '<h1>Hello</h1>' },
    });
  });

  test('refuses a result that is not what was expected, naming the place', async () => {
    const client = await clientThatAnswers(200, { jsonrpc: '2.0', id: 1, result: { runId: 7 } });

    await expect(client.call('a.v1', {}, z.object({ runId: z.string() }))).rejects.toMatchObject({
      code: 'internal',
      data: { method: 'a.v1', issues: [{ pointer: '/runId' }] },
    });
  });

  test('stops at once when it is interrupted', async () => {
    const interruption = new AbortController();
    const client = await clientOf(() => interruption.abort(new Error('Ctrl-C')), {
      signal: interruption.signal,
    });

    await expect(client.call('a.v1', {}, z.unknown())).rejects.toThrow('Ctrl-C');
  });
});

test.each([
  [{ code: -32601, message: 'Method not found' }, 'not_found'],
  [{ code: -32602, message: 'Invalid params' }, 'invalid_params'],
  [{ code: -32600, message: 'Invalid Request' }, 'invalid_params'],
  [{ code: -32029, message: 'x' }, 'unavailable'],
  [{ code: -32000, message: 'x', data: { code: 'lease_held' } }, 'lease_held'],
  [{ code: -32000, message: 'x', data: { code: 'of a newer version' } }, 'invalid_params'],
])('the error %j is a failure of the code %s', (error, code) => {
  expect(rpcErrorToFailure(error, 'control', 'a.v1').code).toBe(code);
});

const options = {
  service: 'control',
  token: 'a-token',
  clock: systemClock,
  signal: new AbortController().signal,
};

async function clientOf(
  answer: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>,
  more: { readonly timeoutMs?: number; readonly signal?: AbortSignal } = {},
): Promise<RpcClient> {
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return createRpcClient({
    ...options,
    ...more,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });
}

function clientThatAnswers(status: number, body: unknown): Promise<RpcClient> {
  return clientOf((_request, response) => void response.writeHead(status).end(JSON.stringify(body)));
}
