import { describe, expect, onTestFinished, test } from 'vitest';
import { createManualClock } from '../clock/clock.manual.ts';
import { isJsonObject } from '../json/json-value.ts';
import type { AuthStyle } from './auth.ts';
import { createVendorClient } from './create-vendor-client.ts';
import { answerJson, startScriptedServer } from './scripted-server.fixture.ts';
import { finish, get, start } from './vendor-client.fixture.ts';

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
    [{ kind: 'apiKey', header: 'Authorization', prefix: 'Key ', value: 'k1' }, /^Key k1$/],
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
        failures: ({ json }) =>
          isJsonObject(json) && 'imsx_codeMajor' in json ? 'push_rejected' : undefined,
      },
    );
    const thrown = await get(client).catch((failure: unknown) => failure);
    expect(thrown).toMatchObject({ code: 'push_rejected', data: { status: 200 } });
    expect(JSON.stringify(thrown)).not.toContain('canary');
    expect(server.requests).toHaveLength(1);
  });

  test('that cannot read the body leaves it to the default one', async () => {
    const { client, clock } = await start((_, response) => void response.writeHead(502).end('<html>'), {
      failures: ({ json }) => (json === undefined ? undefined : 'internal'),
      retry: { attempts: 1 },
    });
    expect((await finish(clock, get(client))).thrown).toMatchObject({ code: 'gateway_unavailable' });
  });

  test('can make a limit of a 403, as some send it', async () => {
    const { client, clock, server } = await start(
      (_, response, index) =>
        index === 0
          ? response.writeHead(403).end('403 Forbidden (Rate Limit Exceeded)')
          : answerJson(response, {}),
      {
        failures: ({ status, text }) =>
          status === 403 && text.includes('Rate Limit Exceeded') ? 'rate_limited' : undefined,
      },
    );
    await finish(clock, get(client));
    expect(server.requests).toHaveLength(2);
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
