import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import { createPipelineFixture, owner, type PipelineFixture } from '../../pipeline/pipeline.fixture.ts';
import { noCounts } from '../../report/run-counts.ts';
import { createCall } from '../../rpc/call.fixture.ts';
import { createDispatcher } from '../../rpc/create-dispatcher.ts';
import { putCustomer, readCustomer } from '../../store/customers.ts';
import { listIntegrations, putIntegration } from '../../store/integrations.ts';
import { insertRun, putRunEntityType, type Run, readRun, runs } from '../../store/runs.ts';
import { listRuns } from './list-runs.ts';
import { getRun, reportRun } from './runs.ts';

let fixture: PipelineFixture;

beforeEach(async () => {
  fixture = await createPipelineFixture();
});
afterEach(() => fixture.close());

const { customerId } = owner;

async function call(method: string, params: JsonObject) {
  const { store } = fixture.platform;
  const dispatch = createDispatcher({
    service: 'runs',
    version: '1',
    methods: [getRun, listRuns, reportRun],
    context: { store },
  });
  return (await dispatch({ jsonrpc: '2.0', id: 1, method, params }, createCall())) as {
    readonly result?: JsonObject;
    readonly error?: { readonly data: JsonObject };
  };
}

function listIn(value: JsonValue | undefined): readonly JsonObject[] {
  expect(value).toBeInstanceOf(Array);
  return value as readonly JsonObject[];
}

/** Runs that were asked for at these milliseconds of the day; the same one is allowed. */
async function insertRuns(template: Run, requestedAt: readonly number[], changes: Partial<Run> = {}) {
  const { customerId = template.customerId, integrationId } = changes;
  await fixture.platform.store.transaction(async (transaction) => {
    const isKnown = (await readCustomer(transaction, customerId)) !== undefined;
    if (!isKnown)
      putCustomer(transaction, { customerId, name: customerId, timeZone: 'UTC', schedule: null }, true);
    if (integrationId !== undefined) {
      const other = { customerId, integrationId, vendor: 'paper', connection: {}, settings: {} };
      const found = await listIntegrations(transaction, { customerId, limit: 10 });
      const isNew = found.every((each) => each.integrationId !== integrationId);
      putIntegration(transaction, { ...other, state: 'active' }, isNew);
    }
    for (const ms of requestedAt) {
      const at = new Date(Date.UTC(2026, 0, 1) + ms).toISOString();
      insertRun(transaction, { ...template, ...changes, runId: crypto.randomUUID(), requestedAt: at });
    }
  });
}

describe('runs.get', () => {
  test('shows the run and how far each entity type has come', async () => {
    const { run } = await fixture.sync();

    const { result } = await call('runs.get.v1', { customerId, runId: run.runId });

    expect(result).toMatchObject({
      runId: run.runId,
      state: 'succeeded',
      lastSequence: 6,
      failure: null,
      entityTypes: [
        { entityType: 'org', stage: 'done', announced: 1, counts: { received: 1, created: 1 } },
        { entityType: 'user', stage: 'done', announced: 5, counts: { received: 5, created: 5 } },
      ],
    });
  });

  test('shows entity types in the order of work, also those that began in the same millisecond', async () => {
    const runId = await fixture.start();
    const progress = (entityType: string, startedAt: string) => ({
      customerId,
      runId,
      entityType,
      stage: 'fetching',
      cursor: null,
      pages: 0,
      restarts: [],
      window: null,
      evidence: null,
      position: null,
      counts: noCounts,
      stored: 0,
      plan: null,
      schools: {},
      fieldUpdates: {},
      batch: null,
      joins: {},
      failure: null,
      startedAt,
      finishedAt: null,
    });
    await fixture.platform.store.transaction(async (transaction) => {
      for (const entityType of ['class', 'enrollment', 'course', 'user', 'demographics'])
        putRunEntityType(transaction, progress(entityType, '2026-01-01T00:00:01.000Z'));
      putRunEntityType(transaction, progress('org', '2026-01-01T00:00:00.000Z'));
    });

    const { result } = await call('runs.get.v1', { customerId, runId });

    expect(listIn(result?.entityTypes).map(({ entityType }) => entityType)).toEqual([
      'org',
      'course',
      'class',
      'user',
      'enrollment',
      'demographics',
    ]);
  });

  test.each([
    ['an unknown run', { runId: '8f14e45f-ceea-467f-9c15-2b5bbd5d4a10' }],
    ["another customer's run", { customerId: 'shelbyville' }],
  ])('does not know %s', async (_name, wrong) => {
    const runId = await fixture.start();
    for (const method of ['runs.get.v1', 'runs.report.v1']) {
      const answer = await call(method, { customerId, runId, ...wrong });
      expect(answer.error?.data, method).toMatchObject({ code: 'not_found' });
      expect(answer.result).toBeUndefined();
    }
  });
});

describe('what a run shows', () => {
  test('is what it is for, what it plans, what holds it and who decided', async () => {
    const template = await readRun(fixture.platform.store, customerId, await fixture.start());
    const exceeded = {
      direction: 'toOurs',
      action: 'delete',
      planned: 40,
      allowed: 25,
      stored: 100,
    } as const;
    const none = { create: 0, update: 0, delete: 0 };
    const counts = { toOurs: { ...none, delete: 40 }, toTheirs: none };
    const runId = crypto.randomUUID();
    const heldSince = '2026-01-01T02:00:00.000Z';
    const decision = {
      decision: 'approved',
      by: 'ada',
      at: heldSince,
      reason: null,
      exceeded: { user: [exceeded] },
    } as const;
    await fixture.platform.store.transaction(async (transaction) => {
      const dueAt = '2026-01-08T02:00:00.000Z';
      const held = { state: 'held', heldSince, dueAt, decision, isDryRun: true, recordIds: ['u1'] };
      insertRun(transaction, { ...template, ...held, runId, reverts: template.runId });
      putRunEntityType(transaction, {
        customerId,
        runId,
        entityType: 'user',
        stage: 'planned',
        cursor: null,
        pages: 1,
        restarts: [],
        window: null,
        evidence: null,
        position: null,
        counts: noCounts,
        stored: 100,
        plan: { counts, bySchool: { o1: counts }, conflicts: 2, exceeded: [{ ...exceeded, school: 'o1' }] },
        schools: {},
        fieldUpdates: {},
        batch: null,
        joins: {},
        failure: null,
        startedAt: heldSince,
        finishedAt: null,
      });
    });

    const { result } = await call('runs.get.v1', { customerId, runId });

    expect(result).toMatchObject({
      isDryRun: true,
      reverts: template.runId,
      recordIds: ['u1'],
      state: 'held',
      heldSince,
      expiresAt: '2026-01-08T02:00:00.000Z',
      decision,
      entityTypes: [
        { stage: 'planned', plan: { counts, conflicts: 2, exceeded: [{ ...exceeded, school: 'o1' }] } },
      ],
    });
    const listed = (await call('runs.list.v1', { customerId, state: 'held' })).result;
    const { entityTypes: _entityTypes, ...shown } = result as JsonObject;
    expect(listed).toEqual({ runs: [{ ...shown, totals: noCounts }], next: null });
  });
});

describe('runs.list', () => {
  test.each([
    ['held', 2],
    ['held', 100],
    ['failed', 2],
    ['failed', 100],
  ])("shows a customer's %s runs only, once each, latest first, %i at a time", async (state, limit) => {
    const template = await readRun(fixture.platform.store, customerId, await fixture.start());
    const heldSince = '2026-01-01T00:00:00.000Z';
    await insertRuns(template, [5, 5, 1, 9, 7], { state: 'held', heldSince });
    await insertRuns(template, [2, 8, 8, 4, 6], { state: 'failed' });
    await insertRuns(template, [3], { state, heldSince, customerId: 'shelbyville' });
    await insertRuns(template, [3], { state, heldSince, integrationId: 'other' });

    for (const [integrationId, expected] of [
      [undefined, state === 'held' ? ['9', '7', '5', '5', '3', '1'] : ['8', '8', '6', '4', '3', '2']],
      ['other', ['3']],
    ] as const) {
      const seen: JsonObject[] = [];
      let after: string | undefined;
      do {
        const { result } = await call('runs.list.v1', {
          customerId,
          state,
          limit,
          ...(integrationId === undefined ? {} : { integrationId }),
          ...(after === undefined ? {} : { after }),
        });
        seen.push(...listIn(result?.runs));
        after = (result?.next as string | null) ?? undefined;
      } while (after !== undefined);
      expect(seen.map((run) => (run.requestedAt as string).at(-2))).toEqual(expected);
      expect(new Set(seen.map(({ runId }) => runId)).size).toBe(expected.length);
    }
  });

  test("shows a customer's runs once each, latest first, a page at a time, also where several were asked for at once", async () => {
    const template = await readRun(fixture.platform.store, customerId, await fixture.start());
    await insertRuns(template, [5, 5, 5, 1, 9, 9]);
    await insertRuns(template, [7], { customerId: 'shelbyville' });

    const seen: JsonObject[] = [];
    let after: string | undefined;
    do {
      const { result } = await call('runs.list.v1', {
        customerId,
        limit: 2,
        ...(after === undefined ? {} : { after }),
      });
      seen.push(...listIn(result?.runs));
      after = (result?.next as string | null) ?? undefined;
    } while (after !== undefined);

    expect(new Set(seen.map(({ runId }) => runId)).size).toBe(7);
    expect(seen.map((run) => (run.requestedAt as string).slice(-4, -1))).toEqual([
      '009',
      '009',
      '005',
      '005',
      '005',
      '001',
      '000',
    ]);
    expect(new Set(seen.map((run) => run.customerId))).toEqual(new Set([customerId]));
  });

  test("shows one integration's runs where one is named", async () => {
    const template = await readRun(fixture.platform.store, customerId, await fixture.start());
    await insertRuns(template, [3, 4], { integrationId: 'other' });

    const { result } = await call('runs.list.v1', { customerId, integrationId: 'other' });

    expect(listIn(result?.runs).map(({ integrationId }) => integrationId)).toEqual(['other', 'other']);
    const { error } = await call('runs.list.v1', { customerId, integrationId: 'othre' });
    expect(error?.data).toMatchObject({ code: 'not_found', integrationId: 'othre' });
  });

  test('shows what came of the records of each, all entity types together', async () => {
    const { run } = await fixture.sync();
    const waiting = await fixture.start();

    const { result } = await call('runs.list.v1', { customerId });

    const totals = new Map(listIn(result?.runs).map((listed) => [listed.runId, listed.totals]));
    expect(totals.get(waiting)).toEqual(noCounts);
    expect(totals.get(run.runId)).toEqual({ ...noCounts, received: 6, created: 6 });
  });

  test.each([
    [{ states: ['failed', 'partial'] }, ['7 failed', '5 partial', '3 failed']],
    [{ states: ['failed', 'failed'], state: 'partial', integrationId: 'other' }, ['5 partial', '3 failed']],
    [{ context: 'nightly' }, ['9 succeeded', '3 failed']],
    [{ method: 'grades' }, ['7 failed']],
    [{ method: 'grades.sync.v1', states: ['failed'] }, ['7 failed']],
    [{ method: 'grade' }, []],
    [{ since: '2026-01-01T00:00:00.007Z' }, ['9 succeeded', '7 failed']],
    [{ until: '2026-01-01T00:00:00.007Z', states: ['failed', 'partial'] }, ['5 partial', '3 failed']],
    [
      { since: '2026-01-01T01:00:00.004+01:00', until: '2026-01-01T00:00:00.009Z' },
      ['7 failed', '5 partial'],
    ],
    // On the customer's clock it was the day before.
    [{ since: '2026-01-01' }, []],
    [{ since: '2025-12-31', until: '2025-12-31', method: 'grades' }, ['7 failed']],
    [{ until: '2025-12-30' }, []],
  ])('finds those that are asked for by %j, also one at a time', async (filter, expected) => {
    const { store } = fixture.platform;
    const template = await readRun(store, customerId, await fixture.start());
    await store.transaction(async (transaction) => {
      putCustomer(transaction, { customerId, name: 'A', timeZone: 'America/Chicago' }, false);
      transaction.delete(runs, template);
    });
    await insertRuns(template, [9], { state: 'succeeded', context: 'nightly' });
    await insertRuns(template, [7], { state: 'failed', method: 'grades.sync.v1' });
    await insertRuns(template, [5], { state: 'partial', integrationId: 'other' });
    await insertRuns(template, [3], { state: 'failed', context: 'nightly', integrationId: 'other' });

    for (const limit of [1, 100]) {
      const seen: string[] = [];
      let after: JsonValue = null;
      do {
        const page: JsonObject = { customerId, limit, ...filter, ...(after === null ? {} : { after }) };
        const { result, error } = await call('runs.list.v1', page);
        expect(error).toBeUndefined();
        for (const run of listIn(result?.runs))
          seen.push(`${(run.requestedAt as string).at(-2)} ${run.state as string}`);
        after = result?.next ?? null;
      } while (after !== null);
      expect(seen).toEqual(expected);
    }
  });

  test.each([
    [{ since: 'yesterday' }, '/since'],
    [{ until: '2026-02-30' }, '/until'],
    [{ states: [] }, '/states'],
    [{ states: ['lost'] }, '/states/0'],
    [{ method: 'Rosters!' }, '/method'],
    [{ context: 'weekly' }, '/context'],
  ])('says what is the matter with %j', async (filter, pointer) => {
    const { error } = await call('runs.list.v1', { customerId, ...filter });
    expect(error?.data).toMatchObject({ code: 'invalid_params', issues: [{ pointer }] });
  });

  test.each([
    ["another customer's run", { customerId: 'shelbyville' }],
    ["another integration's run", { integrationId: 'other' }],
    ['a run that is not there', { after: '8f14e45f-ceea-467f-9c15-2b5bbd5d4a10' }],
  ])('does not go on after %s', async (_name, wrong) => {
    const after = await fixture.start();
    const { error } = await call('runs.list.v1', { customerId, after, ...wrong });
    expect(error?.data).toMatchObject({ code: 'not_found' });
  });
});

test.each(['runs.list.v1', 'runs.get.v1', 'runs.report.v1'])(
  "a vendor's %s does not know a customer that is not there",
  async (method) => {
    const runId = '8f14e45f-ceea-467f-9c15-2b5bbd5d4a10';
    const { error } = await call(method, {
      customerId: 'springfeild',
      ...(method === 'runs.list.v1' ? {} : { runId }),
    });
    expect(error?.data).toMatchObject({ code: 'not_found', customerId: 'springfeild' });
  },
);
