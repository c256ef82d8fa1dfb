import { describe, expect, test } from 'vitest';
import { answerJson, type Script, type ScriptedServer } from './scripted-server.fixture.ts';
import { fetchAll, finish, get, offsetPaging, start } from './vendor-client.fixture.ts';

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

  const withAuth = ({ url }: ScriptedServer) => ({
    auth: {
      kind: 'oauth2ClientCredentials',
      tokenUrl: `${url}/token`,
      clientId: 'i',
      clientSecret: 'secret',
      scopes: [],
      clientAuth: 'basic',
    } as const,
  });

  async function startWithTokens(
    isGood: (token: string | undefined, index: number) => boolean,
    status = 401,
  ) {
    const refuse: Script = (_, response) => answerJson(response, { error: 'no' }, { status });
    const stage = await start(withTokens(isGood, refuse), withAuth);
    return {
      ...stage,
      tokenRequests: () => stage.server.requests.filter(({ target }) => target === '/token').length,
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

  test('that cannot be had is asked for in one round of attempts, not in one for each attempt of the request', async () => {
    const { client, clock, server } = await start(
      (_, response) => answerJson(response, {}, { status: 500 }),
      withAuth,
    );
    const { thrown } = await finish(clock, get(client));
    expect(thrown).toMatchObject({ code: 'vendor_unavailable', data: { step: 'token', path: '/token' } });
    expect(server.requests).toHaveLength(5);
  });
});
