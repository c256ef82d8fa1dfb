import { describe, expect, test } from 'vitest';
import { deriveToken } from '../authenticate.local.ts';
import { fleetToken, openDashboard, pagesOrigin } from '../dashboard.fixture.ts';

const ana = { name: 'Ana', role: 'viewer' } as const;
const ours = { 'sec-fetch-site': 'same-origin' };

type Dashboard = Awaited<ReturnType<typeof openDashboard>>;

async function postCode(
  { url, links }: Dashboard,
  headers: Record<string, string>,
  body?: string,
): Promise<Response> {
  const code = links.create(ana).url.split('#')[1];
  return await fetch(`${url}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: body ?? JSON.stringify({ code }),
  });
}

describe('POST /session', () => {
  test('signs in with a cookie that no script reads and no other site sends, and that ends after twelve hours', async () => {
    const dashboard = await openDashboard();

    const response = await postCode(dashboard, ours);

    expect([response.status, await response.text()]).toEqual([204, '']);
    const [pair, ...attributes] = (response.headers.get('set-cookie') ?? '').split('; ');
    expect(pair?.split('=')[0]).toBe(dashboard.links.cookie.name);
    expect(attributes.filter((one) => !one.startsWith('Expires='))).toEqual([
      'Max-Age=43200',
      'Path=/',
      'HttpOnly',
      'SameSite=Strict',
    ]);
    const answer = await dashboard.ask({ cookie: pair ?? '', ...ours });
    expect(await answer.json()).toMatchObject({ result: { ...ana, signedInBy: 'link' } });
  });

  test.each([{ code: 'x' }, { code: 'A'.repeat(43) }])(
    'answers 401 to %j, and logs that it was tried but not with what',
    async (body) => {
      const dashboard = await openDashboard();

      const response = await postCode(dashboard, ours, JSON.stringify(body));

      expect(response.status).toBe(401);
      expect(response.headers.get('set-cookie')).toBeNull();
      // What a program does about it is no advice for people.
      const advice = expect.stringContaining('another one');
      expect(await response.json()).toMatchObject({ error: { data: { code: 'unauthenticated', advice } } });
      expect(dashboard.logged()).toContain('not valid');
      expect(dashboard.logged()).not.toContain(body.code.repeat(3));
    },
  );

  test.each([
    '',
    'nope',
    '[]',
    '{}',
    '{"code":7}',
    '{"code":""}',
    '{"code":"x","role":"admin"}',
    `"${'x'.repeat(300)}"`,
  ])('answers 400 to the body %j', async (body) => {
    const response = await postCode(await openDashboard(), ours, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { data: { code: 'invalid_params' } } });
  });

  test('takes no form, and no body that is large', async () => {
    const dashboard = await openDashboard();
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data'])
      expect((await postCode(dashboard, { ...ours, 'content-type': type })).status).toBe(415);
    expect((await postCode(dashboard, ours, 'x'.repeat(5_000))).status).toBe(413);
  });

  test.each(['GET', 'PUT', 'HEAD'])('leaves %s to nobody', async (method) => {
    const { url } = await openDashboard({ files: { 'index.html': 'page' } });
    const response = await fetch(`${url}/session`, { method, headers: ours });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST, DELETE']);
  });
});

describe('DELETE /session', () => {
  test('signs out: the cookie goes, and what was copied of it is worth nothing', async () => {
    const dashboard = await openDashboard();
    const cookie = await dashboard.signIn(ana);

    const response = await fetch(`${dashboard.url}/session`, {
      method: 'DELETE',
      headers: { cookie, ...ours },
    });

    expect(response.status).toBe(204);
    expect(response.headers.get('set-cookie')).toMatch(
      /^flotilla-[0-9a-f]{8}=; Path=\/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Strict$/,
    );
    expect((await dashboard.ask({ cookie, ...ours })).status).toBe(401);
  });

  test('of somebody who is not signed in is no fault', async () => {
    const { url } = await openDashboard();
    expect((await fetch(`${url}/session`, { method: 'DELETE', headers: ours })).status).toBe(204);
  });
});

/** What a browser says of a request that a page of somebody else made it send. */
const foreign: readonly (readonly [string, Record<string, string>])[] = [
  ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
  ['another port of this machine', { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:9999' }],
  ['the address bar', { 'sec-fetch-site': 'none' }],
  ['another site, in an old browser', { origin: 'https://evil.example' }],
  ['another port, in an old browser', { origin: 'http://127.0.0.1:9999' }],
  ['a frame without an origin', { origin: 'null' }],
  ['another site that names ours', { 'sec-fetch-site': 'cross-site', origin: pagesOrigin }],
  ['nobody knows whom', {}],
];

describe('a cookie that comes along with what another page asks for', () => {
  test.each(foreign)('counts for nothing: %s', async (_name, headers) => {
    const dashboard = await openDashboard();
    const cookie = await dashboard.signIn({ name: 'Ana', role: 'admin' });

    const answers = [
      await dashboard.ask({ cookie, ...headers }),
      await postCode(dashboard, { cookie, ...headers }),
      await fetch(`${dashboard.url}/session`, { method: 'DELETE', headers: { cookie, ...headers } }),
    ];

    for (const answer of answers) {
      expect(answer.status).toBe(403);
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect(await answer.json()).toMatchObject({ error: { data: { code: 'forbidden' } } });
    }
    expect((await dashboard.ask({ cookie, ...ours })).status).toBe(200);
  });

  test('counts in an old browser by its Origin, which is ours', async () => {
    const dashboard = await openDashboard();
    const cookie = await dashboard.signIn(ana);
    expect((await dashboard.ask({ cookie, origin: pagesOrigin })).status).toBe(200);
  });

  test('counts only for JSON, which no form can send', async () => {
    const dashboard = await openDashboard();
    const cookie = await dashboard.signIn(ana);
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x'])
      expect((await dashboard.ask({ cookie, ...ours, 'content-type': type })).status).toBe(415);
  });

  test('is not looked at beside a token, which no page sends by itself', async () => {
    const dashboard = await openDashboard();
    const cookie = await dashboard.signIn(ana);
    const ask = async (token: string) => await dashboard.ask({ cookie, authorization: `Bearer ${token}` });
    expect(await (await ask(fleetToken)).json()).toMatchObject({ result: { name: 'local admin' } });
    expect((await ask('wrong')).status).toBe(401);
  });

  test('opens no door of machines', async () => {
    const dashboard = await openDashboard();
    const headers = { cookie: await dashboard.signIn({ name: 'Ana', role: 'admin' }), ...ours };
    const init = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: '{}' };
    expect((await fetch(`${dashboard.url}/tasks/slice`, init)).status).toBe(403);
    expect((await fetch(`${dashboard.url}/push/changes`, init)).status).toBe(403);
    const task = {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${deriveToken(fleetToken, 'tasks')}` },
    };
    expect((await fetch(`${dashboard.url}/tasks/slice`, task)).status).toBe(204);
  });

  test('is worth nothing when it has run out or is of another fleet', async () => {
    const dashboard = await openDashboard();
    const cookie = await dashboard.signIn(ana);
    const { name } = dashboard.links.cookie;
    expect((await dashboard.ask({ cookie: `${name}=eyJhbGciOiJIUzI1NiJ9.e30.AAAA`, ...ours })).status).toBe(
      401,
    );
    await dashboard.clock.advance(12 * 3_600_000);
    const response = await dashboard.ask({ cookie, ...ours });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: { data: { code: 'unauthenticated' } } });
  });
});

test('where Identity-Aware Proxy signs people in, there is no session to begin or to end', async () => {
  const people = { find: () => undefined, identify: () => Promise.reject(new Error('nobody')) };
  const dashboard = await openDashboard({ people });
  expect((await postCode(dashboard, ours)).status).toBe(404);
});
