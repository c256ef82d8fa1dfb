import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../clock/clock.system.ts';
import { configExitCode } from '../config/config.ts';
import type { JsonObject } from '../json/json-value.ts';
import { createLog } from '../observability/create-log.ts';
import { createSecrets } from '../observability/secrets.ts';
import { createPaperSchool, type PaperSchool, paperCredential } from '../pipeline/paper-school.fixture.ts';
import { putCustomer } from '../store/customers.ts';
import { putCredential, putIntegration } from '../store/integrations.ts';
import { insertRun } from '../store/runs.ts';
import { openLocalPlatform } from './platform.local.ts';

const token = 'a-token-for-tests-0123456789';
const owner = { customerId: 'springfield', integrationId: 'paper-school' };

interface Running {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  /** What it wrote to standard output and standard error. */
  written(): string;
  readonly ended: Promise<number | null>;
}

let home: string;
let school: PaperSchool;
const started: Running[] = [];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'flotilla-serve-'));
  school = createPaperSchool();
  const baseUrl = await school.listen();
  await onStore(async ({ store, vault }) => {
    await store.transaction(async (transaction) => {
      putCustomer(transaction, { customerId: 'springfield', name: 'Springfield', timeZone: 'UTC' }, true);
      const rest = { connection: { baseUrl }, settings: { disabledEntityTypes: [] } };
      putIntegration(transaction, { ...owner, vendor: 'paper-school', state: 'active', ...rest }, true);
    });
    await vault.prepare(owner);
    await store.transaction(async (transaction) =>
      putCredential(transaction, owner.customerId, owner.integrationId, paperCredential),
    );
  });
});

afterEach(async () => {
  for (const { child, ended } of started.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
});

afterAll(async () => {
  await school.close();
  await rm(home, { recursive: true, force: true });
});

/** The home's store, while no service needs it. */
async function onStore(work: (platform: Awaited<ReturnType<typeof openLocalPlatform>>) => Promise<void>) {
  const log = createLog({
    service: 'test',
    version: '0',
    clock: systemClock,
    secrets: createSecrets(),
    format: 'json',
  });
  const platform = await openLocalPlatform({ home, clock: systemClock, log, mayUnwrap: true });
  try {
    await work(platform);
  } finally {
    await platform.close();
  }
}

function start(changes: Readonly<Record<string, string | undefined>> = {}): Running {
  const env: Record<string, string | undefined> = {
    PATH: process.env.PATH,
    FLOTILLA_HOME: home,
    FLOTILLA_TOKEN: token,
    // Its own place is known before it listens: as in a fleet, where ports are given out beforehand.
    FLOTILLA_SERVICES: JSON.stringify({ 'paper-school': `http://127.0.0.1:${port}` }),
    FLOTILLA_ALLOWED_HOSTS: '127.0.0.1',
    PORT: String(port),
    NODE_COMPILE_CACHE: join(home, 'compile-cache'),
    ...changes,
  };
  const child = spawn(process.execPath, [join(import.meta.dirname, 'serve.child.ts')], {
    env: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const running = { child, written: () => text, ended };
  started.push(running);
  return running;
}

/** Below the ports that the system gives out, so that nobody takes it between two starts. */
const port = 20_000 + (process.pid % 12_000);
const url = `http://127.0.0.1:${port}`;

async function until<T>(what: string, look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (let round = 0; round < 400; round++) {
    const found = await look();
    if (found !== undefined) return found;
    await systemClock.sleep(50);
  }
  throw new Error(`${what} did not happen: ${started.map(({ written }) => written()).join('\n')}`);
}

async function startReady(changes: Readonly<Record<string, string | undefined>> = {}): Promise<Running> {
  const running = start(changes);
  await until('listening', () => running.written().includes('"Listening"') || undefined);
  return running;
}

async function call(method: string, params: JsonObject, bearer = token): Promise<JsonObject> {
  const response = await fetch(`${url}/rpc`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  return (await response.json()) as JsonObject;
}

/** A run whose process died between its row and its task. */
async function leaveLostRun(): Promise<string> {
  const runId = crypto.randomUUID();
  const at = new Date(systemClock.now()).toISOString();
  const run = {
    runId,
    vendor: 'paper-school',
    context: 'manual',
    method: 'rosters.sync.v1',
    entityTypes: [],
  };
  const queued = {
    state: 'queued',
    slice: 0,
    openSince: at,
    leaseToken: null,
    dueAt: null,
    requestedAt: at,
    night: null,
    recordIds: [],
    isDryRun: false,
    reverts: null,
    feedCursor: null,
    feedFrom: null,
    queue: null,
    isFull: false,
    heldSince: null,
    decision: null,
    noticeDueAt: null,
    requestedBy: null,
    reason: null,
  };
  const never = { startedAt: null, finishedAt: null, firstSequence: null, lastSequence: null, failure: null };
  await onStore(({ store }) =>
    store.transaction(async (transaction) =>
      insertRun(transaction, { ...owner, ...run, ...queued, ...never }),
    ),
  );
  return runId;
}

async function endOf(runId: string): Promise<JsonObject> {
  return await until('the end of the run', async () => {
    const { result } = await call('runs.get.v1', { customerId: owner.customerId, runId });
    return (result as JsonObject).finishedAt === null ? undefined : (result as JsonObject);
  });
}

describe('the process of a service', () => {
  test('listens, finds lost work, answers those who have the token, works on its tasks, and ends at SIGTERM with 0', async () => {
    const lost = await leaveLostRun();

    const { child, ended, written } = await startReady();

    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect(await call('runs.get.v1', {}, 'another-token-0123456789')).toMatchObject({
      error: { data: { code: 'unauthenticated' } },
    });
    expect(await endOf(lost)).toMatchObject({ state: 'succeeded', lastSequence: 6 });
    const { result } = await call('rosters.sync.v1', owner);
    expect(await endOf((result as { readonly runId: string }).runId)).toMatchObject({
      state: 'succeeded',
      lastSequence: 6,
    });

    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(written()).not.toContain(token);
    expect(written()).not.toContain(paperCredential.password);
    // One JSON object a line, whatever happened.
    for (const line of written().trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('severity');
  });

  test('ends when the parent that held its standard input open has gone, if it was told that it has one', async () => {
    const { child, ended } = await startReady({ FLOTILLA_PARENT: '1' });
    child.stdin.destroy();
    expect(await ended).toBe(0);
  });

  test('goes on without standard input where it has no parent, and a second one says that the port is taken and ends', async () => {
    const { child } = await startReady();
    child.stdin.destroy();
    const second = start();
    expect(await second.ended).not.toBe(0);
    expect(second.written()).toContain(`EADDRINUSE: address already in use 127.0.0.1:${port}`);
    expect(child.exitCode).toBeNull();
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  test('with wrong settings says so in words and ends with 78, before it touches anything', async () => {
    const elsewhere = join(home, 'not-made');
    const nothing = { FLOTILLA_HOME: undefined, FLOTILLA_TOKEN: undefined, FLOTILLA_SERVICES: undefined };
    const bare = start({ ...nothing, PORT: undefined, FLOTILLA_TOKN: token });
    const unsound = start({ FLOTILLA_HOME: elsewhere, FLOTILLA_TOKEN: 'with spaces, and long enough' });

    expect(await bare.ended).toBe(configExitCode);
    expect(await unsound.ended).toBe(configExitCode);

    for (const name of [...Object.keys(nothing), 'PORT'])
      expect(bare.written()).toContain(`${name}: is not set`);
    expect(bare.written()).toContain('FLOTILLA_TOKN is set; is FLOTILLA_TOKEN meant?');
    expect(bare.written()).not.toContain(token);
    expect(unsound.written()).toContain('FLOTILLA_TOKEN: is malformed (28 characters, not shown)');
    expect(unsound.written()).not.toContain('with spaces');
    expect(bare.written() + unsound.written()).not.toMatch(/\n\s+at /);
    expect(await readdir(home)).not.toContain('not-made');
  });
});
