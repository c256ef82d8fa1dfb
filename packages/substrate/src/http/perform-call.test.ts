import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createManualClock } from '../clock/clock.manual.ts';
import { answerJson, type Script } from './scripted-server.fixture.ts';
import { finish, get, start } from './vendor-client.fixture.ts';

describe('retries', () => {
  test.each([408, 429, 500, 502, 503, 504])('%i is tried again, until it goes well', async (status) => {
    const { client, clock, server, attempts } = await start((_, response, index) => {
      if (index < 3) answerJson(response, { error: 'later' }, { status });
      else answerJson(response, { ok: true });
    });
    const { result } = await finish(clock, get(client));
    expect(result?.json()).toEqual({ ok: true });
    expect(server.requests).toHaveLength(4);
    expect(attempts.map((report) => [report.attempt, report.status])).toEqual([
      [1, status],
      [2, status],
      [3, status],
      [4, 200],
    ]);
  });

  test('give up after the declared attempts, within the longest back-offs', async () => {
    const { client, clock, server } = await start(
      (_, response) => answerJson(response, {}, { status: 500 }),
      {
        retry: { attempts: 4, initialDelayMs: 1000, maxDelayMs: 2000 },
      },
    );
    const { thrown, ms } = await finish(clock, get(client));
    expect(thrown).toMatchObject({ code: 'vendor_unavailable', data: { status: 500 } });
    expect(server.requests).toHaveLength(4);
    expect(ms).toBeLessThanOrEqual(1000 + 2000 + 2000 + 200);
  });

  test.each([400, 401, 403, 404, 413, 422, 501])('%i is not tried again', async (status) => {
    const { client, server } = await start((_, response) => answerJson(response, {}, { status }));
    await expect(get(client)).rejects.toMatchObject({ data: { status } });
    expect(server.requests).toHaveLength(1);
  });

  const unreadable: [string, Script, string, string, boolean][] = [
    ['truncated JSON', (_, r) => void r.end('{"users":[{"a":'), 'vendor_unavailable', 'json_cut_off', true],
    ['an empty body', (_, r) => void r.end(), 'vendor_unavailable', 'empty_body', true],
    [
      'a reset in the body',
      (_, r) => void r.writeHead(200, { 'content-length': 99 }).write('{', () => r.destroy()),
      'gateway_unavailable',
      'connection_lost',
      true,
    ],
    [
      'a cut-off gzip body',
      (_, r) => void r.setHeader('content-encoding', 'gzip').end(gzipSync('{}').subarray(0, -5)),
      'gateway_unavailable',
      'body_cut_off',
      true,
    ],
    ['headers that hang', () => undefined, 'vendor_unavailable', 'headers_timeout', true],
    [
      'a body that hangs',
      (_, r) => void r.writeHead(200).write('{'),
      'vendor_unavailable',
      'body_timeout',
      true,
    ],
    [
      'a web page',
      (_, r) => void r.setHeader('content-type', 'text/html').end('<html>Log in'),
      'vendor_answer_invalid',
      'html_instead_of_json',
      false,
    ],
    [
      'a wrong content type',
      (_, r) => void r.setHeader('content-type', 'text/csv').end('a,b'),
      'vendor_answer_invalid',
      'not_json',
      false,
    ],
    ['malformed JSON', (_, r) => void r.end('{"a":b}'), 'vendor_answer_invalid', 'malformed_json', false],
    ['too many bytes', (_, r) => void r.end(`[${'1,'.repeat(1e6)}1]`), 'too_large', 'body_too_large', false],
    [
      'a gzip bomb',
      (_, r) => void r.setHeader('content-encoding', 'gzip').end(gzipSync(new Uint8Array(5e6))),
      'too_large',
      'expands_too_far',
      false,
    ],
  ];
  test.each(unreadable)('%s', async (_, script, code, problem, isTriedAgain) => {
    const { client, clock, server } = await start(script, { retry: { attempts: 2 }, maxResponseBytes: 1e6 });
    const { thrown } = await finish(clock, get(client));
    expect(thrown).toMatchObject({
      code,
      data: { problem, method: 'GET', host: server.host, path: '/ims/v1p1/users' },
    });
    expect(server.requests).toHaveLength(isTriedAgain ? 2 : 1);
  });

  test('a web page is shown by its beginning', async () => {
    const { client } = await start(
      (_, r) => void r.setHeader('content-type', 'text/html').end(`<title>Log in</title>${'x'.repeat(9999)}`),
    );
    const thrown = await get(client).catch((failure: unknown) => failure);
    expect(thrown).toMatchObject({
      data: { excerpt: expect.stringMatching(/^<title>Log in<\/title>x{479}$/) },
    });
  });

  test('a POST is not repeated when the vendor may have acted, and says so', async () => {
    const { client, clock, server } = await start((_, response) => answerJson(response, {}, { status: 502 }));
    const { thrown } = await finish(
      clock,
      client.request({ method: 'POST', path: '/results', body: { json: {} } }),
    );
    expect(thrown).toMatchObject({ code: 'vendor_unavailable', data: { effect: 'unknown' } });
    expect(server.requests).toHaveLength(1);
  });

  test('a POST is repeated when the vendor refused it with 429', async () => {
    const { client, clock, server } = await start((_, response, index) =>
      answerJson(response, {}, { status: index === 0 ? 429 : 201 }),
    );
    await finish(clock, client.request({ method: 'POST', path: '/results', body: { json: {} } }));
    expect(server.requests).toHaveLength(2);
  });

  test('a POST that is said to do no harm twice is repeated like a PUT', async () => {
    const { client, clock, server } = await start((_, response, index) =>
      answerJson(response, {}, { status: index === 0 ? 502 : 201 }),
    );
    const { result } = await finish(
      clock,
      client.request({ method: 'POST', path: '/results', body: { json: {} }, idempotent: true }),
    );
    expect(result?.status).toBe(201);
    expect(server.requests).toHaveLength(2);
  });

  test('a POST that never reached the vendor is repeated, and its effect is not in doubt', async () => {
    const { client, clock, server, attempts } = await start(() => undefined);
    await server[Symbol.asyncDispose]();
    const { thrown } = await finish(
      clock,
      client.request({ method: 'POST', path: '/results', body: { json: {} } }),
    );
    expect(thrown).toMatchObject({ code: 'gateway_unavailable', data: { problem: 'not_connected' } });
    expect(thrown).not.toHaveProperty('data.effect');
    expect(attempts).toHaveLength(5);
  });

  test('a PUT is repeated, and of a refused one the effect is not in doubt', async () => {
    const { client, clock, server } = await start((_, response, index) =>
      answerJson(response, {}, { status: index === 0 ? 500 : 422 }),
    );
    const { thrown } = await finish(
      clock,
      client.request({ method: 'PUT', path: '/results/1', body: { json: {} } }),
    );
    expect(thrown).toMatchObject({ code: 'push_rejected', data: { status: 422 } });
    expect(thrown).not.toHaveProperty('data.effect');
    expect(server.requests).toHaveLength(2);
  });

  test('an abort ends the back-off with its reason', async () => {
    const abort = new AbortController();
    const { client, clock } = await start((_, response) =>
      answerJson(response, {}, { status: 429, headers: { 'retry-after': '50' } }),
    );
    const asking = client.request({ path: '/users', signal: abort.signal });
    setTimeout(() => abort.abort(new Error('the slice is over')), 100);
    await expect(asking).rejects.toThrow('the slice is over');
    expect(clock.now()).toBe(createManualClock().now());
  });

  test('closing the client ends what is under way', async () => {
    const { client } = await start(() => undefined);
    const asking = get(client);
    setTimeout(() => void client.close(), 50);
    await expect(asking).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('a vendor that asks to wait', () => {
  const startOfTime = createManualClock().now();
  test.each([
    ['Retry-After in seconds', { 'retry-after': '20' }],
    [
      'Retry-After as a date',
      {
        'retry-after': new Date(startOfTime + 20_000).toUTCString(),
        date: new Date(startOfTime).toUTCString(),
      },
    ],
    [
      'a reset in epoch seconds',
      { 'x-ratelimit-reset': String(startOfTime / 1000 + 20), date: new Date(startOfTime).toUTCString() },
    ],
    ['a reset in seconds', { 'x-ratelimit-reset': '20' }],
  ])('is left alone for that long: %s', async (_, headers: Record<string, string>) => {
    const { client, clock } = await start((_request, response, index) =>
      answerJson(response, {}, index === 0 ? { status: 429, headers } : {}),
    );
    const { ms } = await finish(clock, get(client));
    expect(ms).toBeGreaterThanOrEqual(20_000);
    expect(ms).toBeLessThan(20_500);
  });

  test('is left alone by every request of the client', async () => {
    const at: number[] = [];
    const stage = await start(
      (_, response, index) => {
        at.push(stage.clock.now());
        answerJson(response, {}, index === 0 ? { status: 429, headers: { 'retry-after': '20' } } : {});
      },
      { limits: { requests: 1000, perSeconds: 1, concurrent: 1 } },
    );
    await finish(stage.clock, Promise.all([1, 2, 3].map(() => get(stage.client))));
    const [first = 0, ...others] = at;
    expect(others).toHaveLength(3);
    expect(Math.min(...others)).toBeGreaterThanOrEqual(first + 20_000);
  });

  test.each([
    [429, { 'retry-after': '61' }, 61_000],
    [503, { 'retry-after': '3600' }, 3_600_000],
  ])(
    'for longer than the cap (%i, %j) ends the request at once with the time to wait',
    async (status, headers: Record<string, string>, retryAfterMs) => {
      const { client, clock, server } = await start((_, response) =>
        answerJson(response, {}, { status, headers }),
      );
      await expect(get(client)).rejects.toMatchObject({
        code: 'rate_limited',
        retryAfterMs,
        data: { status },
      });
      expect(server.requests).toHaveLength(1);
      expect(clock.sleeping).toBe(0);
    },
  );

  test('gets a signature of the moment of sending, not of the moment before the wait', async () => {
    const signedAt: number[] = [];
    const stage = await start(
      (request, response, index) => {
        signedAt.push(
          Number(/oauth_timestamp="(\d+)"/.exec(request.headers.authorization ?? '')?.[1]) * 1000,
        );
        answerJson(response, {}, index === 0 ? { status: 429, headers: { 'retry-after': '30' } } : {});
      },
      {
        auth: { kind: 'oauth1', consumerKey: 'k', consumerSecret: 's', signatureMethod: 'HMAC-SHA256' },
        limits: { requests: 1000, perSeconds: 1, concurrent: 1 },
      },
    );
    await finish(stage.clock, Promise.all([get(stage.client), get(stage.client)]));
    const [first = 0, ...others] = signedAt;
    expect(others).toHaveLength(2);
    for (const later of others) expect(later).toBeGreaterThanOrEqual(first + 30_000);
  });

  test('again and again ends as rate_limited with the last wait', async () => {
    const { client, clock } = await start(
      (_, response) => answerJson(response, {}, { status: 429, headers: { 'retry-after': '5' } }),
      { retry: { attempts: 3 } },
    );
    const { thrown, ms } = await finish(clock, get(client));
    expect(thrown).toMatchObject({ code: 'rate_limited', retryAfterMs: 5000 });
    expect(ms).toBeLessThan(10_500);
  });
});
