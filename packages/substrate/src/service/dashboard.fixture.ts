import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { createManualClock } from '../clock/clock.manual.ts';
import { createLog } from '../observability/create-log.ts';
import { createSecrets } from '../observability/secrets.ts';
import type { Call } from '../rpc/call.ts';
import { createDispatcher } from '../rpc/create-dispatcher.ts';
import { defineMethod } from '../rpc/define-method.ts';
import { createLocalAuthenticator } from './authenticate.local.ts';
import { createHttpShell } from './http-shell.ts';
import { admitPeople } from './people/admit-people.ts';
import { createLocalPeople } from './people/people.local.ts';
import type { People } from './people/people.ts';
import { createShutdown } from './shutdown.ts';

export const fleetToken = 'fleet-token-0123456789';
/** Where people reach the pages, for the settings; tests reach them elsewhere, as behind a proxy. */
export const pagesOrigin = 'http://127.0.0.1:4101';

const whoAmI = defineMethod({
  name: 'who.am',
  version: 1,
  summary: 'Says who calls',
  params: z.strictObject({}),
  result: z.strictObject({ name: z.string(), role: z.string(), signedInBy: z.string().optional() }),
  roles: ['admin', 'viewer'],
  run: async ({ caller }: Call) => ({ ...caller }),
});

export interface DashboardOptions {
  /** By their paths, what the build made; left out, nothing. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly people?: People;
}

/** A service with pages, behind a real door. */
export async function openDashboard({ files = {}, people }: DashboardOptions = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-pages-'));
  const clock = createManualClock();
  const written: string[] = [];
  const local = createLocalPeople({ token: fleetToken, origin: pagesOrigin, clock });
  const dashboard = {
    pages: { folder, howToBuild: 'npm run build-it' },
    people: people ?? local,
    origin: pagesOrigin,
  };
  const log = createLog({
    service: 'test',
    version: '1.0.0',
    clock,
    secrets: createSecrets(),
    format: 'json',
    destination: { write: (line: string) => written.push(line) },
  });
  const shell = createHttpShell({
    dispatch: createDispatcher({ service: 'test', version: '1.0.0', methods: [whoAmI], context: {} }),
    authenticator: admitPeople(
      createLocalAuthenticator({ token: fleetToken }),
      dashboard.people,
      pagesOrigin,
    ),
    taskRoutes: { slice: () => Promise.resolve() },
    dashboard,
    shutdown: createShutdown({ log, clock }),
    log,
    clock,
  });
  const { url, close } = await shell.listen(0);
  onTestFinished(async () => {
    await close();
    await rm(folder, { recursive: true });
  });

  async function build(made: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
    for (const [path, content] of Object.entries(made)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
  }
  await build(files);

  return {
    url,
    clock,
    build,
    links: local.links,
    logged: () => written.join(''),
    /** Signs somebody in as a browser would; answers the cookie that it keeps. */
    async signIn(person: { readonly name: string; readonly role: 'admin' | 'viewer' }): Promise<string> {
      const response = await fetch(`${url}/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
        body: JSON.stringify({ code: local.links.create(person).url.split('#')[1] }),
      });
      return response.headers.get('set-cookie')?.split(';')[0] ?? '';
    },
    /** Asks who calls, with what a browser or a program sends. */
    ask: (headers: Record<string, string>) =>
      fetch(`${url}/rpc`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'who.am.v1', params: {} }),
      }),
  };
}
