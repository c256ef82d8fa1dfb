import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createIdTokens, type IdTokens } from '@flotilla/stand-ins/id-tokens';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../clock/clock.system.ts';
import { createLog } from '../observability/create-log.ts';
import { createSecrets } from '../observability/secrets.ts';
import type { Call } from '../rpc/call.ts';
import { createDispatcher } from '../rpc/create-dispatcher.ts';
import { defineMethod } from '../rpc/define-method.ts';
import { createGoogleAuthenticator } from './authenticate.google.ts';
import { createHttpShell, type ListeningShell } from './http-shell.ts';
import { createGooglePeers } from './peers.google.ts';
import { createShutdown } from './shutdown.ts';

const account = 'flotilla-control@project.iam.gserviceaccount.com';
const Said = z.object({ caller: z.string(), role: z.string() });

/** What every machine of Google's has at 169.254.169.254, and the signers' public keys. */
let metadata: Server;
let metadataHost: string;
let idTokens: IdTokens;
/** What was asked of the metadata server, but for its questions whether it is there. */
const asked: string[] = [];
let peer: ListeningShell;

const whoCalls = defineMethod({
  name: 'caller.get',
  version: 1,
  summary: 'Who calls',
  params: z.strictObject({}),
  result: Said,
  roles: ['orchestrator'],
  run: async ({ caller }: Call<null>) => ({ caller: caller.name, role: caller.role }),
});

beforeAll(async () => {
  idTokens = await createIdTokens(systemClock);
  metadata = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://metadata');
    if (url.pathname === '/certificates') {
      response.setHeader('content-type', 'application/json');
      return response.end(JSON.stringify(idTokens.certificates));
    }
    response.setHeader('metadata-flavor', 'Google');
    if (!url.pathname.endsWith('/service-accounts/default/identity')) return response.end('{}');
    asked.push(url.search);
    return response.end(
      idTokens.tokenFor({ email: account, audience: url.searchParams.get('audience') ?? '' }),
    );
  });
  await new Promise<void>((resolve) => metadata.listen(0, '127.0.0.1', resolve));
  metadataHost = `127.0.0.1:${(metadata.address() as AddressInfo).port}`;
  peer = await openPeer();
});

afterEach(() => vi.unstubAllEnvs());

afterAll(async () => {
  await peer.close();
  metadata.close();
});

/** A service that knows callers as in the cloud. Its origin is known once it listens, and its door asks for it. */
async function openPeer(): Promise<ListeningShell> {
  const secrets = createSecrets();
  const destination = { write: () => true };
  const log = createLog({
    service: 'peer',
    version: '0',
    clock: systemClock,
    secrets,
    format: 'json',
    destination,
  });
  let audience = '';
  const shell = createHttpShell({
    dispatch: createDispatcher({
      service: 'peer',
      version: '0',
      methods: [whoCalls],
      context: null,
      secrets,
    }),
    authenticator: {
      verify: (headers) =>
        createGoogleAuthenticator({
          audience,
          callers: { [account]: 'orchestrator' },
          certificatesUrl: `http://${metadataHost}/certificates`,
        }).verify(headers),
    },
    shutdown: createShutdown({ log, clock: systemClock }),
    log,
    clock: systemClock,
  });
  const listening = await shell.listen(0);
  audience = listening.url;
  return listening;
}

/** As on a machine of Google's, or on any other. */
function ask(detection: 'assume-present' | 'none') {
  vi.stubEnv('GCE_METADATA_HOST', metadataHost);
  vi.stubEnv('METADATA_SERVER_DETECTION', detection);
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', '');
  vi.stubEnv('HOME', '/nonexistent');
  // As in Cloud Run; else the library asks gcloud, where there is one.
  vi.stubEnv('GOOGLE_CLOUD_PROJECT', 'project');
  const peers = createGooglePeers({ serviceUrl: () => peer.url, clock: systemClock });
  const options = { result: Said, signal: new AbortController().signal };
  return () => peers.call('peer', 'caller.get.v1', {}, options);
}

describe('a service in Google Cloud that calls another', () => {
  test('shows an ID token of its own account that is meant for the other and names the account, and keeps it', async () => {
    const call = ask('assume-present');

    expect(await call()).toEqual({ caller: account, role: 'orchestrator' });
    expect(await call()).toEqual({ caller: account, role: 'orchestrator' });

    expect(asked.map((query) => decodeURIComponent(query))).toEqual([`?format=full&audience=${peer.url}`]);
  });

  test('says that it has no token where there is no account', async () => {
    await expect(ask('none')()).rejects.toMatchObject({
      code: 'unavailable',
      message: 'Google gives the service no token to call another one with',
    });
  });
});
