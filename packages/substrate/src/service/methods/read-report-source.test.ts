import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import { createPipelineFixture, owner, type PipelineFixture } from '../../pipeline/pipeline.fixture.ts';
import { createCall } from '../../rpc/call.fixture.ts';
import { createDispatcher } from '../../rpc/create-dispatcher.ts';
import { putPushes } from '../../store/pushes.ts';
import { insertRun } from '../../store/runs.ts';
import { reportRun } from './runs.ts';

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
    methods: [reportRun],
    context: { store },
  });
  return (await dispatch({ jsonrpc: '2.0', id: 1, method, params }, createCall())) as {
    readonly result?: JsonObject;
  };
}

function listIn(value: JsonValue | undefined): readonly JsonObject[] {
  expect(value).toBeInstanceOf(Array);
  return value as readonly JsonObject[];
}

describe('runs.report', () => {
  test("names this run's changes and no other run's", async () => {
    const first = await fixture.sync();
    fixture.school.data.users[0] = { ...fixture.school.data.users[0], given: 'Renamed' };
    const second = await fixture.sync();
    const third = await fixture.sync();

    const reports = [];
    for (const { run } of [first, second, third])
      reports.push((await call('runs.report.v1', { customerId, runId: run.runId })).result);

    expect(reports.map((report) => listIn(report?.changes).length)).toEqual([6, 1, 0]);
    expect(reports[1]?.changes).toMatchObject([
      {
        entityType: 'user',
        recordId: 'u1',
        action: 'update',
        fields: [{ pointer: '/givenName', before: 'Given 1', after: 'Renamed' }],
      },
    ]);
  });

  test('shows as many changes and problems as were asked for, and says how many it leaves out', async () => {
    fixture.school.data.users.push({ id: 'x1' }, { id: 'x2' }, { id: 'x3' });
    const { run } = await fixture.sync();

    for (const [limit, shown] of [
      [0, 0],
      [2, 2],
      [1000, 6],
    ] as const) {
      const params = { customerId, runId: run.runId, changes: limit, problems: limit };
      const { result } = await call('runs.report.v1', params);
      const quarantined = listIn(result?.problems).filter(({ code }) => code === 'record_quarantined');
      expect(result?.changes).toHaveLength(shown);
      expect(result?.changesOmitted).toBe(6 - shown);
      expect(quarantined).toHaveLength(Math.min(limit, 3));
      expect(result?.problemsOmitted).toBe(3 - Math.min(limit, 3));
    }
  });

  test('of a run that failed tells of the latest whole one that went well since, and of no dry run', async () => {
    const stored = (await fixture.sync()).run;
    const failed = {
      ...stored,
      runId: '8f14e45f-ceea-467f-9c15-2b5bbd5d4a10',
      state: 'failed',
      requestedAt: stored.requestedAt,
    };
    const later = async (runId: string, seconds: number, rest: object) => {
      const requestedAt = new Date(Date.parse(stored.requestedAt) + seconds * 1_000).toISOString();
      const run = { ...stored, runId, requestedAt, finishedAt: requestedAt, entityTypes: [], ...rest };
      await fixture.platform.store.transaction(async (transaction) => insertRun(transaction, run));
      return requestedAt;
    };
    await fixture.platform.store.transaction(async (transaction) => insertRun(transaction, failed));
    const at = await later('well-1', 10, {});
    await later('dry-1', 20, { isDryRun: true });
    await later('part-1', 30, { entityTypes: ['user'] });

    const { result } = await call('runs.report.v1', {
      customerId,
      runId: '8f14e45f-ceea-467f-9c15-2b5bbd5d4a10',
    });
    expect(result?.laterSuccess).toEqual({ runId: 'well-1', at });
  });

  test('of a run that waits says so', async () => {
    const { result } = await call('runs.report.v1', { customerId, runId: await fixture.start() });
    expect(result).toMatchObject({ state: 'queued', steps: [], changes: [], problems: [], startedAt: null });
  });

  test('of a run that was broken off counts what the vendor was sent and nobody knows of', async () => {
    const { run } = await fixture.sync();
    const { store } = fixture.platform;
    const push = {
      customerId,
      entityType: 'user',
      action: 'update',
      before: { a: 1 },
      after: { a: 2 },
      ours: null,
      version: 1,
      assignedId: null,
      failure: null,
      intendedAt: run.requestedAt,
      finishedAt: null,
    };
    const failure = { code: 'internal', message: 'The run was broken off', data: {} } as const;
    const broken = { ...run, runId: crypto.randomUUID(), state: 'failed', failure, firstSequence: null };
    await store.transaction(async (transaction) => {
      insertRun(transaction, broken);
      putPushes(
        transaction,
        ['u1', 'u2', 'u3'].map((recordId) => ({ ...push, runId: broken.runId, recordId, state: 'intended' })),
      );
    });

    const { result } = await call('runs.report.v1', { customerId, runId: broken.runId, changes: 2 });

    expect(result?.verdict).toContain('Whether the vendor took 3 records is not known');
    expect(listIn(result?.pushes).map(({ recordId, state }) => [recordId, state])).toEqual([
      ['u1', 'intended'],
      ['u2', 'intended'],
    ]);
    expect(result?.pushesOmitted).toBe(1);
  });
});
