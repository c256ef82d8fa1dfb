import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createManualClock, type ManualClock } from '../clock/clock.manual.ts';
import { Failure } from '../failure/failure.ts';
import { isJsonObject, type JsonValue } from '../json/json-value.ts';
import type { AuthStyle } from './auth.ts';
import { createVendorClient } from './create-vendor-client.ts';
import type { PageCursor, Paging } from './paging.ts';
import { answerJson, type Script, type ScriptedServer, startScriptedServer } from './scripted-server.ts';
import type { AttemptReport, VendorClient, VendorClientOptions, VendorPage } from './vendor-client.ts';

interface Stage {
  readonly server: ScriptedServer;
  readonly clock: ManualClock;
  readonly client: VendorClient;
  readonly attempts: AttemptReport[];
}

async function start(script: Script, options: Partial<VendorClientOptions> = {}): Promise<Stage> {
  const server = await startScriptedServer(script);
  const clock = createManualClock();
  const attempts: AttemptReport[] = [];
  const client = createVendorClient({
    baseUrl: `${server.url}/ims/v1p1`,
    auth: { kind: 'none' },
    limits: { requests: 1000, perSeconds: 1, concurrent: 4 },
    // Real time-outs, but never the total one: it goes by the manual clock.
    timeouts: { headers: 500, idle: 500, total: 1e9 },
    allowedHosts: [server.host],
    clock,
    onAttempt: (report) => attempts.push(report),
    ...options,
  });
  onTestFinished(async () => {
    await client.close();
    await server[Symbol.asyncDispose]();
  });
  return { server, clock, client, attempts };
}

/** Moves time on in small steps until the work is done; tells its result or what it threw, and how long it took on the clock. */
async function finish<Result>(clock: ManualClock, work: Promise<Result>) {
  const from = clock.now();
  let outcome: { readonly result?: Result; readonly thrown?: unknown } | undefined;
  work.then(
    (result) => {
      outcome = { result };
    },
    (thrown) => {
      outcome = { thrown };
    },
  );
  while (outcome === undefined) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    await clock.advance(50);
  }
  return { ...outcome, ms: clock.now() - from };
}

const get = (client: VendorClient) => client.request({ path: '/users' });

const offsetPaging: Paging = {
  kind: 'offset',
  limitParameter: 'limit',
  offsetParameter: 'offset',
  pageSize: 3,
  totalHeader: 'x-total-count',
};

function usersOf(json: JsonValue): readonly JsonValue[] {
  if (isJsonObject(json) && Array.isArray(json.users)) return json.users;
  throw new Failure('vendor_answer_invalid', 'No users in the answer', { data: { problem: 'envelope' } });
}

async function fetchAll(client: VendorClient, paging: Paging): Promise<VendorPage[]> {
  const pages: VendorPage[] = [];
  let cursor: PageCursor | null = null;
  do {
    const page: VendorPage = await client.fetchPage({ path: '/users', paging, cursor, recordsOf: usersOf });
    pages.push(page);
    // As a checkpoint would keep it.
    cursor = JSON.parse(JSON.stringify(page.cursor));
  } while (cursor !== null);
  return pages;
}

describe('a request', () => {
  test('goes to the path under the base URL, with query, headers and JSON body', async () => {
    const { client, server } = await start((_, response) =>
      answerJson(response, { ok: true }, { status: 201 }),
    );
    const response = await client.request({
      method: 'PUT',
      path: '/results/r1',
      query: { filter: "a='b c'" },
      headers: { 'X-Extra': '1' },
      body: { json: { result: { score: 1 } } },
    });
    expect(response.status).toBe(201);
    expect(response.json()).toEqual({ ok: true });
    const [received] = server.requests;
    expect(received).toMatchObject({
      method: 'PUT',
      target: '/ims/v1p1/results/r1?filter=a%3D%27b%20c%27',
      body: '{"result":{"score":1}}',
    });
    expect(received?.headers).toMatchObject({
      'x-extra': '1',
      'content-type': 'application/json',
      accept: 'application/json',
    });
  });

  test('of which a status is tolerated comes back as a response', async () => {
    const { client } = await start((_, response) => void response.writeHead(404).end('gone'));
    expect((await client.request({ path: '/users/u1', tolerate: [404] })).status).toBe(404);
  });

  test('that writes takes a success without a JSON body, until it is asked for', async () => {
    const { client } = await start((_, response) => void response.writeHead(201).end());
    const response = await client.request({ method: 'PUT', path: '/x', body: { json: {} } });
    expect(() => response.json()).toThrow(
      expect.objectContaining({ data: expect.objectContaining({ problem: 'empty_body' }) }),
    );
  });

  test.each([
    [{ kind: 'bearer', token: 't1' }, /^Bearer t1$/],
    [
      { kind: 'basic', username: 'ü', password: 'p:w' },
      new RegExp(`^Basic ${Buffer.from('ü:p:w').toString('base64')}$`),
    ],
    [
      { kind: 'oauth1', consumerKey: 'k', consumerSecret: 's', signatureMethod: 'HMAC-SHA256' },
      /^OAuth oauth_consumer_key="k", .*oauth_timestamp="1767225600"/,
    ],
  ] satisfies [AuthStyle, RegExp][])('is authorized by %j', async (auth, expected) => {
    const { client, server } = await start((_, response) => answerJson(response, {}), { auth });
    await get(client);
    expect(server.requests[0]?.headers.authorization).toMatch(expected);
  });

  test('with a token that no header can carry says what to do', async () => {
    const { client, server } = await start((_, response) => answerJson(response, {}), {
      auth: { kind: 'bearer', token: 'abc\n' },
    });
    await expect(get(client)).rejects.toMatchObject({
      code: 'credentials_rejected',
      data: { problem: 'token_characters' },
    });
    expect(server.requests).toHaveLength(0);
  });
});

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

test('never more requests than declared, in any window, nor more at once', async () => {
  const at: number[] = [];
  let running = 0;
  let mostRunning = 0;
  const stage = await start(
    async (_, response) => {
      at.push(stage.clock.now());
      mostRunning = Math.max(mostRunning, ++running);
      await new Promise((resolve) => setTimeout(resolve, 2));
      running--;
      answerJson(response, {});
    },
    { limits: { requests: 5, perSeconds: 10, concurrent: 2 } },
  );
  await finish(stage.clock, Promise.all(Array.from({ length: 20 }, () => get(stage.client))));
  // The server sees a request up to one step of the clock after it was sent.
  const most = Math.max(...at.map((from) => at.filter((time) => time >= from && time < from + 9_900).length));
  expect(at).toHaveLength(20);
  expect(most).toBeLessThanOrEqual(5);
  expect(mostRunning).toBeLessThanOrEqual(2);
});

describe("a vendor's own failure table", () => {
  test('goes before the default one, also for a success with an error inside', async () => {
    const { client, server } = await start(
      (_, response) => answerJson(response, { imsx_codeMajor: 'failure', note: 'canary' }),
      {
        failures: (response) =>
          isJsonObject(response.json()) && 'imsx_codeMajor' in Object(response.json())
            ? 'push_rejected'
            : undefined,
      },
    );
    const thrown = await get(client).catch((failure: unknown) => failure);
    expect(thrown).toMatchObject({ code: 'push_rejected', data: { status: 200 } });
    expect(JSON.stringify(thrown)).not.toContain('canary');
    expect(server.requests).toHaveLength(1);
  });

  test('that cannot read the body leaves it to the default one', async () => {
    const { client, clock } = await start((_, response) => void response.writeHead(502).end('<html>'), {
      failures: (response) => (response.json() === null ? 'internal' : undefined),
      retry: { attempts: 1 },
    });
    expect((await finish(clock, get(client))).thrown).toMatchObject({ code: 'gateway_unavailable' });
  });

  test('can make a limit of a 403, as Canvas sends it', async () => {
    const { client, clock, server } = await start(
      (_, response, index) =>
        index === 0
          ? response.writeHead(403).end('403 Forbidden (Rate Limit Exceeded)')
          : answerJson(response, {}),
      {
        failures: ({ status, body }) =>
          status === 403 && Buffer.from(body).includes('Rate Limit Exceeded') ? 'rate_limited' : undefined,
      },
    );
    await finish(clock, get(client));
    expect(server.requests).toHaveLength(2);
  });
});

describe('an OAuth 2 token', () => {
  function withTokens(
    isGood: (token: string | undefined, index: number) => boolean,
    refused: Script,
  ): Script {
    let tokens = 0;
    return (request, response, index) => {
      if (request.target === '/token') return answerJson(response, { access_token: `token-${++tokens}` });
      const token = request.headers.authorization?.slice('Bearer '.length);
      if (!isGood(token, index)) return refused(request, response, index);
      const offset = Number(new URLSearchParams(request.target.split('?')[1]).get('offset'));
      answerJson(response, { users: [{ id: offset }] }, { headers: { 'x-total-count': '4' } });
    };
  }

  async function startWithTokens(
    isGood: (token: string | undefined, index: number) => boolean,
    status = 401,
  ) {
    const script = withTokens(isGood, (_, response) => answerJson(response, { error: 'no' }, { status }));
    const server = await startScriptedServer(script);
    const clock = createManualClock();
    const client = createVendorClient({
      baseUrl: server.url,
      auth: {
        kind: 'oauth2ClientCredentials',
        tokenUrl: `${server.url}/token`,
        clientId: 'i',
        clientSecret: 'secret',
        scopes: [],
        clientAuth: 'basic',
      },
      limits: { requests: 1000, perSeconds: 1, concurrent: 4 },
      timeouts: { total: 1e9 },
      allowedHosts: [server.host],
      clock,
    });
    onTestFinished(async () => {
      await client.close();
      await server[Symbol.asyncDispose]();
    });
    return {
      server,
      clock,
      client,
      tokenRequests: () => server.requests.filter(({ target }) => target === '/token').length,
    };
  }

  test('that expires in the middle of a list is renewed once, and no page is lost', async () => {
    const { client, clock, tokenRequests, server } = await startWithTokens(
      (token, index) => token === 'token-2' || index < 3,
    );
    const { result: pages } = await finish(clock, fetchAll(client, offsetPaging));
    expect(pages?.flatMap((page) => page.records)).toEqual([{ id: 0 }, { id: 1 }, { id: 2 }, { id: 3 }]);
    expect(tokenRequests()).toBe(2);
    expect(server.requests).toHaveLength(2 + 4 + 1);
  });

  test('that is refused though fresh ends in credentials_rejected, after one renewal', async () => {
    const { client, tokenRequests, server } = await startWithTokens(() => false);
    await expect(get(client)).rejects.toMatchObject({ code: 'credentials_rejected', data: { status: 401 } });
    expect(tokenRequests()).toBe(2);
    expect(server.requests).toHaveLength(4);
  });

  test('is not renewed for a 403: the right is missing, not the token', async () => {
    const { client, tokenRequests } = await startWithTokens(() => false, 403);
    await expect(get(client)).rejects.toMatchObject({ code: 'credentials_rejected', data: { status: 403 } });
    expect(tokenRequests()).toBe(1);
  });

  test('is renewed once for all requests that were refused together', async () => {
    const { client, clock, tokenRequests } = await startWithTokens((token) => token === 'token-2');
    const { result } = await finish(clock, Promise.all(Array.from({ length: 8 }, () => get(client))));
    expect(result).toHaveLength(8);
    expect(tokenRequests()).toBe(2);
  });
});

describe('pages', () => {
  const everyone = Array.from({ length: 8 }, (_, id) => ({ id }));

  function serve(headersFor: (offset: number, limit: number) => Record<string, string>, cap = 100): Script {
    return (request, response) => {
      const query = new URLSearchParams(request.target.split('?')[1]);
      const offset = Number(query.get('offset'));
      const limit = Math.min(cap, Number(query.get('limit')));
      answerJson(
        response,
        { users: everyone.slice(offset, offset + limit) },
        { headers: headersFor(offset, Number(query.get('limit'))) },
      );
    };
  }
  const linkTo = (offset: number, limit: number) =>
    offset + limit < 8
      ? {
          link: `<http://10.0.0.7/ims?offset=${offset + limit}&limit=${limit}>; rel="next", <http://10.0.0.7/ims>; rel="first"`,
        }
      : { link: '<http://10.0.0.7/ims>; rel="first"' };

  test.each([
    ['a total', serve(() => ({ 'x-total-count': '8' })), 3, 'total-reached'],
    ['links of an internal host', serve(linkTo), 3, 'no-next-link'],
    ['neither', serve(() => ({})), 4, 'empty-page'],
    ['a silent cap and a total', serve(() => ({ 'x-total-count': '8' }), 2), 4, 'total-reached'],
    ['a silent cap and neither', serve(() => ({}), 2), 5, 'empty-page'],
    [
      'everything at once, whatever is asked',
      (_, response) => answerJson(response, { users: everyone.slice(0, 2) }),
      2,
      'repeated-page',
    ],
  ] satisfies [string, Script, number, string][])(
    'are all read from a vendor with %s',
    async (_, script, count, endMarker) => {
      const { client, clock, server } = await start(script);
      const { result: pages = [] } = await finish(clock, fetchAll(client, offsetPaging));
      const expected = endMarker === 'repeated-page' ? [0, 1, 0, 1] : everyone.map(({ id }) => id);
      expect(
        pages.flatMap((page) => page.records.map((record) => isJsonObject(record) && record.id)),
      ).toEqual(expected);
      expect(pages.at(-1)?.evidence.endMarker).toBe(endMarker);
      expect(server.requests).toHaveLength(count);
      expect(server.requests[0]?.target).toBe('/ims/v1p1/users?limit=3&offset=0');
    },
  );

  test('come with the bytes as they were and the parsed body', async () => {
    const { client } = await start((_, response) => {
      response.setHeader('content-encoding', 'gzip').end(gzipSync('{"users": [ ]}'));
    });
    const page = await client.fetchPage({
      path: '/users',
      paging: { kind: 'single' },
      cursor: null,
      recordsOf: usersOf,
    });
    expect(Buffer.from(page.body).toString()).toBe('{"users": [ ]}');
    expect(page).toMatchObject({
      json: { users: [] },
      cursor: null,
      evidence: { records: 0, endMarker: 'single-page' },
    });
  });

  test('linked on the origin are followed as the links stand, and resumed from a checkpoint', async () => {
    const { client, server } = await start((request, response) => {
      const next = request.target.includes('bookmark')
        ? {}
        : { link: `<${server.url}/elsewhere?page=bookmark:x%2Fy>; rel="next"` };
      answerJson(response, { users: [{ id: request.target }] }, { headers: next });
    });
    const pages = await fetchAll(client, { kind: 'link' });
    expect(pages.flatMap((page) => page.records)).toEqual([
      { id: '/ims/v1p1/users' },
      { id: '/elsewhere?page=bookmark:x%2Fy' },
    ]);
  });

  test('linked off the origin are not followed, nor those of a cursor that was tampered with', async () => {
    const other = await startScriptedServer((_, response) => answerJson(response, { users: [] }));
    onTestFinished(() => other[Symbol.asyncDispose]());
    const { client } = await start(
      (_, response) =>
        answerJson(response, { users: [] }, { headers: { link: `<${other.url}/x>; rel="next"` } }),
      {
        auth: { kind: 'bearer', token: 'canary' },
      },
    );
    const asked = { path: '/users', paging: { kind: 'link' }, recordsOf: usersOf } as const;
    const refusal = {
      code: 'vendor_answer_invalid',
      data: { problem: 'link_off_origin', linkOrigin: other.url },
    };
    await expect(client.fetchPage({ ...asked, cursor: null })).rejects.toMatchObject(refusal);
    await expect(
      client.fetchPage({ ...asked, cursor: { kind: 'link', target: `//${other.host}/x` } }),
    ).rejects.toMatchObject(refusal);
    expect(other.requests).toHaveLength(0);
  });

  test('of a list that is not there are the wrong address, not a missing record', async () => {
    const { client } = await start((_, response) => answerJson(response, {}, { status: 404 }));
    const asked = { path: '/users', paging: offsetPaging, cursor: null, recordsOf: usersOf };
    await expect(client.fetchPage(asked)).rejects.toMatchObject({
      code: 'vendor_answer_invalid',
      data: { status: 404 },
    });
  });

  test("whose envelope is another than promised fail as the vendor's description says", async () => {
    const { client } = await start((_, response) => answerJson(response, { students: [] }));
    const asked = { path: '/users', paging: offsetPaging, cursor: null, recordsOf: usersOf };
    await expect(client.fetchPage(asked)).rejects.toMatchObject({
      data: { problem: 'envelope', path: '/ims/v1p1/users', status: 200 },
    });
  });
});

describe('redirects', () => {
  test('on the origin are followed, each signed anew', async () => {
    const { client, server } = await start(
      (request, response) =>
        request.target.startsWith('/ims')
          ? response.writeHead(307, { location: '/moved?a=1' }).end()
          : answerJson(response, { ok: 1 }),
      { auth: { kind: 'oauth1', consumerKey: 'k', consumerSecret: 's', signatureMethod: 'HMAC-SHA1' } },
    );
    expect((await get(client)).json()).toEqual({ ok: 1 });
    const [first, second] = server.requests.map(
      ({ headers }) => /oauth_signature="([^"]+)"/.exec(headers.authorization ?? '')?.[1],
    );
    expect(second).toBeDefined();
    expect(second).not.toBe(first);
  });

  test('off the origin are refused, and the credentials stay here', async () => {
    const other = await startScriptedServer((_, response) => answerJson(response, {}));
    onTestFinished(() => other[Symbol.asyncDispose]());
    const { client } = await start(
      (_, response) => void response.writeHead(302, { location: `${other.url}/x` }).end(),
      { auth: { kind: 'bearer', token: 'canary' } },
    );
    await expect(get(client)).rejects.toMatchObject({
      code: 'vendor_answer_invalid',
      data: { problem: 'redirect_off_origin', linkOrigin: other.url },
    });
    expect(other.requests).toHaveLength(0);
  });

  test('in a circle end', async () => {
    const { client, server } = await start(
      (_, response) => void response.writeHead(302, { location: '/round' }).end(),
    );
    await expect(get(client)).rejects.toMatchObject({
      code: 'vendor_answer_invalid',
      data: { problem: 'too_many_redirects' },
    });
    expect(server.requests).toHaveLength(4);
  });

  test('of a POST by 302 are refused: it would become a GET', async () => {
    const { client, server } = await start(
      (_, response) => void response.writeHead(302, { location: '/x' }).end(),
    );
    await expect(
      client.request({ method: 'POST', path: '/results', body: { json: {} } }),
    ).rejects.toMatchObject({ data: { problem: 'redirected_write' } });
    expect(server.requests).toHaveLength(1);
  });
});

describe('what may not be asked', () => {
  test.each([
    [{ requests: 0, perSeconds: 1, concurrent: 1 }],
    [{ requests: 1, perSeconds: 0, concurrent: 1 }],
    [{ requests: 1, perSeconds: 1, concurrent: 0 }],
    [{ requests: Number.NaN, perSeconds: 1, concurrent: 1 }],
  ])('limits of %j', (limits) => {
    const options = {
      baseUrl: 'https://sis.example.com',
      auth: { kind: 'none' },
      clock: createManualClock(),
      limits,
    } as const;
    expect(() => createVendorClient(options)).toThrow(expect.objectContaining({ code: 'invalid_params' }));
  });

  test('a private address that the deployment does not allow', async () => {
    const { client, server } = await start((_, response) => answerJson(response, {}), { allowedHosts: [] });
    await expect(get(client)).rejects.toMatchObject({
      code: 'config_invalid',
      data: { problem: 'scheme_not_https' },
    });
    expect(server.requests).toHaveLength(0);
  });
});

describe('secrets', () => {
  const secret = 'canary-s3cr&t/+é';
  /** What the client under test holds, so that the script can echo it in any form. */
  let planted = '';
  const styles = (url: string): AuthStyle[] => [
    { kind: 'bearer', token: 'canary-bearer&token/+' },
    { kind: 'basic', username: 'user', password: secret },
    { kind: 'oauth1', consumerKey: 'key', consumerSecret: secret, signatureMethod: 'HMAC-SHA1' },
    {
      kind: 'oauth2ClientCredentials',
      tokenUrl: `${url}/token`,
      clientId: 'id',
      clientSecret: secret,
      scopes: [],
      clientAuth: 'basic',
    },
    {
      kind: 'oauth2ClientCredentials',
      tokenUrl: `${url}/token`,
      clientId: 'id',
      clientSecret: secret,
      scopes: [],
      clientAuth: 'form',
    },
  ];
  /** Every way to fail, with an echo of the whole request wherever an answer has room for it. */
  const echoes: [string, Script][] = [
    ...[400, 401, 403, 404, 413, 422, 429, 500, 502, 503].map((status): [string, Script] => [
      `${status}`,
      (request, response) =>
        void response
          .writeHead(status, { 'content-type': 'text/plain' })
          .end(`${inspect(request, { breakLength: 1e9 })} ${planted} ${encodeURIComponent(planted)}`),
    ]),
    ['JSON that echoes', (request, response) => answerJson(response, { request, planted }, { status: 400 })],
    [
      'a web page',
      (request, response) =>
        void response.setHeader('content-type', 'text/html').end(`<pre>${inspect(request)}`),
    ],
    ['cut-off JSON', (request, response) => void response.end(`{"a":"${request.headers.authorization}`)],
    ['malformed JSON', (request, response) => void response.end(`{${request.headers.authorization}}`)],
    ['a lost connection', (_, response) => void response.socket?.destroy()],
    [
      'a redirect elsewhere',
      (request, response) =>
        void response
          .writeHead(302, {
            location: `https://evil.example.com/?a=${encodeURIComponent(request.headers.authorization ?? '')}`,
          })
          .end(),
    ],
    ['not HTTP', (request, response) => void response.socket?.end(`${request.headers.authorization}\r\n`)],
    [
      'a gzip body that is none',
      (request, response) =>
        void response.setHeader('content-encoding', 'gzip').end(`${request.headers.authorization}`),
    ],
  ];

  test.each(echoes)('are in no failure and no report when the vendor answers with %s', async (_, script) => {
    for (const isTokenGood of [true, false]) {
      const { server } = await start((request, response, index) =>
        request.target === '/token' && isTokenGood
          ? answerJson(response, { access_token: 'canary-access-token' })
          : script(request, response, index),
      );
      for (const auth of styles(server.url)) {
        planted = auth.kind === 'bearer' ? auth.token : secret;
        const attempts: AttemptReport[] = [];
        const clock = createManualClock();
        const client = createVendorClient({
          baseUrl: server.url,
          auth,
          limits: { requests: 1000, perSeconds: 1, concurrent: 1 },
          timeouts: { total: 1e9 },
          retry: { attempts: 2, initialDelayMs: 1 },
          allowedHosts: [server.host],
          clock,
          onAttempt: (report) => attempts.push(report),
        });
        const { thrown } = await finish(clock, get(client));
        await client.close();
        expect(thrown).toBeInstanceOf(Failure);
        const sent = server.requests.flatMap(({ headers, body }) => [
          headers.authorization ?? '',
          headers.authorization?.split(' ')[1] ?? '',
          body,
        ]);
        const written = `${JSON.stringify(thrown)} ${inspect(thrown, { depth: 20, showHidden: true })} ${JSON.stringify(attempts)}`;
        for (const kept of [
          'canary',
          's3cr',
          ...sent.filter(
            (text) =>
              text.length > 8 &&
              !text.startsWith('grant_type=client_credentials') &&
              !text.startsWith('oauth_consumer_key'),
          ),
        ]) {
          expect(written).not.toContain(kept);
        }
      }
    }
  });
});
