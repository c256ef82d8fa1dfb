import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../clock/clock.manual.ts';
import { insertRun, readRun } from '../../store/runs.ts';
import type { TaskRequest } from '../../tasks/task-queue.ts';
import type { RunWorker } from '../parts.ts';
import { createPipelineFixture, owner, type PipelineFixture } from '../pipeline.fixture.ts';
import { startRun } from './start-run.ts';
import { sweepRuns } from './sweep-runs.ts';

const minuteMs = 60_000;

let clock: ManualClock;
let fixture: PipelineFixture;
let created: TaskRequest[];
let worker: RunWorker;

beforeEach(async () => {
  clock = createManualClock();
  fixture = await createPipelineFixture({ clock });
  created = [];
  const { tasks } = fixture.platform;
  worker = {
    ...fixture.worker,
    tasks: {
      ...tasks,
      async enqueue(task) {
        const answer = await tasks.enqueue(task);
        if (answer.created) created.push(task);
        return answer;
      },
    },
  };
});
afterEach(() => fixture.close());

function sweep() {
  return sweepRuns(worker, 'paper-school');
}

async function start(startAt?: number): Promise<string> {
  const later = startAt === undefined ? {} : { startAt };
  const request = {
    ...owner,
    context: 'nightly',
    method: 'nightly.run.v1',
    entityTypes: [],
    ...later,
  } as const;
  return (await startRun(worker, request)).runId;
}

/** A run whose process died between its row and its task. */
async function startWithoutTask(startAt?: number): Promise<string> {
  const runId = await start(startAt);
  const run = await readRun(worker.store, owner.customerId, runId);
  const orphan = { ...run, runId: crypto.randomUUID() };
  await worker.store.transaction(async (transaction) => insertRun(transaction, orphan));
  while ((await fixture.deliver(runId, { worker })) !== 'finished');
  return orphan.runId;
}

async function sliceOf(runId: string): Promise<number> {
  return (await readRun(worker.store, owner.customerId, runId)).slice;
}

describe('the sweep', () => {
  test('creates the task of a run that has none, once', async () => {
    const runId = await startWithoutTask();
    created = [];

    expect(await sweep()).toEqual({ open: 1, revived: 1 });
    expect(await sweep()).toEqual({ open: 1, revived: 0 });

    expect(created).toMatchObject([{ name: `${runId}-0`, body: { runId, slice: 0 } }]);
  });

  test('creates a lost task for the time at which it was due', async () => {
    const startAt = clock.now() + 45 * minuteMs;
    const runId = await startWithoutTask(startAt);
    created = [];

    await sweep();

    expect(created).toMatchObject([{ name: `${runId}-0`, scheduleAt: startAt }]);
  });

  test('leaves a healthy run alone, whether it waits, has worked lately or has ended', async () => {
    const [worked, waits] = [await start(), await start()];
    expect(await fixture.deliver(worked, { worker: { ...worker, sliceMs: 0 } })).toBe('continued');
    created = [];
    for (const minutes of [0, 5, 24]) {
      await clock.advance(minutes * minuteMs);
      expect(await sweep()).toEqual({ open: 2, revived: 0 });
    }
    expect([await sliceOf(worked), await sliceOf(waits)]).toEqual([1, 0]);
    for (const runId of [worked, waits]) while ((await fixture.deliver(runId, { worker })) !== 'finished');

    await clock.advance(600 * minuteMs);
    expect(await sweep()).toEqual({ open: 0, revived: 0 });
  });

  test.each([
    [30, 0],
    [31, 1],
  ])('of a run that never began and has been silent for %d minutes revives %d', async (minutes, revived) => {
    const runId = await start();
    await clock.advance(minutes * minuteMs);

    expect(await sweep()).toEqual({ open: 1, revived });

    expect(await sliceOf(runId)).toBe(revived);
  });

  test('moves a run whose worker fell silent to its next slice, when its lease has been over for half an hour', async () => {
    const runId = await start();
    await fixture.deliver(runId, { worker: { ...worker, sliceMs: 0 } });
    created = [];

    // The lease goes on for ten minutes after the last commit.
    await clock.advance(40 * minuteMs);
    expect(await sweep()).toEqual({ open: 1, revived: 0 });
    await clock.advance(1);
    expect(await sweep()).toEqual({ open: 1, revived: 1 });

    expect(created).toMatchObject([{ name: `${runId}-2` }]);
    while ((await fixture.deliver(runId, { worker })) !== 'finished');
    expect((await fixture.outcome(runId)).run.state).toBe('succeeded');
  });

  test('gives a run that it has moved its half hour before it moves it again', async () => {
    const runId = await start();
    await clock.advance(31 * minuteMs);
    await sweep();

    for (let passed = 5; passed <= 30; passed += 5) {
      await clock.advance(5 * minuteMs);
      expect(await sweep(), `${passed} minutes later`).toEqual({ open: 1, revived: 0 });
    }

    await clock.advance(5 * minuteMs);
    expect(await sweep()).toEqual({ open: 1, revived: 1 });
    expect(await sliceOf(runId)).toBe(2);
  });

  test('does not begin a run of the night before its place in the window, however late that is', async () => {
    const startAt = clock.now() + 180 * minuteMs;
    const runId = await start(startAt);
    for (let passed = 0; passed < 180; passed += 20) {
      expect(await sweep(), `after ${passed} minutes`).toEqual({ open: 1, revived: 0 });
      await clock.advance(20 * minuteMs);
    }
    expect(created).toMatchObject([{ name: `${runId}-0`, scheduleAt: startAt }]);
  });

  test('does not ask a vendor again before the time that it named', async () => {
    fixture.school.addFault(`GET /users: 429 retry-after=${120 * 60} times=1`);
    const runId = await start();
    expect(await fixture.deliver(runId, { worker })).toBe('waiting');
    created = [];

    for (let passed = 0; passed < 120; passed += 20) {
      expect(await sweep(), `after ${passed} minutes`).toEqual({ open: 1, revived: 0 });
      await clock.advance(20 * minuteMs);
    }

    expect(created).toEqual([]);
    expect(await sliceOf(runId)).toBe(1);
  });

  test("looks at its own vendor's runs only", async () => {
    await startWithoutTask();
    expect(await sweepRuns(worker, 'another-school')).toEqual({ open: 0, revived: 0 });
  });

  test('sees every open run when there are more than it reads at a time', async () => {
    const first = await readRun(worker.store, owner.customerId, await start());
    const orphans = Array.from({ length: 230 }, () => ({ ...first, runId: crypto.randomUUID() }));
    await worker.store.transaction(async (transaction) => {
      for (const run of orphans) insertRun(transaction, run);
    });

    expect(await sweep()).toEqual({ open: 231, revived: 230 });
    expect(await sweep()).toEqual({ open: 231, revived: 0 });
  });
});
