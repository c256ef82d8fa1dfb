import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createManualClock } from '../clock/clock.manual.ts';
import { systemClock } from '../clock/clock.system.ts';
import { startCrashChild } from './crash-child.fixture.ts';
import { testTaskQueue } from './task-queue.contract.ts';
import { type LocalTaskQueue, type LocalTaskQueueOptions, openLocalTaskQueue } from './task-queue.local.ts';
import { type QueueSettings, taskHeaders } from './task-queue.ts';
import { startTestReceiver } from './test-receiver.fixture.ts';

const child = new URL('./task-queue.local.child.ts', import.meta.url);

const settings: QueueSettings = {
  name: 'work',
  rate: { maxDispatchesPerSecond: 500, maxConcurrentDispatches: 10 },
  retry: { maxAttempts: 3, minBackoffMs: 20, maxBackoffMs: 50, maxDoublings: 1 },
  dispatchDeadlineMs: 15_000,
};

async function createFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'task-queue-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

async function openQueue(folder: string, options: Partial<LocalTaskQueueOptions> = {}) {
  const queue = await openLocalTaskQueue({
    path: join(folder, 'tasks.sqlite'),
    clock: systemClock,
    ...options,
  });
  onTestFinished(() => queue.close());
  return queue;
}

async function receive(...args: Parameters<typeof startTestReceiver>) {
  const receiver = await startTestReceiver(...args);
  onTestFinished(() => receiver.close());
  return receiver;
}

testTaskQueue(
  'local',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'task-queue-'));
    const clock = createManualClock();
    const queue = await openLocalTaskQueue({ path: join(folder, 'tasks.sqlite'), clock });
    return {
      queue,
      clock,
      serve: async (queueSettings) => {
        queue.startDispatcher({ queues: [queueSettings], tokenFor: () => 'the-token' });
      },
      isGenuine: (authorization) => authorization === 'Bearer the-token',
      close: async () => {
        await queue.close();
        await rm(folder, { recursive: true });
      },
    };
  },
  50,
);

describe('local task queue', () => {
  test('a task enqueued before anyone serves its queue waits in the file, over a restart', async () => {
    const folder = await createFolder();
    const receiver = await receive(() => ({ status: 200 }));
    const first = await openQueue(folder);
    await first.enqueue({ queue: 'work', name: 'early', url: receiver.url, body: 1 });
    await first.close();

    const second = await openQueue(folder);
    second.startDispatcher({ queues: [settings], tokenFor: () => 'token' });

    await expect.poll(() => receiver.received.length).toBe(1);
    await expect.poll(async () => (await second.stats('work')).running).toBe(0);
    expect(await second.enqueue({ queue: 'work', name: 'early', url: receiver.url, body: 1 })).toMatchObject({
      created: false,
    });
  });

  test('a back-off under way ends at its time though the dispatcher was restarted meanwhile', async () => {
    const folder = await createFolder();
    let failures = 1;
    const receiver = await receive(() => ({ status: failures-- > 0 ? 500 : 200 }));
    const slow = { ...settings, retry: { ...settings.retry, minBackoffMs: 600, maxBackoffMs: 600 } };
    const first = await openQueue(folder);
    first.startDispatcher({ queues: [slow], tokenFor: () => 'token' });
    await first.enqueue({ queue: 'work', url: receiver.url, body: 1 });
    await expect.poll(() => receiver.received.length).toBe(1);
    await expect.poll(async () => (await first.stats('work')).pending).toBe(1);
    await first.close();

    const second = await openQueue(folder);
    second.startDispatcher({ queues: [slow], tokenFor: () => 'token' });
    await expect.poll(() => receiver.received.length).toBe(2);

    const waited = (receiver.received[1]?.at ?? 0) - (receiver.received[0]?.at ?? 0);
    expect(waited).toBeGreaterThanOrEqual(599);
    expect(receiver.received[1]?.headers[taskHeaders.retryCount]).toBe('1');
  });

  test('an ended task’s name is free again after the de-duplication window, and its dead letter stays', async () => {
    const folder = await createFolder();
    const clock = createManualClock();
    const queue = await openQueue(folder, { clock });
    const receiver = await receive((push) => ({ status: push.body === 'good' ? 200 : 400 }));
    const once = { ...settings, retry: { ...settings.retry, maxAttempts: 1 } };
    queue.startDispatcher({ queues: [once], tokenFor: () => 'token' });
    const good = { queue: 'work', name: 'good', url: receiver.url, body: 'good' };
    const bad = { queue: 'work', name: 'bad', url: receiver.url, body: 'bad' };
    async function untilIdle() {
      await expect
        .poll(async () => (await clock.advance(25), queue.stats('work')), { interval: 5 })
        .toMatchObject({ pending: 0, running: 0 });
    }
    for (const task of [good, bad]) expect((await queue.enqueue(task)).created).toBe(true);
    await untilIdle();

    await clock.advance(3_590_000);
    for (const task of [good, bad]) expect((await queue.enqueue(task)).created).toBe(false);
    await clock.advance(20_000);
    for (const task of [good, bad]) expect((await queue.enqueue(task)).created).toBe(true);
    const [dead] = await queue.listDead('work');
    await expect(queue.replayDead('work', dead?.id ?? '')).rejects.toMatchObject({ code: 'already_exists' });
    await untilIdle();

    expect(receiver.received).toHaveLength(4);
    expect((await queue.listDead('work')).map(({ name }) => name)).toEqual(['bad', 'bad']);
  });

  test('two dispatchers of one queue together keep its concurrency and its rate', async () => {
    const folder = await createFolder();
    let running = 0;
    let most = 0;
    const receiver = await receive(async () => {
      most = Math.max(most, ++running);
      await wait(60);
      running--;
      return { status: 200 };
    });
    const limited = { ...settings, rate: { maxDispatchesPerSecond: 40, maxConcurrentDispatches: 3 } };
    const queues = await Promise.all([openQueue(folder), openQueue(folder)]);
    for (const queue of queues) queue.startDispatcher({ queues: [limited], tokenFor: () => 'token' });

    await Promise.all(
      Array.from({ length: 60 }, (_, body) =>
        (queues[body % 2] as LocalTaskQueue).enqueue({ queue: 'work', url: receiver.url, body }),
      ),
    );
    await expect.poll(() => receiver.received.length, { timeout: 10_000 }).toBe(60);

    expect(most).toBe(3);
    const elapsedMs = (receiver.received.at(-1)?.at ?? 0) - (receiver.received[0]?.at ?? 0);
    expect(elapsedMs).toBeGreaterThanOrEqual(((60 - 5) / 40) * 1000);
  });

  test('a dispatcher that stops lets its tasks finish, and gives back what takes longer than the grace period', async () => {
    const folder = await createFolder();
    const receiver = await receive(async (push) => {
      await wait(push.body === 'quick' ? 100 : 5_000);
      return { status: 200 };
    });
    const queue = await openQueue(folder);
    const dispatcher = queue.startDispatcher({ queues: [settings], tokenFor: () => 'token', graceMs: 400 });
    for (const body of ['quick', 'slow'])
      await queue.enqueue({ queue: 'work', name: body, url: receiver.url, body });
    await expect.poll(() => receiver.received.length).toBe(2);
    await queue.enqueue({
      queue: 'work',
      name: 'late',
      url: receiver.url,
      body: 'late',
      scheduleAt: Date.now() + 50,
    });

    const startedAt = Date.now();
    await dispatcher.stop();

    expect(Date.now() - startedAt).toBeLessThan(1_500);
    expect(await queue.stats('work')).toMatchObject({ pending: 2, running: 0, dead: 0 });
    expect(receiver.received).toHaveLength(2);
  });

  test('a task that outlives many leases is not sent a second time while its dispatcher lives', async () => {
    const folder = await createFolder();
    const receiver = await receive(async () => {
      await wait(900);
      return { status: 200 };
    });
    const lease = { leaseMs: 150, beatMs: 40, pollMs: 10 };
    const queues = await Promise.all([openQueue(folder, lease), openQueue(folder, lease)]);
    for (const queue of queues) queue.startDispatcher({ queues: [settings], tokenFor: () => 'token' });

    await queues[0]?.enqueue({ queue: 'work', url: receiver.url, body: 1 });
    await expect.poll(async () => queues[0]?.stats('work')).toMatchObject({ pending: 0, running: 0 });

    expect(receiver.received).toHaveLength(1);
  });

  test('a process that is held up longer than its lease does not take its own tasks over from itself', async () => {
    const folder = await createFolder();
    const receiver = await receive(async () => {
      const heldUpUntil = Date.now() + 500;
      while (Date.now() < heldUpUntil);
      await wait(100);
      return { status: 200 };
    });
    const queue = await openQueue(folder, { leaseMs: 150, beatMs: 40, pollMs: 10 });
    queue.startDispatcher({ queues: [settings], tokenFor: () => 'token' });

    await queue.enqueue({ queue: 'work', url: receiver.url, body: 1 });
    await expect.poll(async () => queue.stats('work')).toMatchObject({ pending: 0, running: 0 });

    expect(receiver.received).toHaveLength(1);
  });

  test('a dispatcher may be stopped and its queue closed in any order, more than once', async () => {
    const queue = await openQueue(await createFolder());
    const dispatcher = queue.startDispatcher({ queues: [settings], tokenFor: () => 'token' });

    await queue.close();
    await dispatcher.stop();
    await queue.close();
    await expect(queue.enqueue({ queue: 'work', url: 'http://127.0.0.1:9/', body: 1 })).rejects.toMatchObject(
      { code: 'unavailable' },
    );
  });

  test('a token that cannot be had is a failed attempt and is told', async () => {
    const folder = await createFolder();
    const faults: unknown[] = [];
    const queue = await openQueue(folder, { onFault: (fault) => faults.push(fault.cause) });
    const refused = new Error('no token today');
    queue.startDispatcher({ queues: [settings], tokenFor: () => Promise.reject(refused) });

    await queue.enqueue({ queue: 'work', url: 'http://127.0.0.1:9/', body: 1 });
    await expect.poll(async () => (await queue.stats('work')).dead).toBe(1);

    expect(faults).toEqual([refused, refused, refused]);
    expect(await queue.listDead('work')).toMatchObject([
      { attempts: 3, lastStatus: null, lastAnswer: 'The request could not be made' },
    ]);
  });

  test('dispatchers killed again and again lose no task, and repeat at most what was under way', async () => {
    const folder = await createFolder();
    const tasks = 400;
    const kills = 14;
    const succeeded = new Map<string, number>();
    const receiver = await receive(async (push) => {
      await wait(Math.random() * 30);
      if (Math.random() < 0.1) return { status: 503 };
      const name = String(push.headers[taskHeaders.taskName]);
      succeeded.set(name, (succeeded.get(name) ?? 0) + 1);
      return { status: 200 };
    });
    const path = join(folder, 'tasks.sqlite');
    const queue = await openQueue(folder);
    const start = () => startCrashChild(child, ['dispatch', path, 'work']);
    const children = [start(), start()];
    onTestFinished(async () => {
      for (const running of children) await running.kill();
    });

    const enqueuing = (async () => {
      for (let index = 0; index < tasks; index++) {
        await queue.enqueue({ queue: 'work', name: `task-${index}`, url: receiver.url, body: index });
        await wait(Math.random() * 20);
      }
    })();
    for (let kill = 0; kill < kills; kill++) {
      const victim = children[kill % 2];
      await victim?.ready;
      await wait(Math.random() * 300);
      await victim?.kill();
      children[kill % 2] = start();
    }
    await enqueuing;
    await expect
      .poll(async () => queue.stats('work'), { timeout: 15_000, interval: 50 })
      .toMatchObject({ pending: 0, running: 0 });

    const deliveriesAtEnd = receiver.received.length;
    await wait(600);
    expect(receiver.received).toHaveLength(deliveriesAtEnd);
    expect(succeeded.size).toBe(tasks);
    const repeated = [...succeeded.values()].reduce((sum, count) => sum + count - 1, 0);
    expect(repeated).toBeLessThanOrEqual(kills * 6);
    expect(await queue.stats('work')).toMatchObject({ dead: 0 });
    for (let index = 0; index < tasks; index++) {
      const again = await queue.enqueue({
        queue: 'work',
        name: `task-${index}`,
        url: receiver.url,
        body: index,
      });
      expect(again.created).toBe(false);
    }
  }, 60_000);

  test('whatever a killed process was told is enqueued, arrives, and is there once', async () => {
    const folder = await createFolder();
    const receiver = await receive(() => ({ status: 200 }));
    const path = join(folder, 'tasks.sqlite');
    const promised: string[] = [];

    for (let round = 0; round < 5; round++) {
      const enqueuer = startCrashChild(child, ['enqueue', path, 'work', receiver.url, `round-${round}`]);
      await enqueuer.ready;
      await wait(20 + Math.random() * 80);
      await enqueuer.kill();
      promised.push(...enqueuer.lines.slice(1));
    }
    const queue = await openQueue(folder);
    queue.startDispatcher({
      queues: [{ ...settings, rate: { maxDispatchesPerSecond: 5_000, maxConcurrentDispatches: 20 } }],
      tokenFor: () => 'token',
    });
    await expect
      .poll(async () => queue.stats('work'), { timeout: 20_000 })
      .toMatchObject({ pending: 0, running: 0 });

    const arrived = receiver.received.map(({ headers }) => String(headers[taskHeaders.taskName]));
    expect(promised.length).toBeGreaterThan(20);
    expect(new Set(arrived).size).toBe(arrived.length);
    expect(promised.filter((name) => !new Set(arrived).has(name))).toEqual([]);
  }, 60_000);
});
