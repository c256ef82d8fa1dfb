import { describe, expect, onTestFinished, test } from 'vitest';
import { createManualClock } from '../clock/clock.manual.ts';
import { createAddressGuard } from './address-guard.ts';
import type { ClientCredentialsAuth } from './auth.ts';
import { answerJson, type Script, startScriptedServer } from './scripted-server.fixture.ts';
import { createTokenSource } from './token-source.ts';
import { createUndiciTransport } from './undici-transport.ts';

async function start(script: Script, auth: Partial<ClientCredentialsAuth> = {}) {
  const server = await startScriptedServer(script);
  const clock = createManualClock();
  const transport = createUndiciTransport({
    guard: createAddressGuard([server.host]),
    timeouts: { connect: 1000, headers: 1000, idle: 1000, total: 60_000 },
    maxResponseBytes: 100_000,
    connections: 4,
    clock,
  });
  onTestFinished(async () => {
    await transport.close();
    await server[Symbol.asyncDispose]();
  });
  const tokens = createTokenSource({
    auth: {
      kind: 'oauth2ClientCredentials',
      tokenUrl: `${server.url}/token`,
      clientId: 'id:1',
      clientSecret: 'canary sécret+/',
      scopes: ['a/b.readonly', 'c'],
      clientAuth: 'basic',
      ...auth,
    },
    transport,
    clock,
    retryLimits: { attempts: 3, initialDelayMs: 1, maxDelayMs: 1, maxWaitMs: 60_000 },
    signal: new AbortController().signal,
  });
  return { server, clock, tokens };
}

const issueToken: Script = (_, response, index) =>
  answerJson(response, { access_token: `token-${index}`, token_type: 'bearer', expires_in: 3600 });

describe('the token request', () => {
  test('sends id and secret form-encoded in a Basic header, and the scopes joined', async () => {
    const { server, tokens } = await start(issueToken);
    await tokens.get();
    const [request] = server.requests;
    expect(request?.method).toBe('POST');
    expect(request?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(request?.headers.authorization).toBe(`Basic ${btoa('id%3A1:canary+s%C3%A9cret%2B%2F')}`);
    expect(request?.body).toBe('grant_type=client_credentials&scope=a%2Fb.readonly%20c');
  });

  test('sends id and secret in the form where the vendor wants that, with what else it wants', async () => {
    const { server, tokens } = await start(issueToken, {
      clientAuth: 'form',
      scopes: [],
      extra: { audience: 'x' },
    });
    await tokens.get();
    const [request] = server.requests;
    expect(request?.headers.authorization).toBeUndefined();
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'id:1',
      client_secret: 'canary sécret+/',
      audience: 'x',
    });
  });
});

describe('the token', () => {
  test('is fetched once for all who ask at the same time', async () => {
    const { server, tokens } = await start(issueToken);
    const got = await Promise.all(Array.from({ length: 20 }, () => tokens.get()));
    expect(new Set(got)).toEqual(new Set(['token-0']));
    expect(server.requests).toHaveLength(1);
  });

  test.each([
    [3600, 3_540_000],
    ['3600', 3_540_000],
    [100, 90_000],
  ])('that lives for %j s is used for %i ms', async (seconds, usableMs) => {
    const { tokens, clock } = await start((_, response, index) =>
      answerJson(response, { access_token: `token-${index}`, expires_in: seconds }),
    );
    expect(await tokens.get()).toBe('token-0');
    await clock.advance(usableMs - 1);
    expect(await tokens.get()).toBe('token-0');
    await clock.advance(1);
    expect(await tokens.get()).toBe('token-1');
  });

  test.each([{}, { expires_in: null }, { expires_in: 'never' }])(
    'without a usable lifetime (%j) serves until it is refused',
    async (extra) => {
      const { tokens, clock } = await start((_, response, index) =>
        answerJson(response, { access_token: `token-${index}`, ...extra }),
      );
      expect(await tokens.get()).toBe('token-0');
      await clock.advance(1_000_000_000);
      expect(await tokens.get()).toBe('token-0');
      tokens.forget('token-0');
      expect(await tokens.get()).toBe('token-1');
    },
  );

  test('is not fetched again because many were refused the same old one', async () => {
    const { tokens, server } = await start(issueToken);
    const old = await tokens.get();
    tokens.forget(old);
    await tokens.get();
    tokens.forget(old);
    expect(await tokens.get()).toBe('token-1');
    expect(server.requests).toHaveLength(2);
  });
});

describe('a token endpoint that fails', () => {
  const cases: [string, Script, string, Record<string, unknown>, number][] = [
    [
      'invalid_client with 401',
      (_, r) => answerJson(r, { error: 'invalid_client' }, { status: 401 }),
      'credentials_rejected',
      { status: 401 },
      1,
    ],
    [
      'invalid_client with 400',
      (_, r) => answerJson(r, { error: 'invalid_client' }, { status: 400 }),
      'credentials_rejected',
      { status: 400 },
      1,
    ],
    [
      'invalid_scope',
      (_, r) => answerJson(r, { error: 'invalid_scope' }, { status: 400 }),
      'credentials_rejected',
      { status: 400 },
      1,
    ],
    ['401 without a word', (_, r) => void r.writeHead(401).end(), 'credentials_rejected', { status: 401 }, 1],
    [
      '400 for another reason',
      (_, r) => answerJson(r, { error: 'unsupported_grant_type' }, { status: 400 }),
      'vendor_answer_invalid',
      { status: 400 },
      1,
    ],
    [
      'a wrong address',
      (_, r) => void r.writeHead(404, { 'content-type': 'text/html' }).end('<h1>no'),
      'vendor_answer_invalid',
      { status: 404 },
      1,
    ],
    ['500', (_, r) => answerJson(r, {}, { status: 500 }), 'vendor_unavailable', { status: 500 }, 3],
    ['a gateway', (_, r) => void r.writeHead(502).end('<html>'), 'gateway_unavailable', { status: 502 }, 3],
    [
      'a dropped connection',
      (_, r) => void r.socket?.destroy(),
      'gateway_unavailable',
      { problem: 'connection_lost' },
      3,
    ],
    [
      'a redirect',
      (_, r) => void r.writeHead(302, { location: 'https://evil.example.com/' }).end(),
      'vendor_answer_invalid',
      { status: 302 },
      1,
    ],
    [
      'a login page',
      (_, r) => void r.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
      'vendor_answer_invalid',
      { problem: 'html_instead_of_json' },
      1,
    ],
    [
      'no token',
      (_, r) => answerJson(r, { token_type: 'bearer', id_token: 'canary' }),
      'vendor_answer_invalid',
      { problem: 'no_access_token' },
      1,
    ],
    [
      'an answer that is no object',
      (_, r) => answerJson(r, ['canary']),
      'vendor_answer_invalid',
      { problem: 'no_access_token' },
      1,
    ],
  ];
  test.each(cases)('%s', async (_, script, code, data, requests) => {
    const { tokens, server, clock } = await start(script);
    const failing = tokens.get().then(
      () => undefined,
      (thrown) => thrown,
    );
    let failure: unknown;
    void failing.then((thrown) => {
      failure = thrown;
    });
    await expect.poll(async () => (await clock.advance(1), failure), { timeout: 10_000 }).toBeDefined();
    expect(failure).toMatchObject({
      code,
      data: { ...data, step: 'token', host: server.host, path: '/token' },
    });
    expect(server.requests).toHaveLength(requests);
    expect(JSON.stringify(failure)).not.toContain('canary');
  });

  test('is asked again by the next request', async () => {
    const { tokens } = await start((request, response, index) =>
      index === 0
        ? answerJson(response, { error: 'invalid_client' }, { status: 401 })
        : issueToken(request, response, index),
    );
    await expect(tokens.get()).rejects.toMatchObject({ code: 'credentials_rejected' });
    expect(await tokens.get()).toBe('token-1');
  });

  test('that echoes the secret does not get it into the failure', async () => {
    const { tokens } = await start((request, response) =>
      answerJson(
        response,
        { error: 'invalid_client', echo: `${request.headers.authorization} canary sécret+/` },
        { status: 401 },
      ),
    );
    const failure = await tokens.get().catch((thrown: unknown) => thrown);
    const text = JSON.stringify(failure);
    expect(text).toContain('invalid_client');
    expect(text).not.toContain('canary');
    expect(text).not.toContain(btoa('id%3A1:canary+s%C3%A9cret%2B%2F'));
  });
});
