import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManualClock, type ManualClock } from '../clock/clock.manual.ts';
import type { JsonObject, JsonValue } from '../json/json-value.ts';
import { createLog } from '../observability/create-log.ts';
import { createSecrets } from '../observability/secrets.ts';
import { startTrace } from '../observability/start-trace.ts';
import type { Caller } from '../rpc/call.ts';
import { createDispatcher } from '../rpc/create-dispatcher.ts';
import { createPeers } from '../service/create-peers.ts';
import { serviceUrlIn } from '../service/fleet-settings.ts';
import { createLocalPeople } from '../service/people/people.local.ts';
import { openLocalPlatform } from '../service/platform.local.ts';
import type { ServiceDefinition, ServiceSettings } from '../service/service-definition.ts';
import { readCredential } from '../store/integrations.ts';
import type { Store } from '../store/schema.ts';
import type { TaskRequest } from '../tasks/task-queue.ts';
import { openFreshPlatform } from './open-fresh-platform.ts';

/** A service on the embedded platform, without a door and without a queue's clockwork: methods are called, tasks handed over. */
export interface ServiceStage {
  readonly store: Store;
  readonly clock: ManualClock;
  readonly logged: readonly string[];
  /** Every task that was asked for, also one whose name was taken. */
  readonly enqueued: readonly TaskRequest[];
  /** Tasks that wait in a queue. */
  pending(queue: string): Promise<number>;
  /** Calls a method as programs call it. */
  call(method: string, params: JsonObject, role?: Caller['role']): Promise<CallAnswer>;
  /** The result of a call that must succeed. */
  result(method: string, params: JsonObject, role?: Caller['role']): Promise<JsonObject>;
  /** Gives a task to the service's own route, once. Rejects with what the route throws. */
  deliver(task: TaskRequest): Promise<void>;
  /** Lets the service look for lost work, as it does every five minutes. */
  sweep(): Promise<void>;
  /** Opens a stored credential, with the service's own rights or with those of a vendor's service. */
  openCredential(as: 'itself' | 'vendor', customerId: string, integrationId: string): Promise<JsonValue>;
  /** Every file of the home, as bytes in latin1: what a thief of the disk has. */
  readFiles(): Promise<ReadonlyMap<string, string>>;
  close(): Promise<void>;
}

export interface CallAnswer {
  readonly result?: JsonObject;
  readonly error?: { readonly code: number; readonly message: string; readonly data: JsonObject };
}

/** A service's stage as another service sees it. */
export interface PeerStage {
  call(method: string, params: JsonObject, role: 'orchestrator'): Promise<CallAnswer>;
}

export interface ServiceStageOptions {
  /** The services of the fleet; default: the service alone. */
  readonly deployed?: readonly string[];
  readonly settings?: Partial<Omit<ServiceSettings, 'home'>>;
  /** Called around each commit and each new task; throws where the process is to die. */
  readonly onEffect?: (moment: 'before' | 'after') => void;
  /** The home of another stage, which keeps it: both are of one fleet. */
  readonly home?: string;
  readonly clock?: ManualClock;
  /** Who calls methods; default: a program by the name of `test`. */
  readonly caller?: Omit<Caller, 'role'>;
  /** By their names, the services that this one may call: stages of their own. Any other does not answer. */
  readonly peers?: Readonly<Record<string, PeerStage>>;
}

export async function openServiceStage<Context>(
  definition: ServiceDefinition<Context>,
  options: ServiceStageOptions = {},
): Promise<ServiceStage> {
  const { name, mayUnwrap } = definition;
  const { deployed = [name], onEffect = () => undefined } = options;
  const home = options.home ?? (await mkdtemp(join(tmpdir(), 'flotilla-service-')));
  const { clock = createManualClock() } = options;
  const secrets = createSecrets();
  const logged: string[] = [];
  const enqueued: TaskRequest[] = [];
  const log = createLog({
    service: name,
    version: '0',
    clock,
    secrets,
    level: 'debug',
    format: 'json',
    destination: { write: (line) => logged.push(line) },
  });
  const faults = { beforeCommit: () => onEffect('before'), afterCommit: () => onEffect('after') };
  const platform = await openFreshPlatform({ home, clock, log, mayUnwrap, faults });
  const { caller = { name: 'test' }, peers: stages = {} } = options;
  const service = await definition.open({
    ...platform,
    peers: createPeers({
      clock,
      async post(peer, { method, params }, signal) {
        const stage = stages[peer];
        if (stage === undefined) return Promise.reject(new Error('nothing listens there'));
        const answer = await abortable(
          stage.call(method as string, params as JsonObject, 'orchestrator'),
          signal,
        );
        return { status: 200, text: JSON.stringify({ jsonrpc: '2.0', id: 1, ...answer }) };
      },
    }),
    tasks: {
      ...platform.tasks,
      async enqueue(task) {
        onEffect('before');
        enqueued.push(task);
        const answer = await platform.tasks.enqueue(task);
        onEffect('after');
        return answer;
      },
    },
    clock,
    log,
    secrets,
    serviceUrl: serviceUrlIn(Object.fromEntries(deployed.map((each) => [each, `http://${each}.invalid`]))),
    deployed,
    signInLinks: createLocalPeople({ token: 'token-of-the-stage', origin: 'http://pages.invalid', clock })
      .links,
    fleet: { stack: 'local', version: '0', dashboardUrl: 'http://pages.invalid' },
    settings: { allowedHosts: [], sliceMs: 60_000, nightlySpreadMs: 0, ...options.settings },
  });
  const { methods, context, taskRoutes = {} } = service;
  const dispatch = createDispatcher({ service: name, version: '0', methods, context, secrets });
  const signal = new AbortController().signal;

  async function call(
    method: string,
    params: JsonObject,
    role: Caller['role'] = 'admin',
  ): Promise<CallAnswer> {
    const trace = startTrace(undefined);
    const origin = { caller: { ...caller, role }, traceId: trace.traceId, signal, log };
    // As text: what travels is what is tested.
    const answer = await dispatch(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }), origin);
    return answer as CallAnswer;
  }

  return {
    store: platform.store,
    clock,
    logged,
    enqueued,
    call,
    async pending(queue) {
      return (await platform.tasks.stats(queue)).pending;
    },
    async result(method, params, role) {
      const { result, error } = await call(method, params, role);
      if (result === undefined) throw new Error(`${method} failed: ${JSON.stringify(error)}`);
      return result;
    },
    async deliver({ url, body, queue, name: taskName }) {
      const route = taskRoutes[new URL(url).pathname.replace('/tasks/', '')];
      if (route === undefined) throw new RangeError(`${name} has no route for ${url}`);
      const exchange = { requestId: 'test', trace: startTrace(undefined), log, signal };
      await route({ ...exchange, body, queue, taskName, retryCount: 0, dueAt: undefined });
    },
    async sweep() {
      await service.sweep?.(signal);
    },
    async openCredential(as, customerId, integrationId) {
      if (as === 'itself') return await readCredential(platform.store, customerId, integrationId);
      const other = await openLocalPlatform({ home, clock, log, mayUnwrap: true });
      try {
        return await readCredential(other.store, customerId, integrationId);
      } finally {
        await other.close();
      }
    },
    async readFiles() {
      const entries = await readdir(home, { recursive: true, withFileTypes: true });
      const paths = entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name));
      return new Map(
        await Promise.all(paths.map(async (path) => [path, await readFile(path, 'latin1')] as const)),
      );
    },
    async close() {
      await service.close?.();
      await platform.close();
      if (options.home === undefined) await rm(home, { recursive: true, force: true });
    },
  };
}

/** As a request over HTTP, which ends with its signal. */
function abortable<R>(work: Promise<R>, signal: AbortSignal): Promise<R> {
  return Promise.race([
    work,
    new Promise<never>((_resolve, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
    ),
  ]);
}
