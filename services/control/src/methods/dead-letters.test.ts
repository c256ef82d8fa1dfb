import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@flotilla/substrate/clock/clock.system';
import { openLocalChangeBus } from '@flotilla/substrate/egress/change-bus.local';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { openLocalTaskQueue } from '@flotilla/substrate/tasks/task-queue.local';
import { startTestReceiver, type TestAnswer } from '@flotilla/substrate/tasks/test-receiver.fixture';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openControl, register } from '../control.fixture.ts';

const runId = '8f14e45f-ceea-467f-9c15-2b5bbd5d4a10';
const secret = 'not-to-be-seen';

const quickQueue = {
  name: 'oneroster-nightly',
  rate: { maxDispatchesPerSecond: 500, maxConcurrentDispatches: 1 },
  retry: { maxAttempts: 2, minBackoffMs: 1, maxBackoffMs: 1, maxDoublings: 0 },
  dispatchDeadlineMs: 5_000,
};
const quickSubscription = {
  name: 'warehouse',
  topic: 'changes',
  ackDeadlineMs: 5_000,
  minBackoffMs: 1,
  maxBackoffMs: 1,
  maxDeliveryAttempts: 2,
  maxConcurrentPushes: 1,
};

/** A fleet in which so many slices of a run, and so many messages, have used up their attempts. */
async function arrange({ tasks = 0, messages = 0, nameWindowMs = 3_600_000 }) {
  const home = await mkdtemp(join(tmpdir(), 'dead-letters-'));
  onTestFinished(() => rm(home, { recursive: true }));
  const stage = await openControl({ home });
  await register(stage, 'springfield');
  const queue = await openLocalTaskQueue({
    path: join(home, 'tasks.sqlite'),
    clock: systemClock,
    pollMs: 2,
    nameWindowMs,
  });
  const bus = await openLocalChangeBus({ path: join(home, 'bus.sqlite'), clock: systemClock, pollMs: 2 });
  let answer: TestAnswer = { status: 422, body: '{"code":"not_found"}' };
  const receiver = await startTestReceiver(() => answer);
  onTestFinished(async () => {
    await queue.close();
    await bus.close();
    await receiver.close();
  });
  queue.startDispatcher({ queues: [quickQueue], tokenFor: () => secret });
  bus.startPusher({
    subscriptions: [{ ...quickSubscription, pushUrl: `${receiver.url}/push/changes` }],
    tokenFor: () => secret,
  });
  const taskOf = (slice: number) => ({
    queue: quickQueue.name,
    name: `slice-${slice}`,
    url: `${receiver.url}/tasks/run-slice?key=${secret}`,
    headers: { 'x-own': secret },
    body: { customerId: 'springfield', runId, slice, other: secret },
  });
  for (let slice = 0; slice < tasks; slice++) await queue.enqueue(taskOf(slice));
  for (let number = 0; number < messages; number++) {
    const attributes = {
      format: 'flotilla.changes.v1',
      customerId: 'springfield',
      integrationId: 'oneroster',
      firstSequence: String(number),
      other: secret,
    };
    const data = Buffer.from(secret);
    await bus.publish('changes', [{ orderingKey: 'springfield/oneroster', attributes, data }]);
  }
  const count = async (state: 'dead' | 'pending' | 'running') =>
    (await queue.stats(quickQueue.name))[state] + ((await bus.stats('warehouse'))[state] ?? 0);
  await expect.poll(() => count('dead'), { timeout: 20_000, interval: 5 }).toBe(tasks + messages);

  return {
    stage,
    queue,
    task: taskOf,
    list: async (params: JsonObject = {}) =>
      (await stage.result('deadLetters.list.v1', params)).deadLetters as readonly JsonObject[],
    mend() {
      answer = { status: 204 };
    },
    /** What arrived since `from`, once nothing is on its way. */
    async arrived(from: number) {
      await expect
        .poll(async () => (await count('pending')) + (await count('running')), { interval: 5 })
        .toBe(0);
      return receiver.received.slice(from).map(({ body }) => body);
    },
    get attempts() {
      return receiver.received.length;
    },
  };
}

const task = { kind: 'task', queue: quickQueue.name };
const message = { kind: 'message', queue: 'warehouse' };

describe('deadLetters.list', () => {
  test('shows tasks and messages with all that an operator needs, and nothing of what they carry', async () => {
    const { list, stage } = await arrange({ tasks: 1, messages: 1 });

    const all = await list();

    expect(await list({ kind: 'task' })).toEqual([
      {
        ...task,
        id: expect.any(String),
        name: 'slice-0',
        path: '/tasks/run-slice',
        orderingKey: null,
        about: { customerId: 'springfield', runId, slice: 0 },
        customerName: 'The springfield district',
        bytes: expect.any(Number),
        attempts: 2,
        createdAt: expect.any(String),
        diedAt: expect.any(String),
        lastStatus: 422,
        lastAnswer: '{"code":"not_found"}',
      },
    ]);
    expect(await list({ kind: 'message' })).toEqual([
      {
        ...message,
        id: expect.any(String),
        name: null,
        path: null,
        orderingKey: 'springfield/oneroster',
        about: {
          format: 'flotilla.changes.v1',
          customerId: 'springfield',
          integrationId: 'oneroster',
          firstSequence: '0',
        },
        customerName: 'The springfield district',
        bytes: secret.length,
        attempts: 2,
        createdAt: expect.any(String),
        diedAt: expect.any(String),
        lastStatus: 422,
        lastAnswer: '{"code":"not_found"}',
      },
    ]);
    expect(all).toHaveLength(2);
    expect(JSON.stringify(all)).not.toContain(secret);
    expect(await list({ queue: 'clever-manual' })).toEqual([]);
    expect((await stage.call('deadLetters.list.v1', {}, 'scheduler')).error?.data.code).toBe('forbidden');
  });

  test('says where there are more than were asked for, and shows the latest', async () => {
    const { stage } = await arrange({ tasks: 3 });

    const page = await stage.result('deadLetters.list.v1', { limit: 2 });
    const whole = await stage.result('deadLetters.list.v1', { limit: 3 });

    expect(page).toMatchObject({ truncated: true });
    expect(whole.truncated).toBe(false);
    expect(page.deadLetters).toEqual((whole.deadLetters as readonly JsonObject[]).slice(0, 2));
  });

  test.each<[JsonObject, string, string]>([
    [{ queue: 'oneroster-nigthly' }, '/queue', 'did you mean oneroster-nightly?'],
    [
      { kind: 'message', queue: 'oneroster-nightly' },
      '/queue',
      "none of the fleet's subscriptions (warehouse)",
    ],
    [{ kind: 'letter' }, '/kind', 'message'],
    [{ limit: 0 }, '/limit', '>=1'],
  ])('refuses %j', async (wrong, pointer, words) => {
    const { error } = await (await openControl()).call('deadLetters.list.v1', wrong);
    const issue = { pointer, message: expect.stringContaining(words) };
    expect(error?.data).toMatchObject({ code: 'invalid_params', issues: [issue] });
  });
});

describe('deadLetters.replay', () => {
  test.each([
    [task, { tasks: 2 }],
    [message, { messages: 2 }],
  ])('of %j sends what is named again, once however often it is asked', async (place, dead) => {
    const arranged = await arrange(dead);
    const { list, stage } = arranged;
    const [{ id } = {}, other] = await list();
    const { attempts } = arranged;
    arranged.mend();

    const params = { ...place, ids: [id ?? '', id ?? ''], reason: 'the table is there' };
    const first = await stage.result('deadLetters.replay.v1', params);
    const again = await stage.result('deadLetters.replay.v1', params);

    expect(first).toEqual({ replayed: [id], missing: [], overtaken: [] });
    expect(again).toEqual({ replayed: [], missing: [id], overtaken: [] });
    expect(await arranged.arrived(attempts)).toHaveLength(1);
    expect(await list()).toEqual([other]);
    const { entries } = await stage.result('audit.list.v1', { customerId: 'springfield' });
    const noted = (entries as readonly JsonObject[]).filter(
      ({ action }) => action === 'deadLetters.replay.v1',
    );
    expect(noted).toMatchObject([
      { actor: 'test', target: { ...place, id }, detail: { lastStatus: 422, reason: 'the table is there' } },
    ]);
    expect(stage.logged.join('')).toContain('Dead letters were dealt with');
  });

  test('leaves a task whose work was queued anew under its name, and says so', async () => {
    const arranged = await arrange({ tasks: 1, nameWindowMs: 0 });
    const { list, queue, stage, task: dead } = arranged;
    const [{ id } = {}] = await list();
    const later = { ...dead(0), scheduleAt: systemClock.now() + 60_000 };
    expect(await queue.enqueue(later)).toMatchObject({ created: true });

    const answer = await stage.result('deadLetters.replay.v1', { ...task, ids: [id ?? ''] });

    expect(answer).toEqual({ replayed: [], missing: [], overtaken: [id] });
    expect(await list()).toMatchObject([{ id }]);
  });

  test('is for admins and programs, and not for those who only look', async () => {
    const stage = await openControl();
    for (const method of ['deadLetters.replay.v1', 'deadLetters.discard.v1']) {
      const ask = (role: 'orchestrator' | 'viewer' | 'scheduler') =>
        stage.call(method, { ...task, ids: ['1'] }, role);
      expect((await ask('orchestrator')).result).toMatchObject({ missing: ['1'] });
      expect((await ask('viewer')).error?.data.code).toBe('forbidden');
      expect((await ask('scheduler')).error?.data.code).toBe('forbidden');
    }
  });

  test.each<[JsonObject, string]>([
    [{ ids: [] }, '/ids'],
    [{ ids: Array.from({ length: 101 }, String) }, '/ids'],
    [{ queue: 'nonsense' }, '/queue'],
    [{ kind: 'message' }, '/queue'],
    [{ reason: '' }, '/reason'],
  ])('with %j is refused', async (wrong, pointer) => {
    const stage = await openControl();
    for (const method of ['deadLetters.replay.v1', 'deadLetters.discard.v1']) {
      const { error } = await stage.call(method, { ...task, ids: ['1'], ...wrong });
      expect(error?.data).toMatchObject({ code: 'invalid_params', issues: [{ pointer }] });
    }
  });
});

describe('deadLetters.discard', () => {
  test('deletes what is named, says what was not there, and is in the audit trail', async () => {
    const arranged = await arrange({ tasks: 1, messages: 2 });
    const { list, stage } = arranged;
    const [{ id } = {}] = await list({ kind: 'message' });
    const { attempts } = arranged;

    const answer = await stage.result('deadLetters.discard.v1', { ...message, ids: [id ?? '', 'none'] });

    expect(answer).toEqual({ discarded: [id], missing: ['none'] });
    expect(await list()).toHaveLength(2);
    expect(await arranged.arrived(attempts)).toEqual([]);
    const { entries } = await stage.result('audit.list.v1', { customerId: 'springfield' });
    const noted = (entries as readonly JsonObject[]).filter(
      ({ action }) => action === 'deadLetters.discard.v1',
    );
    expect(noted).toMatchObject([{ target: { ...message, id, integrationId: 'oneroster' } }]);
  });
});
