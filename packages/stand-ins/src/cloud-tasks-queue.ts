import { type AnsweredRequest, type OutgoingRequest, sendRequest } from './send-request.ts';
import type { StandInClock } from './stand-in-clock.ts';

/** As in `google/cloud/tasks/v2/queue.proto`, with times in milliseconds. */
export interface QueueConfig {
  readonly maxDispatchesPerSecond: number;
  readonly maxConcurrentDispatches: number;
  /** -1: without end. */
  readonly maxAttempts: number;
  /** 0: without end. Where it is set, a task ends only when it and `maxAttempts` are both reached. */
  readonly maxRetryDurationMs: number;
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
  readonly maxDoublings: number;
}

export interface NewTask {
  /** The last part of its resource name. */
  readonly id: string;
  readonly request: OutgoingRequest;
  readonly token: { readonly email: string; readonly audience: string } | undefined;
  readonly scheduledAt: number;
  readonly deadlineMs: number;
}

export interface QueuedTask extends NewTask {
  readonly createdAt: number;
  /** Of the next attempt, or of the one that is under way. */
  readonly scheduledAt: number;
  readonly dispatches: number;
  /** Attempts that had an answer, whatever it was. */
  readonly responses: number;
  readonly firstDispatchedAt: number | undefined;
  readonly lastAttempt: QueuedAttempt | undefined;
}

export interface QueuedAttempt {
  readonly scheduledAt: number;
  readonly dispatchedAt: number;
  /** Undefined while it is under way. */
  readonly endedAt: number | undefined;
  /** Null: there was no answer. */
  readonly status: number | null;
}

export interface DispatchingQueue {
  config: QueueConfig;
  isPaused: boolean;
  /** Whether the name is in use, or was within the last hour. */
  isNameTaken(id: string): 'exists' | 'existed' | false;
  add(task: NewTask): QueuedTask;
  get(id: string): QueuedTask | undefined;
  list(): readonly QueuedTask[];
  /** Also of a task that is under way: nobody listens to its answer any more. */
  remove(id: string): void;
  /** Looks again what may go; after `config` or `isPaused` was changed. */
  wake(): void;
  close(): Promise<void>;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

interface TaskState extends Mutable<QueuedTask> {
  /** Answers other than 5xx: what the header of executions counts. */
  executions: number;
}

const hourMs = 3_600_000;
/** `CreateQueue`: a task that is 31 days old is deleted, dispatched or not. */
const lifeMs = 31 * 24 * hourMs;

/**
 * One queue and its dispatches. A task ends by a 2xx or by its last attempt, and leaves nothing behind but its name, which stays taken for an
 * hour (`CreateTaskRequest.task` in `cloudtasks.proto`: "~1hour"). What Cloud Tasks does beyond that to spare a target (slow starts of
 * new queues, a lower rate for all tasks after 429 and 503) it does not: `Retry-After` holds up the one task that it answers.
 */
export function createDispatchingQueue(
  name: string,
  config: QueueConfig,
  clock: StandInClock,
  tokenFor: (account: { readonly email: string; readonly audience: string }) => string,
): DispatchingQueue {
  const tasks = new Map<string, TaskState>();
  /** When tasks ended, by name. */
  const ended = new Map<string, number>();
  /** Not under way, earliest first. */
  let waiting: TaskState[] = [];
  const underWay = new Set<Promise<void>>();
  const closing = new AbortController();
  let bucket = { tokens: Number.POSITIVE_INFINITY, at: clock.now() };
  let alarm: AbortController | undefined;

  const queue: DispatchingQueue = {
    config,
    isPaused: false,

    isNameTaken(id) {
      dropOld();
      if (tasks.has(id)) return 'exists';
      const endedAt = ended.get(id);
      if (endedAt !== undefined && clock.now() - endedAt < hourMs) return 'existed';
      ended.delete(id);
      return false;
    },

    add(task) {
      const createdAt = clock.now();
      const scheduledAt = Math.max(createdAt, task.scheduledAt);
      const never = { dispatches: 0, responses: 0, firstDispatchedAt: undefined, lastAttempt: undefined };
      const state: TaskState = { ...task, createdAt, scheduledAt, ...never, executions: 0 };
      tasks.set(task.id, state);
      wait(state);
      queue.wake();
      return state;
    },

    get(id) {
      dropOld();
      return tasks.get(id);
    },

    list() {
      dropOld();
      return [...tasks.values()];
    },

    remove(id) {
      const task = tasks.get(id);
      if (task !== undefined) drop(task);
    },

    wake() {
      alarm?.abort();
      alarm = undefined;
      if (closing.signal.aborted || queue.isPaused) return;
      dropOld();
      for (;;) {
        const next = waiting[0];
        if (next === undefined || underWay.size >= queue.config.maxConcurrentDispatches) return;
        const at = Math.max(next.scheduledAt, nextTokenAt());
        if (at > clock.now()) return wakeAt(at);
        waiting.shift();
        bucket = { tokens: availableTokens() - 1, at: clock.now() };
        begin(next);
      }
    },

    async close() {
      closing.abort(new Error('The stand-in is closed'));
      alarm?.abort();
      await Promise.all(underWay);
    },
  };

  function wakeAt(at: number): void {
    const set = new AbortController();
    alarm = set;
    clock.sleep(at - clock.now(), set.signal).then(queue.wake, () => undefined);
  }

  /** Cloud Tasks chooses the size of the bucket by the rate and does not say how: here a tenth of a second's worth. */
  function availableTokens(): number {
    const rate = queue.config.maxDispatchesPerSecond;
    const refilled = bucket.tokens + ((clock.now() - bucket.at) / 1000) * rate;
    return Math.min(Math.max(1, rate / 10), refilled);
  }

  function nextTokenAt(): number {
    const missing = 1 - availableTokens();
    // A clock of milliseconds and a sum of fractions meet: a token that is there but for the last bits is there.
    if (missing <= 1e-9) return clock.now();
    return clock.now() + Math.ceil((missing / queue.config.maxDispatchesPerSecond) * 1000);
  }

  function begin(task: TaskState): void {
    const attempt = attend(task).finally(() => {
      underWay.delete(attempt);
      queue.wake();
    });
    underWay.add(attempt);
  }

  /** One attempt, and what follows from it. Never rejects. */
  async function attend(task: TaskState): Promise<void> {
    const dispatchedAt = clock.now();
    const { scheduledAt } = task;
    const headers = headersOf(task);
    task.dispatches++;
    task.firstDispatchedAt ??= dispatchedAt;
    task.lastAttempt = { scheduledAt, dispatchedAt, endedAt: undefined, status: null };
    const answer = await sendRequest(
      { ...task.request, headers },
      { clock, deadlineMs: task.deadlineMs, signal: closing.signal },
    );
    const endedAt = clock.now();
    task.lastAttempt = { scheduledAt, dispatchedAt, endedAt, status: answer.status };
    if (answer.status !== null) task.responses++;
    if (answer.status !== null && answer.status < 500) task.executions++;
    // Deleted while it was under way.
    if (tasks.get(task.id) !== task) return;
    if (isSuccess(answer) || isExhausted(task, endedAt)) return end(task);
    task.scheduledAt = endedAt + Math.max(answer.retryAfterMs, backoffMs(queue.config, task.dispatches));
    wait(task);
  }

  function isExhausted({ dispatches, firstDispatchedAt }: TaskState, at: number): boolean {
    const { maxAttempts, maxRetryDurationMs } = queue.config;
    if (maxAttempts < 0 || dispatches < maxAttempts) return false;
    return maxRetryDurationMs === 0 || at - (firstDispatchedAt ?? at) >= maxRetryDurationMs;
  }

  /** The names and what they count: https://cloud.google.com/tasks/docs/creating-http-target-tasks#handler. */
  function headersOf(task: TaskState): Record<string, string> {
    const headers: Record<string, string> = {
      ...task.request.headers,
      'user-agent': 'Google-Cloud-Tasks',
      'x-cloudtasks-queuename': name,
      'x-cloudtasks-taskname': task.id,
      'x-cloudtasks-taskretrycount': String(task.dispatches),
      'x-cloudtasks-taskexecutioncount': String(task.executions),
      'x-cloudtasks-tasketa': (task.scheduledAt / 1000).toFixed(6),
    };
    const status = task.lastAttempt?.status ?? null;
    if (status !== null) headers['x-cloudtasks-taskpreviousresponse'] = String(status);
    if (task.token !== undefined) headers['authorization'] = `Bearer ${tokenFor(task.token)}`;
    return headers;
  }

  function wait(task: TaskState): void {
    const before = waiting.findLastIndex(({ scheduledAt }) => scheduledAt <= task.scheduledAt);
    waiting.splice(before + 1, 0, task);
  }

  function end(task: TaskState): void {
    tasks.delete(task.id);
    ended.set(task.id, clock.now());
  }

  function drop(task: TaskState): void {
    waiting = waiting.filter((other) => other !== task);
    end(task);
  }

  function dropOld(): void {
    // In the order in which they were created.
    for (const task of tasks.values()) {
      if (clock.now() - task.createdAt < lifeMs) return;
      drop(task);
    }
  }

  return queue;
}

function isSuccess({ status }: AnsweredRequest): boolean {
  return status !== null && status >= 200 && status < 300;
}

/** `RetryConfig.max_doublings`: with 10 s, 300 s and 3 doublings 10, 20, 40, 80, 160, 240, 300, 300 s. */
function backoffMs({ minBackoffMs, maxBackoffMs, maxDoublings }: QueueConfig, failures: number): number {
  const doublings = Math.min(failures - 1, maxDoublings);
  const steps = 1 + Math.max(0, failures - 1 - maxDoublings);
  return Math.min(maxBackoffMs, minBackoffMs * 2 ** doublings * steps);
}
