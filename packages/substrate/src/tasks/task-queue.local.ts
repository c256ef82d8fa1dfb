import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock/clock.ts';
import type { Failure } from '../failure/failure.ts';
import type { JsonValue } from '../json/json-value.ts';
import { encodeTaskBody } from './check-task.ts';
import { openDeliveryDatabase } from './delivery-schema.local.ts';
import { type ClaimedDelivery, createDeliveryTable, type DeadDelivery } from './delivery-table.local.ts';
import { type Dispatcher, type Lane, startDispatcher } from './dispatcher.local.ts';
import type { DeadTask, QueueSettings, TaskQueue, TaskRequest } from './task-queue.ts';
import { taskHeaders } from './task-queue.ts';

export interface LocalTaskQueueOptions {
  /** The SQLite file that all processes of one fleet share. */
  readonly path: string;
  readonly clock: Clock;
  /** After a crash of its dispatcher a task is sent again when this has passed. Default 5 s. */
  readonly leaseMs?: number;
  /** Default 1 s. */
  readonly beatMs?: number;
  /** Default 25 ms. */
  readonly pollMs?: number;
  /** How long the name of an ended task stays taken. Default an hour, as in Cloud Tasks. */
  readonly nameWindowMs?: number;
  readonly onFault?: (fault: Failure) => void;
}

export interface TaskDispatcherOptions {
  readonly queues: readonly QueueSettings[];
  readonly tokenFor: (url: string) => string | Promise<string>;
  /** Default 8 s: Cloud Run leaves 10 s after SIGTERM. */
  readonly graceMs?: number;
}

export interface LocalTaskQueue extends TaskQueue {
  /**
   * Sends the tasks of these queues until stopped; every process that wants to may do so. All dispatchers of a queue together keep
   * its limits exactly: running tasks and the rate's token bucket are counted in the shared file (bursts: a tenth of a second's worth,
   * at least one). Where their settings differ, each goes by its own. A 429 or 503 holds up its own task, not, as in Cloud Tasks, the queue.
   */
  startDispatcher(options: TaskDispatcherOptions): { stop(): Promise<void> };
}

interface TaskHead {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The embedded task queue: a SQLite file. A queue needs no declaration: its tasks wait until a dispatcher serves it. */
export async function openLocalTaskQueue(options: LocalTaskQueueOptions): Promise<LocalTaskQueue> {
  const {
    clock,
    leaseMs = 5_000,
    beatMs = 1_000,
    pollMs = 25,
    nameWindowMs = 3_600_000,
    onFault = () => undefined,
  } = options;
  const database = await openDeliveryDatabase(options.path, clock);
  const table = createDeliveryTable(database, { now: () => clock.now(), leaseMs, nameWindowMs });
  const dispatchers = new Set<Dispatcher>();

  async function enqueue(task: TaskRequest): Promise<{ name: string; created: boolean }> {
    const body = encodeTaskBody(task, clock.now());
    const head: TaskHead = { url: task.url, headers: lowerCaseNames(task.headers ?? {}) };
    const name = task.name ?? randomUUID();
    const dueAt = Math.max(clock.now(), task.scheduleAt ?? 0);
    const created = table.transact(() => {
      if (table.isNameTaken(task.queue, name)) return false;
      const payloadId = table.addPayload(JSON.stringify(head), body);
      return table.add({ lane: task.queue, name, orderingKey: null, payloadId, dueAt });
    });
    for (const dispatcher of dispatchers) dispatcher.wake();
    return { name, created };
  }

  function startTaskDispatcher({ queues, tokenFor, graceMs = 8_000 }: TaskDispatcherOptions): {
    stop(): Promise<void>;
  } {
    const lanes = queues.map(queueToLane);
    const dispatcher = startDispatcher({ table, lanes, clock, tokenFor, pollMs, beatMs, graceMs, onFault });
    dispatchers.add(dispatcher);
    return {
      stop: async () => {
        dispatchers.delete(dispatcher);
        await dispatcher.stop();
      },
    };
  }

  async function close(): Promise<void> {
    await Promise.all([...dispatchers].map((dispatcher) => dispatcher.stop()));
    dispatchers.clear();
    if (database.isOpen) database.close();
  }

  return {
    enqueue,
    stats: async (queue) => table.stats(queue),
    listDead: async (queue, limit = 100) =>
      table.listDead(queue, limit).map((dead) => deliveryToDeadTask(queue, dead)),
    replayDead: async (queue, id) => {
      table.replayDead(queue, Number(id));
      for (const dispatcher of dispatchers) dispatcher.wake();
    },
    discardDead: async (queue, id) => table.discardDead(queue, Number(id)),
    startDispatcher: startTaskDispatcher,
    close,
  };
}

function queueToLane(settings: QueueSettings): Lane {
  return {
    lane: settings.name,
    maxConcurrent: settings.rate.maxConcurrentDispatches,
    maxPerSecond: settings.rate.maxDispatchesPerSecond,
    retry: settings.retry,
    deadlineMs: settings.dispatchDeadlineMs,
    toPush: taskToPush,
  };
}

function taskToPush(delivery: ClaimedDelivery): {
  url: string;
  headers: Record<string, string>;
  body: Uint8Array;
} {
  const head = JSON.parse(delivery.head) as TaskHead;
  const headers: Record<string, string> = {
    ...head.headers,
    [taskHeaders.queueName]: delivery.lane,
    [taskHeaders.taskName]: delivery.name,
    [taskHeaders.retryCount]: String(delivery.attempt - 1),
    [taskHeaders.executionCount]: String(delivery.executions),
    [taskHeaders.eta]: (delivery.scheduledAt / 1000).toFixed(3),
  };
  if (delivery.lastStatus !== null) headers[taskHeaders.previousResponse] = String(delivery.lastStatus);
  return { url: head.url, headers, body: delivery.data };
}

/** So that a header given here cannot stand beside one of ours in another spelling. */
function lowerCaseNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function deliveryToDeadTask(queue: string, dead: DeadDelivery): DeadTask {
  const { url } = JSON.parse(dead.head) as TaskHead;
  const body = JSON.parse(Buffer.from(dead.data).toString('utf8')) as JsonValue;
  const { name, attempts, createdAt, diedAt, lastStatus, lastAnswer } = dead;
  return { id: String(dead.id), queue, name, url, body, attempts, createdAt, diedAt, lastStatus, lastAnswer };
}
