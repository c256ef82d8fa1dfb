import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Failure } from '../../failure/failure.ts';
import { integrations, readIntegration } from '../../store/integrations.ts';
import { listRuns } from '../../store/list-runs.ts';
import { readRun, runs } from '../../store/runs.ts';
import type { TaskRequest } from '../../tasks/task-queue.ts';
import type { RunWorker } from '../parts.ts';
import { createPipelineFixture, owner, type PipelineFixture } from '../pipeline.fixture.ts';
import { enqueueNextSlice, type RunRequest, startRun } from './start-run.ts';

let fixture: PipelineFixture;
let enqueued: TaskRequest[];
let starter: RunWorker;

beforeEach(async () => {
  fixture = await createPipelineFixture();
  enqueued = [];
  const { tasks } = fixture.platform;
  starter = {
    ...fixture.worker,
    tasks: {
      ...tasks,
      enqueue(task) {
        enqueued.push(task);
        return tasks.enqueue(task);
      },
    },
  };
});
afterEach(() => fixture.close());

const request: RunRequest = {
  ...owner,
  context: 'manual',
  method: 'rosters.sync.v1',
  entityTypes: ['org', 'user'],
};

function allRuns() {
  return listRuns(fixture.platform.store, { customerId: owner.customerId, limit: 100 });
}

describe('starting a run', () => {
  test('commits its row and one task, in the queue of its context', async () => {
    const { runId, created } = await startRun(starter, { ...request, context: 'realtime' });

    expect(created).toBe(true);
    expect(await readRun(fixture.platform.store, owner.customerId, runId)).toMatchObject({
      ...owner,
      vendor: 'paper-school',
      context: 'realtime',
      method: 'rosters.sync.v1',
      entityTypes: ['org', 'user'],
      state: 'queued',
      slice: 0,
      night: null,
      requestedAt: '2026-01-01T00:00:00.000Z',
      startedAt: null,
      finishedAt: null,
    });
    expect(enqueued).toEqual([
      {
        queue: 'paper-school-realtime',
        name: `${runId}-0`,
        url: 'http://127.0.0.1:1/tasks/run-slice',
        body: { customerId: owner.customerId, runId, slice: 0 },
      },
    ]);
  });

  test('without an idempotency key is another run each time', async () => {
    const [first, second] = [await startRun(starter, request), await startRun(starter, request)];
    expect(first.runId).not.toBe(second.runId);
    expect(await allRuns()).toHaveLength(2);
  });

  test('twice with one key, one after the other or at the same moment, is one run with one task', async () => {
    const keyed = { ...request, idempotencyKey: 'night' };

    const answers = await Promise.all([1, 2, 3, 4].map(() => startRun(starter, keyed)));
    answers.push(await startRun(starter, keyed));

    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(answers.map(({ runId }) => runId)).size).toBe(1);
    expect(await allRuns()).toHaveLength(1);
    expect((await starter.tasks.stats('paper-school-manual')).pending).toBe(1);
  });

  test('with the same key for another method or integration is another run', async () => {
    await fixture.platform.store.transaction(async (transaction) => {
      const integration = await readIntegration(transaction, owner.customerId, owner.integrationId);
      transaction.insert(integrations, { ...integration, integrationId: 'second' });
    });
    const keyed = { ...request, idempotencyKey: 'night' };
    const ids = [
      await startRun(starter, keyed),
      await startRun(starter, { ...keyed, method: 'grades.sync.v1' }),
      await startRun(starter, { ...keyed, integrationId: 'second' }),
      await startRun(starter, { ...keyed, idempotencyKey: 'night2' }),
    ].map(({ runId }) => runId);
    expect(new Set(ids).size).toBe(4);
    expect(
      ids.filter((id) => !/^[0-9a-f]{8}-[0-9a-f]{4}-[48][0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/.test(id)),
    ).toEqual([]);
  });

  test.each([
    ['a paused integration', { state: 'paused' }, {}, 'invalid_params'],
    ['an integration that is not there', {}, { integrationId: 'nowhere' }, 'not_found'],
    ["another customer's integration", {}, { customerId: 'shelbyville' }, 'not_found'],
  ])('of %s is refused, and nothing is left behind', async (_name, changed, asked, code) => {
    await fixture.platform.store.transaction(async (transaction) =>
      transaction.update(integrations, { ...owner, ...changed }),
    );

    await expect(startRun(starter, { ...request, ...asked })).rejects.toMatchObject({ code });

    expect(await fixture.platform.store.scan(runs)).toEqual([]);
    expect(enqueued).toEqual([]);
  });

  test('of a vendor that has no service in the fleet is refused, and no run is left that nobody would work on', async () => {
    const withoutService: RunWorker = {
      ...starter,
      serviceUrl(service) {
        throw new Failure('config_invalid', 'This service is not part of the fleet', { data: { service } });
      },
    };

    await expect(startRun(withoutService, request)).rejects.toMatchObject({ code: 'config_invalid' });

    expect(await allRuns()).toEqual([]);
  });

  test('whose task could not be queued leaves a row; asked again with the key, it gets its task', async () => {
    const keyed = { ...request, idempotencyKey: 'night' };
    const broken: RunWorker = {
      ...starter,
      tasks: {
        ...starter.tasks,
        enqueue: () => Promise.reject(new Failure('unavailable', 'The queue does not answer')),
      },
    };
    await expect(startRun(broken, keyed)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await allRuns()).toHaveLength(1);

    expect(await startRun(starter, keyed)).toMatchObject({ created: false });

    expect((await starter.tasks.stats('paper-school-manual')).pending).toBe(1);
  });

  test('for later keeps its time, also when the start is repeated later', async () => {
    const startAt = starter.clock.now() + 3_600_000;
    const keyed = { ...request, idempotencyKey: 'night' };
    await startRun(starter, { ...keyed, startAt });
    await startRun(starter, { ...keyed, startAt: startAt + 60_000 });
    expect(enqueued.map(({ scheduleAt }) => scheduleAt)).toEqual([startAt, startAt]);
  });
});

describe('moving a run on', () => {
  test('queues the next slice once, whoever else moves it at the same moment', async () => {
    const { runId } = await startRun(starter, request);
    const run = await readRun(starter.store, owner.customerId, runId);

    const moved = await Promise.all([enqueueNextSlice(starter, run), enqueueNextSlice(starter, run)]);

    expect(moved.filter((isMine) => isMine)).toHaveLength(1);
    expect(await readRun(starter.store, owner.customerId, runId)).toMatchObject({ slice: 1 });
    expect(enqueued.map(({ name }) => name)).toEqual([`${runId}-0`, `${runId}-1`]);
  });

  test('that has ended meanwhile does nothing', async () => {
    const { runId } = await startRun(starter, request);
    const run = await readRun(starter.store, owner.customerId, runId);
    while ((await fixture.deliver(runId)) !== 'finished');

    expect(await enqueueNextSlice(starter, run)).toBe(false);

    expect(enqueued).toHaveLength(1);
  });
});
