import type { JsonValue } from '../json/json-value.ts';

/**
 * A queue of HTTP tasks with Cloud Tasks' semantics.
 *
 * - **task**: one POST of a small JSON body to one URL, delivered at least once until it is answered with a 2xx.
 * - **queue**: tasks that share a rate, a concurrency limit and a retry policy.
 * - **dispatcher**: what sends a queue's tasks: Cloud Tasks itself, or locally a loop inside the service that the queue targets.
 * - **dead task**: one that exhausted its attempts; kept with its last answer until it is replayed or discarded. A task whose last attempt never
 *   reached anybody may leave none (docs/decisions/0019), so that something else has to find its work again: `sweepRuns` does for slices.
 *
 * A task's handler must be idempotent: a task may arrive twice, late, and while an earlier delivery of it still runs.
 */
export interface TaskQueue {
  /**
   * Durable once resolved. A named task whose name is in use, or was within the de-duplication window (an hour after the task
   * ended), is a no-op that answers `created: false`. Fails with `invalid_params` (names, URL, a time beyond 30 days), `too_large`,
   * `unavailable`.
   */
  enqueue(task: TaskRequest): Promise<EnqueuedTask>;
  stats(queue: string): Promise<QueueStats>;
  /** The queue's dead tasks, latest first; at most `limit` (100). */
  listDead(queue: string, limit?: number): Promise<readonly DeadTask[]>;
  /**
   * Puts a dead task back with a fresh count of attempts; in Cloud Tasks under another name. Fails with `not_found`; where the name is kept
   * and in use again, with `already_exists`.
   */
  replayDead(queue: string, id: string): Promise<void>;
  discardDead(queue: string, id: string): Promise<void>;
  close(): Promise<void>;
}

export interface QueueSettings {
  /** 1 to 100 of `[A-Za-z0-9-]`. */
  readonly name: string;
  readonly rate: QueueRate;
  readonly retry: RetryPolicy;
  /** A delivery that has not answered by then counts as failed and is retried; 15 s to 30 min in Cloud Tasks. */
  readonly dispatchDeadlineMs: number;
}

export interface QueueRate {
  /** At most 500 in Cloud Tasks. */
  readonly maxDispatchesPerSecond: number;
  /** At most 5,000 in Cloud Tasks. */
  readonly maxConcurrentDispatches: number;
}

/** How often and how late a failed task is tried again: see `retry-schedule.ts`. */
export interface RetryPolicy {
  /** The first attempt included; -1 for no limit. */
  readonly maxAttempts: number;
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
  readonly maxDoublings: number;
  /** Counted from the first attempt. Where set, a task stops only when this and `maxAttempts` are both reached. */
  readonly maxRetryDurationMs?: number;
}

export interface TaskRequest {
  readonly queue: string;
  /** 1 to 500 of `[A-Za-z0-9_-]`. Best a hash: names that share a prefix slow Cloud Tasks down. Without one the queue makes one up. */
  readonly name?: string;
  readonly url: string;
  /** Ids, not data: 98 KB at most, with the URL and the headers. */
  readonly body: JsonValue;
  readonly headers?: Readonly<Record<string, string>>;
  /** Not before this time, in milliseconds since 1970; 30 days ahead at most. */
  readonly scheduleAt?: number;
}

export interface EnqueuedTask {
  readonly name: string;
  /** False: a task of this name exists or existed lately, and nothing was added. */
  readonly created: boolean;
}

/** In Cloud Tasks, which can only be asked for its tasks, no count goes beyond 10,000. */
export interface QueueStats {
  /** Waiting: due now, scheduled for later, or backing off. */
  readonly pending: number;
  readonly running: number;
  readonly dead: number;
  /** When the oldest task that is pending or running was created; null when there is none. */
  readonly oldestCreatedAt: number | null;
}

export interface DeadTask {
  readonly id: string;
  readonly queue: string;
  readonly name: string;
  readonly url: string;
  readonly body: JsonValue;
  readonly attempts: number;
  readonly createdAt: number;
  readonly diedAt: number;
  /** The last answer's status; null when there was none (time-out, connection refused). */
  readonly lastStatus: number | null;
  /** The start of the last answer's body, or what happened instead of an answer. */
  readonly lastAnswer: string;
}

/** The header names that every delivery carries; Cloud Tasks' own. Their presence proves nothing: the bearer token does. */
export const taskHeaders = {
  queueName: 'x-cloudtasks-queuename',
  /** The short id, not the resource path. */
  taskName: 'x-cloudtasks-taskname',
  /** How often the task was tried before: 0 at first. */
  retryCount: 'x-cloudtasks-taskretrycount',
  /** How often the handler answered before with anything but a 5xx. */
  executionCount: 'x-cloudtasks-taskexecutioncount',
  /** When the task was due, in seconds since 1970 with fractions. */
  eta: 'x-cloudtasks-tasketa',
  /** The status of the last answer; absent at first. */
  previousResponse: 'x-cloudtasks-taskpreviousresponse',
} as const;
