import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ManualClock } from '../clock/clock.manual.ts';
import { isFailure } from '../failure/failure.ts';
import type { QueueSettings, TaskQueue } from './task-queue.ts';
import { taskHeaders } from './task-queue.ts';
import {
  type ReceivedPush,
  startTestReceiver,
  type TestAnswer,
  type TestReceiver,
} from './test-receiver.fixture.ts';

export interface TaskQueueUnderTest {
  readonly queue: TaskQueue;
  /** What the adapter and its dispatcher take their time from. The tests move it, so that no wait costs any time. */
  readonly clock: ManualClock;
  /** Makes the queue known where that is needed, and has it dispatched to this origin. */
  serve(settings: QueueSettings, origin: string): Promise<void>;
  /** Whether a delivery came with the token that was to come with it. */
  isGenuine(authorization: string | undefined, origin: string): boolean | Promise<boolean>;
  /** What a service does around the answer to a delivery, where the queue needs it. */
  attend?(push: ReceivedPush, origin: string, answer: () => Promise<Told>): Promise<Told>;
  close(): Promise<void>;
}

type Told = TestAnswer | 'hang up';

/** What every adapter of the task queue must do. `unitMs` scales all waits: what the adapter's shortest back-off is. */
export function testTaskQueue(
  name: string,
  createAdapter: () => Promise<TaskQueueUnderTest>,
  unitMs: number,
): void {
  describe(`task queue: ${name}`, () => {
    let adapter: TaskQueueUnderTest;
    let receiver: TestReceiver | undefined;
    let count = 0;
    /** Deliveries whose handler waits for time to pass. */
    let atRest = 0;

    beforeAll(async () => {
      adapter = await createAdapter();
    });
    afterAll(() => adapter.close());
    afterEach(async () => {
      await receiver?.close();
    });

    type Answer = (push: ReceivedPush, earlier: number) => Told | Promise<Told>;

    async function arrange(answer: Answer, overrides: Partial<QueueSettings> = {}) {
      const counts = new Map<unknown, number>();
      const { clock } = adapter;
      const started = await startTestReceiver((push) => {
        const task = push.headers[taskHeaders.taskName];
        const earlier = counts.get(task) ?? 0;
        counts.set(task, earlier + 1);
        const told = async () => answer(push, earlier);
        return adapter.attend?.(push, started.url, told) ?? told();
      }, clock);
      receiver = started;
      const settings = { ...defaultSettings(`contract-${count++}`, unitMs), ...overrides };
      await adapter.serve(settings, started.url);
      return {
        queue: adapter.queue,
        clock,
        lane: settings.name,
        url: `${started.url}/work`,
        received: started.received,
      };
    }

    /** Lets time pass until all is done; but it stands still while a request is on its way, however slow the machine is. */
    async function untilEmpty(lane: string): Promise<void> {
      const look = async () => {
        const stats = await adapter.queue.stats(lane);
        if (stats.running <= atRest) await adapter.clock.advance(unitMs / 2);
        return stats;
      };
      await expect.poll(look, { timeout: 20_000, interval: 3 }).toMatchObject({ pending: 0, running: 0 });
    }

    async function rest(push: ReceivedPush, ms: number): Promise<void> {
      atRest++;
      await adapter.clock.sleep(ms, push.gone).catch(() => undefined);
      atRest--;
    }

    async function expectGenuine(push: ReceivedPush | undefined, url: string): Promise<void> {
      expect(await adapter.isGenuine(push?.headers.authorization, new URL(url).origin)).toBe(true);
    }

    test('a task arrives as a POST of its JSON with its headers, the Cloud Tasks headers and the token', async () => {
      const { queue, clock, lane, url, received } = await arrange(() => ({ status: 204 }));

      const enqueuedAt = clock.now();
      const body = { runId: 'r1', note: 'ünïcode 😀 \u0000 "quoted"' };
      const enqueued = await queue.enqueue({
        queue: lane,
        name: 'first',
        url: `${url}?a=1`,
        body,
        headers: { Traceparent: '00-abc' },
      });
      await untilEmpty(lane);

      expect(enqueued).toEqual({ name: 'first', created: true });
      expect(received).toHaveLength(1);
      expect(received[0]).toMatchObject({
        path: '/work?a=1',
        body,
        headers: {
          'content-type': 'application/json',
          traceparent: '00-abc',
          [taskHeaders.queueName]: lane,
          [taskHeaders.taskName]: 'first',
          [taskHeaders.retryCount]: '0',
          [taskHeaders.executionCount]: '0',
        },
      });
      await expectGenuine(received[0], url);
      expect(Number(received[0]?.headers[taskHeaders.eta])).toBe(enqueuedAt / 1000);
      expect(received[0]?.headers[taskHeaders.previousResponse]).toBeUndefined();
    });

    test('a caller cannot pass its own headers off as the queue’s', async () => {
      const { queue, lane, url, received } = await arrange(() => ({ status: 200 }));

      const headers = { Authorization: 'Bearer forged', 'X-CloudTasks-TaskName': 'forged' };
      await queue.enqueue({ queue: lane, name: 'honest', url, body: null, headers });
      await untilEmpty(lane);

      await expectGenuine(received[0], url);
      expect(received[0]?.headers[taskHeaders.taskName]).toBe('honest');
    });

    test('a name is used once: while its task waits, and after it is done', async () => {
      const { queue, clock, lane, url, received } = await arrange(() => ({ status: 200 }));
      const task = { queue: lane, name: 'once', url, body: 1, scheduleAt: clock.now() + 4 * unitMs };

      const answers = await Promise.all([queue.enqueue(task), queue.enqueue(task), queue.enqueue(task)]);
      await untilEmpty(lane);
      const later = await queue.enqueue(task);
      await untilEmpty(lane);

      expect(answers.filter(({ created }) => created)).toHaveLength(1);
      expect(later).toEqual({ name: 'once', created: false });
      expect(received).toHaveLength(1);
    });

    test('tasks without a name are all different', async () => {
      const { queue, lane, url, received } = await arrange(() => ({ status: 200 }));

      const first = await queue.enqueue({ queue: lane, url, body: 1 });
      const second = await queue.enqueue({ queue: lane, url, body: 1 });
      await untilEmpty(lane);

      expect([first.created, second.created]).toEqual([true, true]);
      expect(first.name).not.toBe(second.name);
      expect(received).toHaveLength(2);
    });

    test('a task is not sent before its time', async () => {
      const { queue, clock, lane, url, received } = await arrange(() => ({ status: 200 }));
      const scheduleAt = clock.now() + 6 * unitMs;

      await queue.enqueue({ queue: lane, url, body: 1, scheduleAt });
      expect(await queue.stats(lane)).toMatchObject({ pending: 1, running: 0, dead: 0 });
      await untilEmpty(lane);

      expect(received[0]?.at).toBeGreaterThanOrEqual(scheduleAt);
    });

    test('a failed task comes again after its back-off, and says which attempt it is and what the last answer was', async () => {
      const statuses = [500, 404, 'hang up', 200] as const;
      const { queue, lane, url, received } = await arrange((_push, earlier) => {
        const status = statuses[earlier];
        return status === 'hang up' || status === undefined ? 'hang up' : { status };
      });

      await queue.enqueue({ queue: lane, url, body: 1 });
      await untilEmpty(lane);

      const header = (name: string) => received.map(({ headers }) => headers[name]);
      expect(header(taskHeaders.retryCount)).toEqual(['0', '1', '2', '3']);
      expect(header(taskHeaders.executionCount)).toEqual(['0', '0', '1', '1']);
      expect(header(taskHeaders.previousResponse).slice(0, 3)).toEqual([undefined, '500', '404']);
      const gaps = received.slice(1).map(({ at }, index) => at - (received[index]?.at ?? 0));
      expect(gaps[0]).toBeGreaterThanOrEqual(unitMs);
      expect(gaps[1]).toBeGreaterThanOrEqual(2 * unitMs);
    });

    test.each([302, 304, 400, 401, 500])('status %i is no success', async (status) => {
      const { queue, lane, url, received } = await arrange((_push, earlier) => ({
        status: earlier === 0 ? status : 200,
      }));

      await queue.enqueue({ queue: lane, url, body: 1 });
      await untilEmpty(lane);

      expect(received).toHaveLength(2);
    });

    test.each([429, 503])('Retry-After on a %i is honoured beyond the back-off', async (status) => {
      const { queue, lane, url, received } = await arrange((_push, earlier) =>
        earlier === 0 ? { status, headers: { 'retry-after': String(unitMs / 50) } } : { status: 200 },
      );

      await queue.enqueue({ queue: lane, url, body: 1 });
      await untilEmpty(lane);

      expect((received[1]?.at ?? 0) - (received[0]?.at ?? 0)).toBeGreaterThanOrEqual(20 * unitMs);
    });

    test('an answer after the deadline is none', async () => {
      const { queue, clock, lane, url, received } = await arrange(
        async (push, earlier) => {
          if (earlier === 0) await rest(push, 20 * unitMs);
          return { status: 200 };
        },
        { dispatchDeadlineMs: 5 * unitMs },
      );

      const enqueuedAt = clock.now();
      await queue.enqueue({ queue: lane, url, body: 1 });
      await untilEmpty(lane);

      expect(received).toHaveLength(2);
      expect((received[1]?.at ?? 0) - enqueuedAt).toBeGreaterThanOrEqual(6 * unitMs);
    });

    test('a task that exhausts its attempts is kept with its last answer, and can be replayed or discarded', async () => {
      let isMended = false;
      const { queue, lane, url, received } = await arrange(() =>
        isMended ? { status: 200 } : { status: 422, body: 'record 7 is broken' },
      );

      for (const name of ['replayed', 'discarded'])
        await queue.enqueue({ queue: lane, name, url, body: { name } });
      await untilEmpty(lane);
      const dead = await queue.listDead(lane);
      expect(dead.map((task) => task.name).sort()).toEqual(['discarded', 'replayed']);
      expect(dead[0]).toMatchObject({
        queue: lane,
        url,
        attempts: 4,
        lastStatus: 422,
        lastAnswer: 'record 7 is broken',
      });
      expect(await queue.stats(lane)).toEqual({ pending: 0, running: 0, dead: 2, oldestCreatedAt: null });
      expect(await queue.listDead(lane, 1)).toHaveLength(1);

      isMended = true;
      for (const { id, name } of dead) {
        if (name === 'replayed') await queue.replayDead(lane, id);
        else await queue.discardDead(lane, id);
      }
      await untilEmpty(lane);

      expect(await queue.listDead(lane)).toEqual([]);
      expect(received.at(-1)).toMatchObject({
        body: { name: 'replayed' },
        headers: { [taskHeaders.retryCount]: '0' },
      });
      expect(received).toHaveLength(9);
    });

    test('a dead task of an unknown id is not found', async () => {
      const { queue, lane } = await arrange(() => ({ status: 200 }));

      for (const id of ['999999999', 'nonsense', '']) {
        await expect(queue.replayDead(lane, id)).rejects.toSatisfy((error) => isFailure(error, 'not_found'));
        await expect(queue.discardDead(lane, id)).rejects.toSatisfy((error) => isFailure(error, 'not_found'));
      }
    });

    test('no more tasks run at once than the queue allows', async () => {
      let running = 0;
      let most = 0;
      const { queue, lane, url, received } = await arrange(
        async (push) => {
          most = Math.max(most, ++running);
          await rest(push, unitMs);
          running--;
          return { status: 200 };
        },
        { rate: { maxDispatchesPerSecond: 500, maxConcurrentDispatches: 3 } },
      );

      await Promise.all(
        Array.from({ length: 30 }, (_, index) => queue.enqueue({ queue: lane, url, body: index })),
      );
      await untilEmpty(lane);

      expect(received).toHaveLength(30);
      expect(most).toBe(3);
    });

    test('tasks are sent no faster than the queue’s rate', async () => {
      const { queue, clock, lane, url, received } = await arrange(() => ({ status: 200 }), {
        rate: { maxDispatchesPerSecond: 1_000 / unitMs, maxConcurrentDispatches: 50 },
      });
      const startedAt = clock.now();

      await Promise.all(
        Array.from({ length: 30 }, (_, index) => queue.enqueue({ queue: lane, url, body: index })),
      );
      await untilEmpty(lane);

      expect((received.at(-1)?.at ?? 0) - startedAt).toBeGreaterThanOrEqual(26 * unitMs);
    });

    const refusals: readonly [string, object, string][] = [
      ['a name with a slash', { name: 'a/b' }, 'invalid_params'],
      ['an empty name', { name: '' }, 'invalid_params'],
      ['a name of 501 characters', { name: 'x'.repeat(501) }, 'invalid_params'],
      ['a URL that is none', { url: 'work' }, 'invalid_params'],
      ['a URL of another scheme', { url: 'file:///etc/passwd' }, 'invalid_params'],
      ['a body over 100 KB', { body: 'ü'.repeat(50_001) }, 'too_large'],
      ['a body that leaves no room for its headers', { headers: { a: 'x'.repeat(98_000) } }, 'too_large'],
      ['a time more than 30 days ahead', { scheduleAt: Date.UTC(2099, 0, 1) }, 'invalid_params'],
    ];

    test.each(refusals)('%s is refused', async (_name, wrong, code) => {
      const { queue, lane, url } = await arrange(() => ({ status: 200 }));

      await expect(queue.enqueue({ queue: lane, url, body: 1, ...wrong })).rejects.toMatchObject({ code });
      expect(await queue.stats(lane)).toMatchObject({ pending: 0, running: 0 });
    });
  });
}

function defaultSettings(name: string, unitMs: number): QueueSettings {
  return {
    name,
    rate: { maxDispatchesPerSecond: 500, maxConcurrentDispatches: 50 },
    retry: { maxAttempts: 4, minBackoffMs: unitMs, maxBackoffMs: 4 * unitMs, maxDoublings: 3 },
    dispatchDeadlineMs: 300 * unitMs,
  };
}
