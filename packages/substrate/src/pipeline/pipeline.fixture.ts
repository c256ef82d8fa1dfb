import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManualClock } from '../clock/clock.manual.ts';
import type { Clock } from '../clock/clock.ts';
import { createLocalKeyRing } from '../credentials/key-ring.local.ts';
import { createVault } from '../credentials/vault.ts';
import { createVendorClient } from '../http/create-vendor-client.ts';
import { createLog } from '../observability/create-log.ts';
import { createSecrets } from '../observability/secrets.ts';
import type { CommitFaults } from '../orm/database.ts';
import type { LocalPlatform } from '../service/platform.local.ts';
import type { ChosenSettings } from '../settings/integration-settings.ts';
import { putCustomer } from '../store/customers.ts';
import { putCredential, putIntegration, putSettings, readIntegration } from '../store/integrations.ts';
import { storeMigrations } from '../store/migrations.ts';
import { readRun, readRunEntityTypes } from '../store/runs.ts';
import type { Store } from '../store/schema.ts';
import { openFreshPlatform } from '../testing/open-fresh-platform.ts';
import type { Vendor } from '../vendor/define-vendor.ts';
import { createPaperSchool, type PaperSchool, paperCredential, paperSchool } from './paper-school.fixture.ts';
import type { RunWorker } from './parts.ts';
import { runSlice, type SliceOutcome } from './run/run-slice.ts';
import { type RunRequest, startRun } from './run/start-run.ts';

/** One integration of Paper School on the embedded adapters, and the means to run it slice by slice. */
export interface PipelineFixture {
  readonly school: PaperSchool;
  readonly platform: LocalPlatform;
  readonly worker: RunWorker;
  readonly logged: string[];
  /** Runs a sync until it has ended or is held, and answers the run with its entity types. */
  sync(overrides?: Partial<RunWorker>, request?: AskedRun): Promise<Awaited<ReturnType<typeof readOutcome>>>;
  /** Delivers the run's present slice once. */
  deliver(
    runId: string,
    options?: { retryCount?: number; signal?: AbortSignal; worker?: RunWorker },
  ): Promise<SliceOutcome>;
  start(asked?: string | AskedRun): Promise<string>;
  /** Chooses anew for the runs that are asked for from now on. */
  choose(settings: ChosenSettings): Promise<void>;
  outcome(runId: string): ReturnType<typeof readOutcome>;
  /** Ends it, but for the vendor, so that others can begin from where it stands. */
  keep(): Promise<KeptStage>;
  close(): Promise<void>;
}

/** Where a fixture stood when it ended: what it had stored, and its vendor, which whoever kept it closes. */
export interface KeptStage {
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  readonly school: PaperSchool;
  /** What the vendor had. */
  readonly data: PaperSchool['data'];
}

/** What a test asks for otherwise than usual; a text is an idempotency key. */
export type AskedRun = Partial<Omit<RunRequest, 'customerId' | 'integrationId'>>;

export const owner = { customerId: 'springfield', integrationId: 'paper-school' };

export interface PipelineFixtureOptions {
  readonly clock?: Clock;
  /** Paper School, unless another vendor that speaks with it is meant. */
  readonly vendor?: Vendor;
  /** Of the embedded store. */
  readonly faults?: CommitFaults;
  /** Begins here and not with nothing; the clock must not stand before its time. */
  readonly from?: KeptStage;
  /** Another store than the embedded one: an empty database without a cipher. */
  readonly openDatabase?: () => Promise<Store>;
}

export type CreatePipelineFixture = (options?: PipelineFixtureOptions) => Promise<PipelineFixture>;

export async function createPipelineFixture(options: PipelineFixtureOptions = {}): Promise<PipelineFixture> {
  const { clock = createManualClock(), vendor = paperSchool, faults = {}, from } = options;
  const home = await mkdtemp(join(tmpdir(), 'flotilla-pipeline-'));
  const logged: string[] = [];
  const secrets = createSecrets();
  const log = createLog({
    service: 'test',
    version: '0',
    clock,
    secrets,
    format: 'json',
    destination: { write: (line) => logged.push(line) },
  });
  for (const { name, bytes } of from?.files ?? []) await writeFile(join(home, name), bytes, { mode: 0o600 });
  const local = await openFreshPlatform({ home, clock, log, mayUnwrap: true, faults });
  const platform =
    options.openDatabase === undefined ? local : await moveStore(local, home, clock, options.openDatabase);
  const school = from?.school ?? createPaperSchool();
  if (from === undefined) await connect(platform, await school.listen());
  else Object.assign(school.data, structuredClone(from.data));
  const worker: RunWorker = {
    store: platform.store,
    tasks: platform.tasks,
    bus: platform.bus,
    clock,
    log,
    serviceUrl: () => 'http://127.0.0.1:1',
    sliceMs: 60_000,
    guardSecrets: (values) => secrets.add(...values),
    prepareKey: (key) => platform.vault.prepare(key),
    vault: platform.vault,
    openClient: (options) =>
      createVendorClient({ ...options, clock, allowedHosts: ['127.0.0.1'], retry: { attempts: 1 } }),
  };
  const outcome = (runId: string) => readOutcome(platform, runId);

  async function start(asked: string | AskedRun = {}): Promise<string> {
    const { runId } = await startRun(worker, {
      ...owner,
      context: 'manual',
      method: 'rosters.sync.v1',
      entityTypes: [],
      ...(typeof asked === 'string' ? { idempotencyKey: asked } : asked),
    });
    return runId;
  }

  async function choose(settings: ChosenSettings): Promise<void> {
    const { customerId, integrationId } = owner;
    await platform.store.transaction(async (transaction) => {
      const { settingsVersion } = await readIntegration(transaction, customerId, integrationId);
      putSettings(transaction, owner, settings, settingsVersion + 1);
    });
  }

  async function deliver(
    runId: string,
    options: Parameters<PipelineFixture['deliver']>[1] = {},
  ): Promise<SliceOutcome> {
    const { slice } = await readRun(platform.store, owner.customerId, runId);
    const { retryCount = 0, signal = new AbortController().signal } = options;
    return await runSlice(
      options.worker ?? worker,
      vendor,
      { customerId: owner.customerId, runId, slice },
      { retryCount, signal },
    );
  }

  return {
    school,
    platform,
    worker,
    logged,
    start,
    choose,
    deliver,
    outcome,
    async sync(overrides = {}, request = {}) {
      const runId = await start(request);
      while ((await deliver(runId, { worker: { ...worker, ...overrides } })) !== 'finished');
      return await outcome(runId);
    },
    async keep() {
      await platform.close();
      const names = await readdir(home);
      const files = await Promise.all(
        names.map(async (name) => ({ name, bytes: await readFile(join(home, name)) })),
      );
      await rm(home, { recursive: true, force: true });
      return { files, school, data: structuredClone(school.data) };
    },
    async close() {
      if (from === undefined) await school.close();
      await platform.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function connect(platform: LocalPlatform, baseUrl: string): Promise<void> {
  await platform.store.transaction(async (transaction) => {
    putCustomer(transaction, { customerId: owner.customerId, name: 'Springfield', timeZone: 'UTC' }, true);
    const settings = { disabledEntityTypes: [] };
    putIntegration(
      transaction,
      { ...owner, vendor: paperSchool.id, state: 'active', connection: { baseUrl }, settings },
      true,
    );
  });
  await platform.vault.prepare(owner);
  await platform.store.transaction(async (transaction) =>
    putCredential(transaction, owner.customerId, owner.integrationId, paperCredential),
  );
}

/** The platform with its store in another database. */
async function moveStore(
  local: LocalPlatform,
  home: string,
  clock: Clock,
  openDatabase: () => Promise<Store>,
): Promise<LocalPlatform> {
  const database = await openDatabase();
  await database.migrate(storeMigrations);
  const keyRing = createLocalKeyRing({ path: join(home, 'keys.json') });
  const vault = createVault({ database, keyRing, clock, ringOf: () => paperSchool.id });
  return {
    ...local,
    store: database.withCipher(vault),
    vault,
    async close() {
      await local.close();
      await database.close();
    },
  };
}

async function readOutcome(platform: LocalPlatform, runId: string) {
  const run = await readRun(platform.store, owner.customerId, runId);
  const entityTypes = await readRunEntityTypes(platform.store, owner.customerId, runId);
  return {
    run,
    org: entityTypes.get('org'),
    user: entityTypes.get('user'),
    demographics: entityTypes.get('demographics'),
  };
}
