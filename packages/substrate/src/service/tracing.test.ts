import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { createManualClock } from '../clock/clock.manual.ts';
import { systemClock } from '../clock/clock.system.ts';
import { readConfig } from '../config/config.ts';
import { decodeChanges } from '../egress/decode-changes.ts';
import { changesTopic } from '../egress/relay.ts';
import { createLog } from '../observability/create-log.ts';
import { createSecrets } from '../observability/secrets.ts';
import { parseTraceparent } from '../observability/trace.ts';
import { openOtlpTracer } from '../observability/tracing.otlp.ts';
import { createPaperSchool, paperCredential, paperSchool } from '../pipeline/paper-school.fixture.ts';
import { createDispatcher } from '../rpc/create-dispatcher.ts';
import { putCustomer } from '../store/customers.ts';
import { putCredential, putIntegration } from '../store/integrations.ts';
import { localSettings } from './fleet-settings.ts';
import { createHttpShell } from './http-shell.ts';
import { createShutdown } from './shutdown.ts';
import { openLocalStack } from './stack.local.ts';
import { traceParts } from './traced-parts.ts';
import { vendorService } from './vendor-service.ts';

const token = 'a-token-for-tests-0123456789';
const owner = { customerId: 'springfield', integrationId: 'paper-school' };

interface SentSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly { readonly key: string; readonly value: unknown }[];
}

interface SentTraces {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly SentSpan[] }[];
  }[];
}

/** What a collector is sent. */
async function openReceiver() {
  const spans: SentSpan[] = [];
  const server = createServer((request, response) => {
    void json(request).then((sent) => {
      for (const { scopeSpans } of (sent as SentTraces).resourceSpans)
        for (const scope of scopeSpans) spans.push(...scope.spans);
      response.setHeader('content-type', 'application/json').end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { spans, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** A service of a vendor that takes its own changes to the warehouse: all that a fleet does, in one process, behind one door. */
async function openService(endpoint: string) {
  const home = await mkdtemp(join(tmpdir(), 'flotilla-tracing-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const school = createPaperSchool();
  const baseUrl = await school.listen();
  onTestFinished(() => school.close());
  const clock = systemClock;
  const secrets = createSecrets();
  const lines: string[] = [];
  const log = createLog({
    service: 'test',
    version: '0',
    clock,
    secrets,
    format: 'json',
    projectId: 'school-sync',
    destination: { write: (line) => lines.push(line) },
  });
  const shutdown = createShutdown({ log, clock });
  const definition = vendorService(paperSchool);
  const config = readConfig(localSettings, {
    FLOTILLA_HOME: home,
    FLOTILLA_TOKEN: token,
    FLOTILLA_SERVICES: '{}',
    PORT: '0',
  });
  const stack = await openLocalStack(config, { clock, log, secrets, definition });
  const { store, vault } = stack.platform;
  const tracer = await openOtlpTracer({ service: 'test', version: '0', endpoint, ratio: 1, clock });
  const parts = traceParts(stack.platform);
  const warehouse = await parts.openWarehouse();
  await warehouse.ensureTables(['org', 'user'].map((entityType) => ({ entityType, fields: [] })));
  let url = '';
  const service = await definition.open({
    ...parts,
    store,
    vault,
    clock,
    log,
    secrets,
    peers: stack.peers,
    serviceUrl: () => url,
    deployed: ['paper-school'],
    fleet: { stack: 'local', version: '1.0.0', dashboardUrl: undefined },
    settings: { allowedHosts: ['127.0.0.1'], sliceMs: 60_000, nightlySpreadMs: 0 },
  });
  const { methods, context } = service;
  const shell = createHttpShell({
    dispatch: createDispatcher({ service: 'test', version: '0', methods, context, secrets }),
    authenticator: stack.authenticator,
    taskRoutes: service.taskRoutes ?? {},
    pushRoutes: {
      async changes(delivery) {
        for (const [entityType, changes] of Map.groupBy(
          decodeChanges(delivery),
          (change) => change.entityType,
        ))
          await warehouse.append(entityType, changes);
      },
    },
    shutdown,
    log,
    clock,
    tracer,
  });
  ({ url } = await shell.listen(0));
  const times = { ackDeadlineMs: 10_000, minBackoffMs: 10, maxBackoffMs: 10, maxDeliveryAttempts: 5 };
  const changes = {
    name: 'warehouse',
    topic: changesTopic,
    route: 'changes',
    maxConcurrentPushes: 1,
    ...times,
  };
  await stack.attach({ queues: service.queues ?? [], subscriptions: [changes] }, url, shutdown);
  shutdown.addCloser('tracer', () => tracer.close());
  shutdown.addCloser('warehouse', () => warehouse.close());
  shutdown.addCloser('platform', () => stack.platform.close());
  await store.transaction(async (transaction) => {
    putCustomer(transaction, { customerId: owner.customerId, name: 'Springfield', timeZone: 'UTC' }, true);
    const rest = { connection: { baseUrl }, settings: { disabledEntityTypes: [] } };
    putIntegration(transaction, { ...owner, vendor: 'paper-school', state: 'active', ...rest }, true);
  });
  await vault.prepare(owner);
  await store.transaction(async (transaction) =>
    putCredential(transaction, owner.customerId, owner.integrationId, paperCredential),
  );
  return { url, lines, warehouse, end: () => shutdown.begin('the test is over') };
}

test("one sync's spans are one tree, from the call over tasks and requests to the rows in the warehouse, and carry ids and counts alone", async () => {
  const { spans, endpoint } = await openReceiver();
  const { url, lines, warehouse, end } = await openService(endpoint);
  const caller = parseTraceparent('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');

  const response = await fetch(`${url}/rpc`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      traceparent: `00-${caller?.traceId}-${caller?.spanId}-01`,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'rosters.sync.v1', params: owner }),
  });
  expect(await response.json()).toMatchObject({ result: { created: true } });
  for (let round = 0; round < 400 && (await warehouse.progress(owner)).changes < 6; round++)
    await systemClock.sleep(10);
  expect(await end()).toBe(0);

  expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([caller?.traceId]));
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  function pathTo({ name, parentSpanId = '' }: SentSpan): string {
    const parent = byId.get(parentSpanId);
    return parent === undefined ? `${parentSpanId} > ${name}` : `${pathTo(parent)} > ${name}`;
  }
  const slice = `${caller?.spanId} > rpc > rosters.sync.v1 > enqueue > task > slice`;
  const paths = new Set(spans.map(pathTo));
  expect([...paths]).toEqual(
    expect.arrayContaining([`${slice} > vendor request`, `${slice} > publish > push > append`]),
  );
  expect([...paths].filter((path) => !path.startsWith(caller?.spanId ?? '-'))).toEqual([]);

  const attributes = new Set(spans.flatMap((span) => span.attributes.map(({ key }) => key)));
  expect([...attributes].sort()).toEqual(
    [
      'attempt',
      'bytes',
      'customerId',
      'entityType',
      'messages',
      'method',
      'purpose',
      'queue',
      'rows',
      'runId',
      'slice',
      'status',
      'topic',
    ].map((name) => `flotilla.${name}`),
  );
  expect(JSON.stringify(spans)).not.toContain(paperCredential.password);
  const line = lines
    .map((text) => JSON.parse(text) as Record<string, unknown>)
    .find(({ message }) => message === 'A slice of a run ended');
  expect(line?.['logging.googleapis.com/trace']).toBe(`projects/school-sync/traces/${caller?.traceId}`);
  expect(byId.get(String(line?.['logging.googleapis.com/spanId']))?.name).toBe('task');
});

test('a collector that never answers holds up the end of a process for no longer than it may', async () => {
  const server = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const clock = createManualClock();
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const tracer = await openOtlpTracer({ service: 'test', version: '0', endpoint, ratio: 1, clock });
  tracer.begin({ name: 'work' }, undefined).end();
  const asked = once(server, 'request');

  const closed = tracer.close();
  await asked;
  await clock.advance(700);

  await closed;
  expect(clock.sleeping).toBe(0);
});

test('of the traces a share is kept by their ids, alike in every service, and whole where the sender keeps it', async () => {
  const kept = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', sampled: true };
  const clock = createManualClock();
  const options = { service: 'test', version: '0', endpoint: 'http://127.0.0.1:9', clock };
  const none = await openOtlpTracer({ ...options, ratio: 0 });

  const span = none.begin({ name: 'work' }, undefined);
  const within = none.begin({ name: 'work' }, kept);
  const unkept = none.begin({ name: 'work' }, { ...kept, sampled: false });

  expect(span.trace.sampled).toBe(false);
  expect(within.trace).toMatchObject({ traceId: kept.traceId, sampled: true });
  // Logs name it all the same.
  expect(unkept.trace).toMatchObject({ traceId: kept.traceId, sampled: false });
  expect(unkept.trace.spanId).not.toBe(kept.spanId);
});
