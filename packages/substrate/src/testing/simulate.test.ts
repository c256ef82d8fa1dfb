import { afterEach, describe, expect, test } from 'vitest';
import { isFailure } from '../failure/failure.ts';
import { type SimulateOptions, type Simulator, simulate } from './simulate.ts';
import type { SimulatedRequest, SimulatedResponse } from './simulator/exchange.ts';
import type { RecordEdit } from './simulator/record-edit.ts';

const things = Array.from({ length: 25 }, (_, at) => ({ id: `t${at + 1}` }));
const opened: Simulator[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((simulator) => simulator.close()));
});

interface Opened {
  readonly simulator: Simulator;
  readonly edits: RecordEdit[];
  get(path: string, init?: RequestInit): Promise<Response>;
  admin(method: string, path: string, body?: unknown): Promise<Response>;
}

/** A vendor with pages of ten things, under the bearer token `good` until it is expired. */
async function open(options: Partial<SimulateOptions> = {}): Promise<Opened> {
  const edits: RecordEdit[] = [];
  let token = 'Bearer good';
  const pageOf = (request: SimulatedRequest): number => Number(request.query.get('page') ?? 1);
  const problem: SimulateOptions['problem'] = ({ status, description }) => ({
    status,
    json: { oops: description },
  });
  const simulator = simulate({
    routes: {
      'GET /v1/things': (request): SimulatedResponse => ({
        status: 200,
        headers: { 'X-Total': '25', 'X-Page': String(pageOf(request)) },
        page: {
          records: things.slice(10 * (pageOf(request) - 1), 10 * pageOf(request)),
          wrap: (data) => ({ data }),
        },
      }),
      'GET /v1/things/:id': (request) => ({ status: 200, json: { id: request.params.id ?? '' } }),
      'GET /v1/things/first': () => ({ status: 200, json: { first: true } }),
      'PUT /v1/things/:id': (request) => ({ status: 201, json: { got: request.body } }),
      'DELETE /v1/things/:id': () => ({ status: 204 }),
      'GET /v1/broken': () => {
        throw new Error('a bug of the simulator');
      },
      'GET /open': () => ({ status: 200, text: 'hello' }),
    },
    openRoutes: ['GET /open'],
    authenticate: (request) =>
      request.headers.authorization === token
        ? undefined
        : problem({ status: 401, description: 'who?' }, request),
    expireToken: () => {
      token = 'Bearer better';
    },
    problem,
    pageOf,
    previousPage: (request) => ({
      ...request,
      query: new URLSearchParams({ page: String(pageOf(request) - 1) }),
    }),
    edit: (received) => {
      edits.push(...received);
      return { edited: received.length };
    },
    adminToken: 'secret',
    ...options,
  });
  opened.push(simulator);
  const origin = await simulator.listen();
  return {
    simulator,
    edits,
    get: (path, init) => fetch(origin + path, { headers: { Authorization: 'Bearer good' }, ...init }),
    admin: (method, path, body) =>
      fetch(origin + path, {
        method,
        headers: { Authorization: 'Bearer secret' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  };
}

async function ids(response: Response): Promise<readonly string[]> {
  const { data } = (await response.json()) as { data: { id: string }[] };
  return data.map(({ id }) => id);
}

describe('a simulated vendor', () => {
  test('answers its routes, a literal segment before a parameter, parameters decoded', async () => {
    const { get } = await open();

    expect(await (await get('/v1/things/a%2Fb')).json()).toEqual({ id: 'a/b' });
    expect(await (await get('/v1/things/first')).json()).toEqual({ first: true });
    expect(await (await get('/v1/things/x', { method: 'PUT', body: 'ü' })).json()).toEqual({ got: 'ü' });
    expect((await get('/v1/things/x', { method: 'DELETE' })).status).toBe(204);
  });

  test('answers an unknown path with 404, a wrong method with 405 and Allow, in its own shape', async () => {
    const { get } = await open();

    const unknown = await get('/v1/nothing');
    const wrong = await get('/v1/things/1', { method: 'POST' });
    const undecodable = await get('/v1/things/%E0%A4%A');

    expect([unknown.status, await unknown.json()]).toEqual([404, { oops: 'No such resource' }]);
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, PUT, DELETE']);
    expect(await wrong.json()).toEqual({ oops: 'POST is not supported here' });
    expect(undecodable.status).toBe(404);
  });

  test('answers HEAD as GET without the body', async () => {
    const { get } = await open();

    const response = await get('/v1/things', { method: 'HEAD' });

    expect([response.status, response.headers.get('x-total'), await response.text()]).toEqual([
      200,
      '25',
      '',
    ]);
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(100);
  });

  test('refuses who does not authenticate, except on open routes, and logs whether each request was let in', async () => {
    const { simulator, get } = await open();

    const stranger = { headers: { Authorization: 'Bearer bad' } };
    expect((await get('/v1/things', stranger)).status).toBe(401);
    expect((await get('/v1/nothing', stranger)).status).toBe(401);
    expect(await (await get('/open', stranger)).text()).toBe('hello');
    expect((await get('/v1/things?page=2')).status).toBe(200);

    expect(
      simulator
        .requests()
        .map((entry) => [entry.path, entry.query, entry.page, entry.status, entry.authorised]),
    ).toEqual([
      ['/v1/things', '', 1, 401, false],
      ['/v1/nothing', '', 1, 401, false],
      ['/open', '', 1, 200, true],
      ['/v1/things', 'page=2', 2, 200, true],
    ]);
    expect(simulator.requests('GET /things page=2')).toHaveLength(1);
    expect(simulator.unusedRoutes()).not.toContain('GET /open');
    expect(simulator.unusedRoutes()).toContain('PUT /v1/things/:id');
  });

  test('a bug in a route is a 500 whose cause stands in the log', async () => {
    const { simulator, get } = await open();

    expect((await get('/v1/broken')).status).toBe(500);
    expect(simulator.requests()[0]?.error).toContain('a bug of the simulator');
  });

  test('refuses a body that is too large in its own shape', async () => {
    const { get } = await open();

    const response = await get('/v1/things/x', { method: 'PUT', body: 'x'.repeat(9 * 1024 * 1024) });

    expect([response.status, await response.json()]).toEqual([
      413,
      { oops: 'The request body is too large' },
    ]);
  });

  test('has no address before it listens, and closes twice without complaint', async () => {
    const { simulator } = await open();
    const silent = simulate({ routes: {}, authenticate: () => undefined, problem: () => ({ status: 500 }) });

    expect(() => silent.origin).toThrow('not listening');
    await silent.close();
    await simulator.close();
    await simulator.close();
  });
});

describe('a fault', () => {
  test("of a status has the vendor's shape and each form of Retry-After", async () => {
    const { get } = await open({
      faults: [
        'GET /things: 429 retry-after=2',
        'GET /things: 503 retry-after-date=60',
        'GET /things: 429 rate-limit-reset=60',
      ],
    });
    const soon = Date.now() / 1000 + 50;

    const [seconds, date, reset, after] = [
      await get('/v1/things'),
      await get('/v1/things'),
      await get('/v1/things'),
      await get('/v1/things'),
    ];

    expect([seconds.status, seconds.headers.get('retry-after')]).toEqual([429, '2']);
    expect(await seconds.json()).toEqual({ oops: 'Fault injected by the simulator' });
    expect(date.status).toBe(503);
    expect(Date.parse(date.headers.get('retry-after') ?? '') / 1000).toBeGreaterThan(soon);
    expect(Number(reset.headers.get('x-ratelimit-reset'))).toBeGreaterThan(soon);
    expect(after.status).toBe(200);
  });

  test('truncate sends half a body as if it were all', async () => {
    const { get } = await open({ faults: ['GET /things: truncate'] });

    const text = await (await get('/v1/things')).text();

    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect(text).toMatch(/^\{"data":\[\{"id":"t1"\}/);
  });

  test.each(['cut', 'reset'])('%s breaks the connection', async (action) => {
    const { get } = await open({ faults: [`GET /things: ${action}`] });

    await expect(get('/v1/things').then((response) => response.text())).rejects.toThrow();
    expect((await get('/v1/things')).status).toBe(200);
  });

  test('cut loses an answer without a body, though what was asked is done', async () => {
    const { simulator, get } = await open({ faults: ['DELETE /things/t1: cut'] });

    await expect(get('/v1/things/t1', { method: 'DELETE' })).rejects.toThrow();
    expect(simulator.requests('DELETE /things/t1').map(({ status }) => status)).toEqual([204]);
  });

  test('hang never answers, is logged as hung, and does not keep the simulator from closing', async () => {
    const { simulator, get } = await open({ faults: ['GET /things: hang'] });

    await expect(get('/v1/things', { signal: AbortSignal.timeout(100) })).rejects.toThrow('timeout');
    const hanging = expect(get('/v1/things').then(() => get('/never'))).rejects.toThrow();
    simulator.addFault('GET /never: hang');
    await expect.poll(() => simulator.requests().map((entry) => entry.status)).toEqual(['hung', 200, 'hung']);
    await simulator.close();
    await hanging;
  });

  test('html answers a page instead of data', async () => {
    const { get } = await open({ faults: ['GET /things: html 502'] });

    const response = await get('/v1/things');

    expect([response.status, response.headers.get('content-type')]).toEqual([
      502,
      'text/html; charset=utf-8',
    ]);
    expect(await response.text()).toContain('<html>');
  });

  test('delay waits, and closing ends the wait', async () => {
    const { simulator, get } = await open({ faults: ['GET /things: delay=80ms'] });

    const before = performance.now();
    expect((await get('/v1/things')).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(75);
    simulator.addFault('GET /things: delay=60s');
    const waiting = expect(get('/v1/things')).rejects.toThrow();
    await expect.poll(() => simulator.faults()[1]?.struck).toBe(1);
    await simulator.close();
    await waiting;
  });

  test('duplicate-page sends the records of the page before under the headers of this one', async () => {
    const { get } = await open({ faults: ['GET /things: duplicate-page'] });

    const one = await get('/v1/things?page=1');
    const two = await get('/v1/things?page=2');

    expect((await ids(one))[0]).toBe('t1');
    expect(two.headers.get('x-page')).toBe('2');
    expect((await ids(two))[0]).toBe('t1');
  });

  test('drop-records sends fewer records than announced', async () => {
    const { get } = await open({ faults: ['GET /things page=3: drop-records=2'] });

    const response = await get('/v1/things?page=3');

    expect(response.headers.get('x-total')).toBe('25');
    expect(await ids(response)).toEqual(['t21', 't22', 't23']);
  });

  test('wrong-content-type labels the right body wrongly', async () => {
    const { get } = await open({ faults: ['GET /things: wrong-content-type'] });

    const response = await get('/v1/things');

    expect(response.headers.get('content-type')).toBe('text/plain');
    expect(await ids(response)).toHaveLength(10);
  });

  test('expire-token makes the token invalid from this request on', async () => {
    const { get } = await open({ faults: ['GET /things page=2: expire-token'] });

    const statuses = [];
    for (const page of [1, 2, 3]) statuses.push((await get(`/v1/things?page=${page}`)).status);

    expect(statuses).toEqual([200, 401, 401]);
  });
});

describe('the admin endpoint', () => {
  test('is shut without its token and names its calls', async () => {
    const { simulator, get, admin } = await open();

    expect((await get('/admin/faults')).status).toBe(401);
    expect((await admin('GET', '/admin/nothing')).status).toBe(404);
    expect(simulator.requests()).toEqual([]);
  });

  test("leaves the vendor's own paths below /admin to the vendor", async () => {
    const { get, simulator } = await open({
      routes: { 'GET /admin/offers': () => ({ status: 200, json: { own: true } }) },
    });

    expect(await (await get('/admin/offers')).json()).toEqual({ own: true });
    expect(simulator.requests()).toHaveLength(1);
    expect((await get('/admin/faults')).status).toBe(401);
  });

  test('adds, lists and clears faults while the vendor runs', async () => {
    const { get, admin } = await open();

    const added = await admin('POST', '/admin/faults', { fault: 'GET /things: 500' });
    const refused = await admin('POST', '/admin/faults', { fault: 'GET /things: explode' });

    expect(await added.json()).toEqual({ faults: [{ line: 'GET /things: 500', struck: 0, left: 1 }] });
    expect([refused.status, ((await refused.json()) as { data: object }).data]).toEqual([
      400,
      expect.objectContaining({ found: 'explode' }),
    ]);
    expect((await get('/v1/things')).status).toBe(500);
    await admin('POST', '/admin/faults', { fault: 'GET /things: 500' });
    await admin('DELETE', '/admin/faults');
    expect((await get('/v1/things')).status).toBe(200);
  });

  test('reads and clears the request log', async () => {
    const { get, admin } = await open();
    await get('/v1/things?page=2');
    await get('/v1/things/first');

    const pattern = encodeURIComponent('GET /things');
    const listed = (await (await admin('GET', `/admin/requests?pattern=${pattern}`)).json()) as Record<
      string,
      unknown
    >;
    await admin('DELETE', '/admin/requests');

    expect(listed).toMatchObject({
      total: 2,
      requests: [{ number: 1, path: '/v1/things', page: 2, status: 200 }],
    });
    expect(await (await admin('GET', '/admin/requests')).json()).toEqual({ total: 0, requests: [] });
  });

  test('hands edits to the vendor, and refuses what is no edit by its pointer', async () => {
    const { edits, admin } = await open();

    const put = { collection: 'things', op: 'put', id: 't1', record: { id: 't1' } };
    const accepted = await admin('POST', '/admin/edit', {
      edits: [put, { collection: 'things', op: 'remove', id: 't2' }],
    });
    const refused = await admin('POST', '/admin/edit', {
      edits: [put, { collection: 'things', op: 'put', id: 't2' }],
    });
    const none = await admin('POST', '/admin/edit', [put]);

    expect(await accepted.json()).toEqual({ edited: 2 });
    expect(edits).toEqual([put, { collection: 'things', op: 'remove', id: 't2' }]);
    expect([refused.status, ((await refused.json()) as { data: object }).data]).toEqual([
      400,
      { pointer: '/edits/1/record', expected: 'the whole record' },
    ]);
    expect(none.status).toBe(400);
  });

  test('a port that is taken is a clear error', async () => {
    const { simulator } = await open();
    const second = simulate({ routes: {}, authenticate: () => undefined, problem: () => ({ status: 500 }) });

    const port = Number(new URL(simulator.origin).port);
    const thrown: unknown = await second.listen(port).catch((error: unknown) => error);

    expect(isFailure(thrown, 'config_invalid') && thrown.data).toEqual({ host: '127.0.0.1', port });
  });
});
