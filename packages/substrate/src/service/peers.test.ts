import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../clock/clock.system.ts';
import { Failure } from '../failure/failure.ts';
import { createLog } from '../observability/create-log.ts';
import { createSecrets } from '../observability/secrets.ts';
import type { Call } from '../rpc/call.ts';
import { createDispatcher } from '../rpc/create-dispatcher.ts';
import { defineMethod } from '../rpc/define-method.ts';
import { createLocalAuthenticator } from './authenticate.local.ts';
import { serviceUrlIn } from './fleet-settings.ts';
import { createHttpShell, type ListeningShell } from './http-shell.ts';
import { createLocalPeers } from './peers.local.ts';
import { createShutdown } from './shutdown.ts';

const token = 'a-token-for-tests-0123456789';
const never = new AbortController().signal;
const Said = z.object({ caller: z.string(), role: z.string() });

/** A service of the fleet as it is, and beside it a server that answers in its place what it is told. */
let peer: ListeningShell;
let odd: Server;
let oddAnswer: { status: number; body: string } | 'silence';
let lastRequest: IncomingMessage | undefined;
let urls: Readonly<Record<string, string>>;

const methods = [
  defineMethod({
    name: 'caller.get',
    version: 1,
    summary: 'Who calls',
    params: z.strictObject({}),
    result: Said,
    roles: ['admin', 'orchestrator'],
    run: async ({ caller }: Call<null>) => ({ caller: caller.name, role: caller.role }),
  }),
  defineMethod({
    name: 'caller.refuse',
    version: 1,
    summary: 'Fails as it is told',
    params: z.strictObject({ code: z.enum(['not_found', 'internal', 'rate_limited']) }),
    result: z.strictObject({}),
    roles: ['orchestrator'],
    run(_call: Call<null>, { code }): Promise<Record<string, never>> {
      throw new Failure(code, 'As told', { data: { of: 'a run' }, retryAfterMs: 2_000 });
    },
  }),
  defineMethod({
    name: 'keys.change',
    version: 1,
    summary: 'Is for admins',
    params: z.strictObject({}),
    result: z.strictObject({}),
    roles: ['admin'],
    run: async (_call: Call<null>) => ({}),
  }),
];

beforeAll(async () => {
  const secrets = createSecrets();
  const log = createLog({
    service: 'peer',
    version: '0',
    clock: systemClock,
    secrets,
    format: 'json',
    destination: { write: () => true },
  });
  const shutdown = createShutdown({ log, clock: systemClock });
  const dispatch = createDispatcher({ service: 'peer', version: '7.0.0', methods, context: null, secrets });
  const authenticator = createLocalAuthenticator({ token });
  peer = await createHttpShell({ dispatch, authenticator, shutdown, log, clock: systemClock }).listen(0);
  odd = createServer((request, response) => {
    lastRequest = request;
    if (oddAnswer !== 'silence')
      response.writeHead(oddAnswer.status, { location: peer.url }).end(oddAnswer.body);
  });
  await new Promise<void>((resolve) => odd.listen(0, '127.0.0.1', resolve));
  const oddUrl = `http://127.0.0.1:${(odd.address() as AddressInfo).port}`;
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
  const goneUrl = `http://127.0.0.1:${(gone.address() as AddressInfo).port}`;
  await new Promise((resolve) => gone.close(resolve));
  urls = { peer: peer.url, odd: oddUrl, gone: goneUrl };
});

beforeEach(() => {
  oddAnswer = 'silence';
  lastRequest = undefined;
});

afterAll(async () => {
  odd.closeAllConnections();
  odd.close();
  await peer.close();
});

function ask(
  service: string,
  method: string,
  params = {},
  options: { timeoutMs?: number; signal?: AbortSignal; of?: string } = {},
) {
  const { of = token, signal = never, ...rest } = options;
  const peers = createLocalPeers({ token: of, serviceUrl: serviceUrlIn(urls), clock: systemClock });
  return peers.call(service, method, params, { result: Said, signal, ...rest });
}

describe('a service of the fleet that calls another', () => {
  test('is known there as the fleet, which may do the work of programs and not the work of admins', async () => {
    expect(await ask('peer', 'caller.get.v1')).toEqual({ caller: 'local fleet', role: 'orchestrator' });
    await expect(ask('peer', 'keys.change.v1')).rejects.toMatchObject({
      code: 'config_invalid',
      data: { service: 'peer', reason: 'forbidden' },
    });
  });

  test('does not say that its caller is unknown where it is not known itself', async () => {
    await expect(
      ask('peer', 'caller.get.v1', {}, { of: 'the-token-of-another-fleet' }),
    ).rejects.toMatchObject({
      code: 'config_invalid',
      data: { reason: 'unauthenticated' },
    });
  });

  test.each([
    ['not_found', { of: 'a run' }],
    ['rate_limited', { of: 'a run' }],
    ['internal', {}],
  ])('fails with %s as the other did', async (code, data) => {
    await expect(ask('peer', 'caller.refuse.v1', { code })).rejects.toMatchObject({ code, data });
  });

  test('hands on how long is to be waited', async () => {
    const failing = ask('peer', 'caller.refuse.v1', { code: 'rate_limited' });
    await expect(failing).rejects.toMatchObject({ retryAfterMs: 2_000 });
  });

  test('finds a method that another release has and this one has not', async () => {
    await expect(ask('peer', 'caller.get.v2')).rejects.toMatchObject({
      code: 'unavailable',
      data: { service: 'peer', method: 'caller.get.v2' },
    });
  });

  test('is told at once of a service that is not of the fleet, and of one that does not listen', async () => {
    await expect(ask('nobody', 'caller.get.v1')).rejects.toMatchObject({ code: 'config_invalid' });
    await expect(ask('gone', 'caller.get.v1')).rejects.toMatchObject({
      code: 'unavailable',
      data: { service: 'gone', reason: 'ECONNREFUSED' },
    });
  });

  test('waits no longer than it was told to for one that hangs', async () => {
    await expect(ask('odd', 'caller.get.v1', {}, { timeoutMs: 50 })).rejects.toMatchObject({
      code: 'unavailable',
      data: { service: 'odd', reason: 'no answer within 0.05 s', waitedMs: 50 },
    });
  });

  test('ends its call when its own caller has gone', async () => {
    const gone = new Failure('unavailable', 'The sender has gone');
    const controller = new AbortController();
    const asked = ask('odd', 'caller.get.v1', {}, { signal: controller.signal });
    controller.abort(gone);
    await expect(asked).rejects.toBe(gone);
  });

  test.each([
    ['a page of whatever stands in between', { status: 503, body: '<h1>Service Unavailable</h1>' }],
    ['JSON of another kind', { status: 200, body: '{"ok":true}' }],
  ])('takes %s for no answer, and quotes nothing of it', async (_name, answer) => {
    oddAnswer = answer;
    const failure = await ask('odd', 'caller.get.v1').catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ code: 'unavailable', data: { service: 'odd', status: answer.status } });
    expect(JSON.stringify(failure)).not.toContain('Unavailable</h1>');
  });

  test('follows no redirect, to which its token would be shown', async () => {
    oddAnswer = { status: 307, body: '' };
    await expect(ask('odd', 'caller.get.v1')).rejects.toMatchObject({
      code: 'unavailable',
      data: { service: 'odd' },
    });
    expect(lastRequest?.headers.authorization).toMatch(/^Bearer [\w-]{43}$/);
    expect(lastRequest?.headers.authorization).not.toContain(token);
  });

  test('takes no result that the method does not promise', async () => {
    oddAnswer = { status: 200, body: JSON.stringify({ jsonrpc: '2.0', id: 1, result: { caller: 7 } }) };
    await expect(ask('odd', 'caller.get.v1')).rejects.toMatchObject({
      code: 'internal',
      data: { service: 'odd' },
    });
  });
});
