import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createManualClock } from '../clock/clock.manual.ts';
import type { JwtBearerAuth, RefreshTokenAuth, TokenAuth, TokenExchangeAuth } from './auth.ts';
import { answerJson, type Script } from './scripted-server.fixture.ts';
import { createTokenEndpoint, robotKey, tokenStyles } from './token-endpoint.fixture.ts';
import { fetchAll, finish, get, offsetPaging, start } from './vendor-client.fixture.ts';

/** An API of four users, a page each, behind the strict endpoint. It takes the tokens that `isGood` says. */
async function startApi(
  style: (url: string) => TokenAuth,
  isGood: (token: string, index: number) => boolean = () => true,
) {
  const stage = await start(
    (request, response, index) => {
      if (!request.target.startsWith('/ims')) return endpoint(request, response, index);
      const token = request.headers.authorization?.slice('Bearer '.length) ?? '';
      if (!isGood(token, index)) return answerJson(response, { error: 'no' }, { status: 401 });
      const offset = Number(new URLSearchParams(request.target.split('?')[1]).get('offset'));
      answerJson(response, { users: [{ id: offset }] }, { headers: { 'x-total-count': '4' } });
    },
    ({ url }) => ({ auth: style(url) }),
  );
  const endpoint = createTokenEndpoint(() => stage.clock.now());
  const tokens = () => stage.server.requests.filter(({ target }) => !target.startsWith('/ims'));
  return { ...stage, tokens };
}

describe.each(Object.entries(tokenStyles))('a token by %s', (_, style: (url: string) => TokenAuth) => {
  test('is had from an endpoint that goes by the RFCs, once for all who need it', async () => {
    const { client, clock, server, tokens } = await startApi(style);
    const { result } = await finish(clock, Promise.all([1, 2, 3, 4].map(() => get(client))));
    expect(result).toHaveLength(4);
    expect(tokens()).toHaveLength(1);
    const sent = server.requests.filter(({ target }) => target.startsWith('/ims'));
    expect(sent.map(({ headers }) => headers.authorization)).toEqual(Array(4).fill('Bearer token-1'));
  });

  test('is used until shortly before it expires, and then replaced', async () => {
    const { client, clock, tokens } = await startApi(style);
    // Nothing here waits on the clock, so that it stands exactly where it is put.
    await get(client);
    await clock.advance(3_540_000 - 1000);
    await get(client);
    expect(tokens()).toHaveLength(1);
    await clock.advance(1000);
    await get(client);
    expect(tokens()).toHaveLength(2);
  });

  test('that is refused in the middle of a list is renewed once, and no page is lost', async () => {
    const { client, clock, tokens } = await startApi(
      style,
      (token, index) => token === 'token-2' || index < 3,
    );
    const { result: pages } = await finish(clock, fetchAll(client, offsetPaging));
    expect(pages?.flatMap((page) => page.records)).toEqual([0, 1, 2, 3].map((id) => ({ id })));
    expect(tokens()).toHaveLength(2);
  });

  test('that is refused though fresh ends in credentials_rejected, after one renewal', async () => {
    const { client, tokens } = await startApi(style, () => false);
    await expect(get(client)).rejects.toMatchObject({ code: 'credentials_rejected', data: { status: 401 } });
    expect(tokens()).toHaveLength(2);
  });
});

async function thrownWith(auth: (url: string) => TokenAuth, script: Script): Promise<unknown> {
  const { client } = await start(script, ({ url }) => ({ auth: auth(url), retry: { attempts: 1 } }));
  return await get(client).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
}

describe('a refresh token', () => {
  const style = (more: Partial<RefreshTokenAuth>) => (url: string) => ({
    ...tokenStyles.refreshToken(url),
    ...more,
  });

  test('goes with id and secret in a Basic header where the vendor wants that', async () => {
    const { client, tokens } = await startApi(style({ clientAuth: 'basic' }));
    await get(client);
    expect(Object.fromEntries(new URLSearchParams(tokens()[0]?.body))).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'canary-refresh+/',
    });
  });

  test('goes as JSON to a vendor that wants that, and the token is taken from where it stands', async () => {
    const { client, server } = await start(
      (request, response) =>
        answerJson(
          response,
          request.target === '/token'
            ? { $data: { access_token: 't', refresh_token: 'canary-refresh+/' } }
            : {},
        ),
      ({ url }) => ({ auth: style({ sendAs: 'json', answerIn: '/$data', scopes: ['a', 'b'] })(url) }),
    );
    await get(client);
    const [asked, used] = server.requests;
    expect(asked?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(asked?.body ?? '')).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'canary-refresh+/',
      scope: 'a b',
      client_id: 'client:1',
      client_secret: 'canary+/ sécret',
    });
    expect(used?.headers.authorization).toBe('Bearer t');
  });

  test('that the vendor replaces is refused at once, because the new one would be lost', async () => {
    const thrown = await thrownWith(style({}), (_, response) =>
      answerJson(response, { access_token: 'canary-t', refresh_token: 'canary-new' }),
    );
    expect(thrown).toMatchObject({
      code: 'vendor_answer_invalid',
      data: { problem: 'refresh_token_rotated', step: 'token' },
    });
    expect(JSON.stringify(thrown)).not.toContain('canary');
  });

  test('that was withdrawn is a matter of credentials', async () => {
    const thrown = await thrownWith(
      style({ refreshToken: 'canary-old' }),
      createTokenEndpoint(() => 0),
    );
    expect(thrown).toMatchObject({ code: 'credentials_rejected', data: { status: 400, step: 'token' } });
  });
});

describe('an assertion', () => {
  const style = (more: Partial<JwtBearerAuth>) => (url: string) => ({
    ...tokenStyles.jwtBearer(url),
    ...more,
  });

  test('is signed by a key whose line breaks are written as in a key file', async () => {
    const privateKey = robotKey.privateKey.replaceAll('\n', String.raw`\n`);
    const { client, tokens } = await startApi(style({ privateKey }));
    await get(client);
    expect(tokens()).toHaveLength(1);
  });

  const short = generateKeyPairSync('rsa', {
    modulusLength: 1024,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const curve = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  test.each([
    ['nothing', ''],
    ['half a key', robotKey.privateKey.slice(0, 800)],
    ['a public key', robotKey.publicKey],
    ['a key that is too short', short.privateKey],
    ['a key of another kind', curve.privateKey],
  ])('is not made of %s: it says what to enter', async (_, privateKey) => {
    const thrown = await thrownWith(style({ privateKey }), () => undefined);
    expect(thrown).toMatchObject({ code: 'credentials_rejected', data: { problem: 'private_key' } });
    if (privateKey !== '') expect(JSON.stringify(thrown)).not.toContain(privateKey.slice(40, 80));
  });

  test('and its key are in no failure, whatever the endpoint echoes', async () => {
    const sent: string[] = [];
    const thrown = await thrownWith(style({}), (request, response) => {
      const assertion = new URLSearchParams(request.body).get('assertion') ?? '';
      sent.push(assertion);
      const lines = robotKey.privateKey.replaceAll('\n', ' ');
      const echo = `${assertion} ${robotKey.privateKey} ${JSON.stringify(robotKey)} ${lines} ${inspect(request)}`;
      response.writeHead(400, { 'content-type': 'text/plain' }).end(echo);
    });
    const written = JSON.stringify(thrown) + inspect(thrown, { depth: 20, showHidden: true });
    expect(thrown).toMatchObject({ code: 'vendor_answer_invalid', data: { status: 400 } });
    const [assertion = 'none'] = sent;
    for (const piece of [assertion, assertion.slice(-40), robotKey.privateKey.split('\n')[3] ?? 'none'])
      expect(written).not.toContain(piece);
  });

  test('for another audience, or without the delegation, is refused as the endpoint says', async () => {
    for (const wrong of [{ audience: 'https://other.example.com' }, { subject: 'somebody@else' }]) {
      const now = createManualClock().now();
      const thrown = await thrownWith(
        style(wrong),
        createTokenEndpoint(() => now),
      );
      expect(thrown).toMatchObject({ code: 'credentials_rejected', data: { status: 400, step: 'token' } });
    }
  });
});

describe('a token that is exchanged for a key', () => {
  const style = (more: Partial<TokenExchangeAuth>) => (url: string) => ({
    ...tokenStyles.tokenExchange(url),
    ...more,
  });

  test.each([
    ['the whole text', undefined, 'eyJh.eyJi.c_-\n'],
    ['the whole text in quotes', undefined, '"eyJh.eyJi.c_-"'],
    ['a member', '/data/0/access_token', '{"data":[{"access_token":"eyJh.eyJi.c_-"}]}'],
  ])('is %s of the answer', async (_, tokenIn, answer) => {
    const { client, server } = await start(
      (request, response) => response.end(request.target.startsWith('/ims') ? '{}' : answer),
      ({ url }) => ({ auth: style(tokenIn === undefined ? {} : { tokenIn, method: 'GET' })(url) }),
    );
    await get(client);
    expect(server.requests[0]?.method).toBe(tokenIn === undefined ? 'POST' : 'GET');
    expect(server.requests[1]?.headers.authorization).toBe('Bearer eyJh.eyJi.c_-');
  });

  test.each([
    ['a web page', undefined, '<html>canary'],
    ['nothing', undefined, ''],
    ['an object where the text was due', undefined, '{"token":"canary"}'],
    ['another shape', '/data/0/access_token', '{"data":[]}'],
    ['a number', '/token', '{"token":1}'],
  ])('is not %s', async (_, tokenIn, answer) => {
    const thrown = await thrownWith(style(tokenIn === undefined ? {} : { tokenIn }), (_request, response) =>
      response.end(answer),
    );
    expect(thrown).toMatchObject({ code: 'vendor_answer_invalid', data: { problem: 'no_access_token' } });
    expect(JSON.stringify(thrown)).not.toContain('canary');
  });

  test('says what is wrong with a key that no header can carry', async () => {
    const thrown = await thrownWith(style({ authorization: 'Bearer canary\n' }), () => undefined);
    expect(thrown).toMatchObject({ code: 'credentials_rejected', data: { problem: 'token_characters' } });
  });
});

test("a vendor's own failure table is asked about its token endpoint too", async () => {
  const { client } = await start(
    (_, response) => answerJson(response, { $errors: [{ code: 'INVALID_TOKEN' }] }, { status: 400 }),
    ({ url }) => ({
      auth: tokenStyles.refreshToken(url),
      failures: ({ purpose, text }) =>
        purpose === 'token' && text.includes('INVALID_TOKEN') ? 'credentials_rejected' : undefined,
    }),
  );
  await expect(get(client)).rejects.toMatchObject({ code: 'credentials_rejected', data: { step: 'token' } });
});
