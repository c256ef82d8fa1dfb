import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { createManualClock } from '../../clock/clock.manual.ts';
import { createVendorClient } from '../../http/create-vendor-client.ts';
import { answerJson, type Script, startScriptedServer } from '../../http/scripted-server.fixture.ts';
import { isJsonObject } from '../../json/json-value.ts';
import { type Api, defineApi } from '../../vendor/define-api.ts';
import { paperSchool } from '../paper-school.fixture.ts';
import { openVendor } from './open-vendor.ts';

const connection = z.strictObject({
  baseUrl: z.url(),
  versions: z.record(z.string(), z.string()).optional(),
});

const api = defineApi({
  credential: z.strictObject({ key: z.string() }),
  connection,
  authorize: ({ key }) => ({ kind: 'apiKey', header: 'X-Api-Key', value: key }),
  paging: { kind: 'single' },
  limits: { requests: 100, perSeconds: 1, concurrent: 1 },
  failures: { 418: 'too_large' },
  check: ({ versions = {} }) => ({ path: '/users', accept: `application/vnd.paper.${versions.users}+json` }),
  discover: {
    request: () => ({
      path: '/available',
      query: { all: true },
      headers: { 'X-Ask': '1' },
      accept: 'text/json',
    }),
    read: (answer, settings) => {
      const versions = z.record(z.string(), z.string()).safeParse(answer).data;
      return versions && { ...settings, versions };
    },
  },
});

async function open(script: Script, changes: Partial<Api> = {}) {
  const server = await startScriptedServer(script);
  onTestFinished(() => server[Symbol.asyncDispose]());
  const guarded = new Set<string>();
  const closed: boolean[] = [];
  const opening = openVendor(
    {
      openClient: (options) => {
        const client = createVendorClient({
          ...options,
          clock: createManualClock(),
          allowedHosts: [server.host],
          retry: { attempts: 1 },
        });
        return {
          ...client,
          close: () => {
            closed.push(true);
            return client.close();
          },
        };
      },
      guardSecrets: (secrets) => {
        for (const secret of secrets) guarded.add(secret);
        return () => guarded.clear();
      },
    },
    { ...paperSchool, api: { ...(api as unknown as Api), ...changes } },
    { baseUrl: server.url },
    { key: 'canary-key' },
    new AbortController().signal,
  );
  return { server, guarded, closed, opening };
}

test('what a tenant offers is asked once, after sign-in, and every function gets it with the settings', async () => {
  const { server, opening, guarded } = await open((_, response) => answerJson(response, { users: 'v12' }));
  const { connection: found, check, close } = await opening;
  expect(found).toEqual({ baseUrl: server.url, versions: { users: 'v12' } });
  expect(check).toEqual({ path: '/users', accept: 'application/vnd.paper.v12+json' });
  expect(server.requests).toMatchObject([
    {
      method: 'GET',
      target: '/available?all=true',
      headers: { accept: 'text/json', 'x-ask': '1', 'x-api-key': 'canary-key' },
    },
  ]);
  expect([...guarded]).toEqual(['canary-key']);
  await close();
  expect([...guarded]).toEqual([]);
});

test.each([
  [
    'another shape',
    (_, response) => answerJson(response, [1]),
    'vendor_answer_invalid',
    { problem: 'discovery' },
  ],
  [
    'nothing there',
    (_, response) => answerJson(response, {}, { status: 404 }),
    'vendor_answer_invalid',
    { problem: 'discovery' },
  ],
  [
    'a refusal',
    (_, response) => answerJson(response, {}, { status: 401 }),
    'credentials_rejected',
    { status: 401 },
  ],
  [
    'what its table names',
    (_, response) => answerJson(response, {}, { status: 418 }),
    'too_large',
    { status: 418 },
  ],
] satisfies [string, Script, string, object][])(
  'a tenant that answers with %s leaves nothing open, and no secret known',
  async (_, script, code, data) => {
    const { opening, guarded, closed } = await open(script);
    await expect(opening).rejects.toMatchObject({ code, data });
    expect(closed).toEqual([true]);
    expect(guarded.size).toBe(0);
  },
);

test('a table of statuses is not asked about the token endpoint, a function is', async () => {
  const authorize: Api['authorize'] = (_, { baseUrl }) => ({
    kind: 'tokenExchange',
    tokenUrl: `${baseUrl}/token`,
    authorization: 'Bearer canary-key',
  });
  const teapot: Script = (_, response) => answerJson(response, {}, { status: 418 });
  const byTable = await open(teapot, { authorize });
  await expect(byTable.opening).rejects.toMatchObject({
    code: 'vendor_answer_invalid',
    data: { step: 'token' },
  });
  const byFunction = await open(teapot, {
    authorize,
    failures: ({ purpose, json }) =>
      purpose === 'token' && isJsonObject(json) ? 'credentials_rejected' : undefined,
  });
  await expect(byFunction.opening).rejects.toMatchObject({ code: 'credentials_rejected' });
});
