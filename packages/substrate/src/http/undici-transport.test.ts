import { type AddressInfo, createServer, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createManualClock } from '../clock/clock.manual.ts';
import { systemClock } from '../clock/clock.system.ts';
import { createAddressGuard } from './address-guard.ts';
import { answerJson, type Script, startScriptedServer } from './scripted-server.fixture.ts';
import type { Transport } from './transport.ts';
import { createUndiciTransport, type UndiciTransportOptions } from './undici-transport.ts';

function createTransport(
  allowedHosts: readonly string[],
  options: Partial<UndiciTransportOptions> = {},
): Transport {
  const transport = createUndiciTransport({
    guard: createAddressGuard(allowedHosts),
    timeouts: { connect: 300, headers: 300, idle: 300, total: 5000 },
    maxResponseBytes: 1000,
    connections: 2,
    clock: systemClock,
    ...options,
  });
  onTestFinished(() => transport.close());
  return transport;
}

async function sendTo(script: Script, options?: Partial<UndiciTransportOptions>, signal?: AbortSignal) {
  const server = await startScriptedServer(script);
  onTestFinished(() => server[Symbol.asyncDispose]());
  const transport = createTransport([server.host], options);
  const request = { method: 'GET', url: new URL(`${server.url}/users?a=%27`), headers: {} } as const;
  return transport.send(signal === undefined ? request : { ...request, signal });
}

/** A server that speaks no HTTP: does with the socket what it is told, once bytes come. */
async function startRawServer(act: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).once('data', () => act(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  );
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('an answer', () => {
  test('comes with its status, its headers in lower case and joined, and its bytes', async () => {
    const response = await sendTo((request, response) =>
      answerJson(
        response,
        { target: request.target },
        { status: 418, headers: { 'X-Total-Count': '7', Link: ['<a>; rel="x"', '<b>; rel="y"'] } },
      ),
    );
    expect(response.status).toBe(418);
    expect(response.headers).toMatchObject({ 'x-total-count': '7', link: '<a>; rel="x", <b>; rel="y"' });
    expect(Buffer.from(response.body).toString()).toBe('{"target":"/users?a=%27"}');
  });

  test.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
  ] as const)('is decompressed from %s', async (encoding, compress) => {
    const response = await sendTo((_, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(compress('{"a":1}'));
    });
    expect(Buffer.from(response.body).toString()).toBe('{"a":1}');
  });
});

describe('limits', () => {
  test('an answer that announces too many bytes is not downloaded', async () => {
    let sent = 0;
    const sending = sendTo((_, response) => {
      response.writeHead(200, { 'content-length': '100000000' });
      response.write('x'.repeat(100), () => sent++);
    });
    await expect(sending).rejects.toMatchObject({
      code: 'too_large',
      data: { problem: 'body_too_large', maxBytes: 1000 },
    });
    expect(sent).toBe(1);
  });

  test('an endless answer is cut off at the limit', async () => {
    let closed = false;
    const sending = sendTo((_, response) => {
      response.on('close', () => {
        closed = true;
      });
      const write = () => {
        if (!response.destroyed) response.write('x'.repeat(200), () => setImmediate(write));
      };
      write();
    });
    await expect(sending).rejects.toMatchObject({ code: 'too_large' });
    await expect.poll(() => closed).toBe(true);
  });

  test('a gzip bomb is stopped at the limit', async () => {
    const bomb = gzipSync(gzipSync(new Uint8Array(50_000_000)));
    expect(bomb.byteLength).toBeLessThan(1000);
    const sending = sendTo((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip, gzip' }).end(bomb);
    });
    await expect(sending).rejects.toMatchObject({ code: 'too_large', data: { problem: 'expands_too_far' } });
  });
});

describe('time-outs', () => {
  test('headers that do not come', async () => {
    await expect(sendTo(() => undefined)).rejects.toMatchObject({
      code: 'vendor_unavailable',
      data: { problem: 'headers_timeout' },
    });
  });

  test('a body that stalls', async () => {
    const sending = sendTo((_, response) => {
      response.writeHead(200).write('{"users":[');
    });
    await expect(sending).rejects.toMatchObject({
      code: 'vendor_unavailable',
      data: { problem: 'body_timeout' },
    });
  });

  test('a body that trickles for longer than the whole may take', async () => {
    const clock = createManualClock();
    const sending = sendTo(
      (_, response) => {
        response.writeHead(200).write('{');
        void clock.advance(5000);
      },
      { clock },
    );
    await expect(sending).rejects.toMatchObject({
      code: 'vendor_unavailable',
      data: { problem: 'total_timeout' },
    });
  });

  test('a TLS handshake that hangs counts as connecting', async () => {
    const host = await startRawServer(() => undefined);
    const sending = createTransport([host]).send({
      method: 'GET',
      url: new URL(`https://${host}/`),
      headers: {},
    });
    await expect(sending).rejects.toMatchObject({
      code: 'gateway_unavailable',
      data: { problem: 'connect_timeout', isSent: false },
    });
  });

  test("an abort ends it with the signal's reason", async () => {
    const abort = new AbortController();
    const sending = sendTo(() => abort.abort(new Error('the slice is over')), {}, abort.signal);
    await expect(sending).rejects.toThrow('the slice is over');
  });

  test('nothing is left sleeping on the clock after an answer', async () => {
    const clock = createManualClock();
    await sendTo((_, response) => answerJson(response, {}), { clock });
    expect(clock.sleeping).toBe(0);
  });
});

describe('connections that fail', () => {
  test.each([
    ['a reset before the headers', (socket: Socket) => socket.resetAndDestroy()],
    ['a close before the headers', (socket: Socket) => socket.end()],
    [
      'a reset in the body',
      (socket: Socket) =>
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"a"', () => socket.resetAndDestroy()),
    ],
    [
      'a body shorter than its length',
      (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"a"'),
    ],
    [
      'chunks without an end',
      (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\n{"a"\r\n'),
    ],
  ])("%s is the gateway's failure, and may have reached the vendor", async (_, act) => {
    const host = await startRawServer(act);
    const sending = createTransport([host]).send({
      method: 'GET',
      url: new URL(`http://${host}/`),
      headers: {},
    });
    await expect(sending).rejects.toMatchObject({
      code: 'gateway_unavailable',
      data: { problem: 'connection_lost', isSent: true },
    });
  });

  test('something that is not HTTP, without its words', async () => {
    const host = await startRawServer((socket) => socket.end('220 canary.example.com ESMTP\r\n'));
    const sending = createTransport([host]).send({
      method: 'GET',
      url: new URL(`http://${host}/`),
      headers: {},
    });
    const failure = await sending.catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({
      code: 'gateway_unavailable',
      data: { problem: 'not_http', isSent: true },
    });
    expect(inspect(failure, { depth: 9 })).not.toContain('canary');
  });

  test('a port where nobody listens', async () => {
    const server = await startScriptedServer(() => undefined);
    await server[Symbol.asyncDispose]();
    const sending = createTransport([server.host]).send({
      method: 'GET',
      url: new URL(server.url),
      headers: {},
    });
    await expect(sending).rejects.toMatchObject({
      code: 'gateway_unavailable',
      data: { problem: 'not_connected', isSent: false, networkCode: 'ECONNREFUSED' },
    });
  });

  test('a name that does not resolve', async () => {
    const sending = createTransport([]).send({
      method: 'GET',
      url: new URL('https://sis.invalid/'),
      headers: {},
    });
    await expect(sending).rejects.toMatchObject({
      code: 'gateway_unavailable',
      data: { problem: 'dns', isSent: false },
    });
  });

  test('a port that does not speak TLS', async () => {
    const host = await startRawServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const sending = createTransport([host]).send({
      method: 'GET',
      url: new URL(`https://${host}/`),
      headers: {},
    });
    await expect(sending).rejects.toMatchObject({
      code: 'gateway_unavailable',
      data: { problem: 'tls', isSent: false },
    });
  });

  test('a cut-off gzip body', async () => {
    const sending = sendTo((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"a":1}').subarray(0, -8));
    });
    await expect(sending).rejects.toMatchObject({
      code: 'gateway_unavailable',
      data: { problem: 'body_cut_off' },
    });
  });
});

describe('the address guard', () => {
  test('refuses loopback that is not allowed, by address and by a name that resolves to it, before anything is sent', async () => {
    let connections = 0;
    const server = createServer(() => connections++);
    await new Promise<void>((resolve) => server.listen(0, resolve));
    onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
    const { port } = server.address() as AddressInfo;
    for (const host of ['127.0.0.1', '[::1]', 'localhost']) {
      const sending = createTransport([]).send({
        method: 'GET',
        url: new URL(`https://${host}:${port}/`),
        headers: {},
      });
      await expect(sending).rejects.toMatchObject({
        code: 'config_invalid',
        data: { problem: 'address_not_public' },
      });
    }
    expect(connections).toBe(0);
  });
});

test('connections are kept and used again, no more than allowed', async () => {
  const ports = new Set<number | undefined>();
  const server = await startScriptedServer((_, response) => {
    ports.add(response.socket?.remotePort);
    answerJson(response, {});
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  const transport = createTransport([server.host]);
  await Promise.all(
    Array.from({ length: 20 }, () =>
      transport.send({ method: 'GET', url: new URL(server.url), headers: {} }),
    ),
  );
  expect(ports.size).toBeLessThanOrEqual(2);
});
