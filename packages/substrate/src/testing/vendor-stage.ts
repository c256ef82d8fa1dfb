import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Change } from '../egress/change.ts';
import { changesTopic } from '../egress/relay.ts';
import { createVendorClient } from '../http/create-vendor-client.ts';
import type { AttemptReport } from '../http/vendor-client.ts';
import type { JsonObject } from '../json/json-value.ts';
import type { EntityType } from '../model/entity-types.ts';
import { createLog } from '../observability/create-log.ts';
import { createSecrets } from '../observability/secrets.ts';
import { editRecord } from '../pipeline/edit-record.ts';
import type { RunWorker } from '../pipeline/parts.ts';
import { runSlice, type SliceOutcome } from '../pipeline/run/run-slice.ts';
import { type RunRequest, startRun } from '../pipeline/run/start-run.ts';
import type { RunReport } from '../report/run-report.ts';
import type { Role } from '../rpc/call.ts';
import { createDispatcher } from '../rpc/create-dispatcher.ts';
import { readReport } from '../service/methods/read-report-source.ts';
import type { LocalPlatform } from '../service/platform.local.ts';
import { vendorMethods } from '../service/vendor-service.ts';
import type { ChosenSettings } from '../settings/integration-settings.ts';
import { readChanges } from '../store/changes.ts';
import { putCustomer } from '../store/customers.ts';
import { putCredential, putIntegration, putSettings, readIntegration } from '../store/integrations.ts';
import { listQuarantined, type QuarantinedRecord } from '../store/quarantine.ts';
import { records, type StoredRecord } from '../store/records.ts';
import { type Run, type RunEntityType, readRun, readRunEntityTypes } from '../store/runs.ts';
import type { TaskRequest } from '../tasks/task-queue.ts';
import type { Collection, Entity } from '../vendor/define-entity.ts';
import type { Vendor } from '../vendor/define-vendor.ts';
import { readSource } from './conformance/read-source.ts';
import { createSkippingClock, type SkippingClock } from './conformance/skipping-clock.ts';
import { createWireTap, type WireTap, wholePath } from './conformance/wire-tap.ts';
import { openFreshPlatform } from './open-fresh-platform.ts';
import type { Simulator } from './simulate.ts';
import type { RecordEdit } from './simulator/record-edit.ts';

/** A simulator whose data can be edited: what the kit makes, with the vendor's `edit`. */
export interface EditableSimulator extends Simulator {
  edit(edits: readonly RecordEdit[]): unknown;
}

/** What a simulator is made with. */
export interface Seat {
  readonly clock: SkippingClock;
  /** Records a page, where the vendor's description does not say it in its requests. */
  readonly pageSize: number;
}

export interface StageOptions<S extends EditableSimulator> {
  readonly vendor: Vendor;
  readonly createSimulator: (seat: Seat) => Promise<S> | S;
  readonly connection: (simulator: S) => JsonObject;
  readonly credential: (simulator: S) => JsonObject;
  /** Default 5, so that a small district has many pages. */
  readonly pageSize?: number;
  /** Whether runs fetch everything whole unless they are asked otherwise, also where the vendor tells what changed. */
  readonly fetchesWhole?: boolean;
}

/** How a run went. */
export interface RunOutcome {
  readonly run: Run;
  readonly entityTypes: ReadonlyMap<EntityType, RunEntityType>;
  readonly quarantined: readonly QuarantinedRecord[];
  readonly changes: readonly Change[];
}

/** Which run of which integration; by default all entity types of the integration that the stage began with. */
export type RunChoice = Partial<
  Pick<
    RunRequest,
    'integrationId' | 'entityTypes' | 'recordIds' | 'isDryRun' | 'isFull' | 'reverts' | 'context'
  >
>;

export interface Delivery {
  readonly retryCount?: number;
  readonly signal?: AbortSignal;
  readonly worker?: Partial<RunWorker>;
}

export interface MethodAnswer {
  readonly result?: JsonObject;
  readonly error?: { readonly code: number; readonly message: string; readonly data: JsonObject };
}

/** A vendor's simulator, the embedded platform and an integration between them: runs are driven slice by slice, without a queue's clockwork. */
export interface VendorStage<S extends EditableSimulator = EditableSimulator> {
  readonly vendor: Vendor;
  readonly simulator: S;
  readonly platform: LocalPlatform;
  readonly clock: SkippingClock;
  readonly tap: WireTap;
  readonly worker: RunWorker;
  readonly pageSize: number;
  /** The folder with all that was stored. */
  readonly home: string;
  readonly customerId: string;
  readonly logged: readonly string[];
  readonly attempts: readonly AttemptReport[];
  readonly enqueued: readonly TaskRequest[];
  /** As a school would enter it. */
  readonly connection: JsonObject;
  /** Registers another integration with the same simulator. */
  connect(integrationId: string): Promise<void>;
  replaceCredential(credential: JsonObject, integrationId?: string): Promise<void>;
  /** A method of the vendor's service, called as programs call it: the result, or the error of the answer. */
  call(method: string, params: JsonObject, role?: Role): Promise<MethodAnswer>;
  start(choice?: RunChoice): Promise<string>;
  /** Delivers the run's present slice once. */
  deliver(runId: string, delivery?: Delivery): Promise<SliceOutcome>;
  outcome(runId: string): Promise<RunOutcome>;
  /** Moves time on to when the run's present slice is due. */
  skipToDue(runId: string): Promise<void>;
  /** A run from start to end, without a failure on the way. */
  sync(choice?: RunChoice, worker?: Partial<RunWorker>): Promise<RunOutcome>;
  /** Chooses settings for the first integration, from the next run on. */
  choose(settings: ChosenSettings): Promise<void>;
  /** Edits a record on our side, as people do through control; null deletes it. */
  edit(entityType: EntityType, recordId: string, value: JsonObject | null): Promise<void>;
  /** The run's merge report. */
  report(runId: string): Promise<RunReport>;
  /** What is stored, in order of entity type and id. */
  stored(integrationId?: string, entityType?: EntityType): Promise<readonly StoredRecord[]>;
  /** Messages that wait for the warehouse. */
  published(): Promise<number>;
  entity(entityType: EntityType): Entity;
  /**
   * Its list, with its whole path from the origin on; where each record of another entity type has one, `*` stands for the parent's id, as in
   * patterns of requests.
   */
  collection(entity: Entity): Collection;
  /** The pattern of the requests for it, for faults and for the log of requests. */
  listPattern(entity: Entity): string;
  /** All records of an entity type's list as the vendor sends them; where it has several lists, those of the first (`collection`), or of all. */
  source(entity: Entity, which?: 'all' | 'first'): Promise<readonly JsonObject[]>;
  close(): Promise<void>;
}

/** The customer whose integrations stand on the stage, and the first of these. */
export const customerId = 'springfield';
export const firstIntegration = 'first';

const subscription = { name: 'conformance', topic: changesTopic };

export async function openVendorStage<S extends EditableSimulator>(
  options: StageOptions<S>,
): Promise<VendorStage<S>> {
  const { pageSize = 5, createSimulator } = options;
  const vendor = withPageSize(options.vendor, pageSize);
  const clock = createSkippingClock();
  const home = await mkdtemp(join(tmpdir(), 'flotilla-conformance-'));
  const simulator = await createSimulator({ clock, pageSize });
  await simulator.listen();
  const logged: string[] = [];
  const attempts: AttemptReport[] = [];
  const enqueued: TaskRequest[] = [];
  const secrets = createSecrets();
  const log = createLog({
    service: vendor.id,
    version: '0',
    clock,
    secrets,
    level: 'debug',
    format: 'json',
    destination: { write: (line) => logged.push(line) },
  });
  const platform = await openFreshPlatform({ home, clock, log, mayUnwrap: true });
  await platform.bus.ensureSubscription(subscription);
  const { store } = platform;
  const tap = createWireTap([new URL(simulator.origin).host], clock);
  const worker: RunWorker = {
    store,
    tasks: {
      ...platform.tasks,
      enqueue(task) {
        enqueued.push(task);
        return platform.tasks.enqueue(task);
      },
    },
    bus: platform.bus,
    clock,
    log,
    serviceUrl: () => 'http://127.0.0.1:1',
    sliceMs: 600_000,
    guardSecrets: (values) => secrets.add(...values),
    prepareKey: (owner) => platform.vault.prepare(owner),
    vault: platform.vault,
    openClient: (client) =>
      createVendorClient({
        ...client,
        clock,
        transport: tap,
        retry: { attempts: 3 },
        onAttempt: (report) => {
          attempts.push(report);
          log.debug('A request to the vendor', { ...report });
        },
      }),
  };

  const connection = options.connection(simulator);
  const dispatch = createDispatcher({
    service: vendor.id,
    version: '0',
    methods: vendorMethods(vendor),
    context: worker,
    secrets,
  });

  async function connect(integrationId: string): Promise<void> {
    await store.transaction(async (transaction) =>
      putIntegration(
        transaction,
        {
          customerId,
          integrationId,
          vendor: vendor.id,
          state: 'active',
          connection,
          settings: { disabledEntityTypes: [] },
        },
        true,
      ),
    );
    await platform.vault.prepare({ customerId, integrationId });
    await replaceCredential(options.credential(simulator), integrationId);
  }

  function replaceCredential(credential: JsonObject, integrationId = firstIntegration): Promise<void> {
    return store.transaction(async (transaction) =>
      putCredential(transaction, customerId, integrationId, credential),
    );
  }

  async function call(method: string, params: JsonObject, role: Role = 'admin'): Promise<MethodAnswer> {
    const answer = await dispatch(
      { jsonrpc: '2.0', id: 1, method, params },
      {
        caller: { role, name: 'conformance' },
        traceId: '0af7651916cd43dd8448eb211c80319c',
        signal: new AbortController().signal,
        log,
      },
    );
    return answer as unknown as MethodAnswer;
  }

  async function start(choice: RunChoice = {}) {
    const request: RunRequest = {
      customerId,
      integrationId: firstIntegration,
      context: 'manual',
      method: 'sync.v1',
      entityTypes: [],
      isFull: options.fetchesWhole ?? false,
      ...choice,
    };
    return (await startRun(worker, request)).runId;
  }

  async function deliver(runId: string, delivery: Delivery = {}): Promise<SliceOutcome> {
    const { slice } = await readRun(store, customerId, runId);
    const { retryCount = 0, signal = new AbortController().signal } = delivery;
    return await runSlice(
      { ...worker, ...delivery.worker },
      vendor,
      { customerId, runId, slice },
      { retryCount, signal },
    );
  }

  async function outcome(runId: string): Promise<RunOutcome> {
    const run = await readRun(store, customerId, runId);
    const changes = await readChanges(store, run, run.firstSequence ?? 0, 100_000);
    return {
      run,
      entityTypes: await readRunEntityTypes(store, customerId, runId),
      quarantined: await listQuarantined(store, run, 1_000),
      changes: changes.filter((change) => change.runId === runId),
    };
  }

  async function skipToDue(runId: string): Promise<void> {
    const { dueAt } = await readRun(store, customerId, runId);
    if (dueAt !== null) clock.skip(Math.max(0, Date.parse(dueAt) - clock.now()));
  }

  function collection(entity: Entity): Collection {
    const lister = vendor.entities.find(({ entityType }) => entityType === entity.from) ?? entity;
    const list = lister.within === undefined ? '' : '*';
    const settings = vendor.api.connection.parse(connection);
    return wholePath(lister.collection(settings, list), settings.baseUrl);
  }

  await store.transaction(async (transaction) =>
    putCustomer(transaction, { customerId, name: 'Springfield', timeZone: 'UTC' }, true),
  );
  await connect(firstIntegration);

  return {
    vendor,
    simulator,
    platform,
    clock,
    tap,
    worker,
    pageSize,
    home,
    customerId,
    logged,
    attempts,
    enqueued,
    connection,
    connect,
    replaceCredential,
    call,
    start,
    deliver,
    outcome,
    skipToDue,
    collection,
    listPattern: (entity) => `GET ^${collection(entity).path}`,
    source: (entity, which = 'first') =>
      readSource({ worker, vendor, connection, credential: options.credential(simulator) }, entity, which),
    async sync(choice, overrides = {}) {
      const runId = await start(choice);
      while ((await deliver(runId, { worker: overrides })) !== 'finished') await skipToDue(runId);
      return await outcome(runId);
    },
    choose: (settings) =>
      store.transaction(async (transaction) => {
        const { settingsVersion } = await readIntegration(transaction, customerId, firstIntegration);
        const key = { customerId, integrationId: firstIntegration };
        putSettings(transaction, key, settings, settingsVersion + 1);
      }),
    async edit(entityType, recordId, value) {
      const key = { customerId, integrationId: firstIntegration, entityType, recordId };
      await editRecord(worker, { ...key, value, runId: crypto.randomUUID() });
    },
    async report(runId) {
      const run = await readRun(store, customerId, runId);
      return await readReport(store, run, { changes: 1_000, problems: 1_000 });
    },
    stored: (integrationId = firstIntegration, entityType) =>
      store.scan(records, {
        prefix: { customerId, integrationId, ...(entityType === undefined ? {} : { entityType }) },
      }),
    published: async () => (await platform.bus.stats(subscription.name)).pending,
    entity(entityType) {
      const found = vendor.entities.find((entity) => entity.entityType === entityType);
      if (found === undefined) throw new RangeError(`${vendor.id} has no ${entityType}`);
      return found;
    },
    async close() {
      await tap.close();
      await simulator.close();
      await platform.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** The same vendor with shorter pages: paging is proven with few records. Styles without a page size of theirs stay as they are. */
function withPageSize(vendor: Vendor, pageSize: number): Vendor {
  const { api } = vendor;
  const { paging } = api;
  if (paging.kind === 'single' || paging.pageSize === undefined) return vendor;
  return { ...vendor, api: { ...api, paging: { ...paging, pageSize } } };
}
