import type { Clock } from '../clock/clock.ts';
import { digestText } from '../json/digest.ts';
import type { Database } from '../orm/database.ts';
import { type DeadTaskRow, deleteDeadTask, putDeadTask } from './dead-tasks.ts';
import { readTaskOrigin, taskOriginHeader } from './task-origin.ts';
import type { QueueSettings } from './task-queue.ts';

/** An attempt of a task as it reaches whoever answers it. */
export interface TaskAttempt {
  readonly queue: string;
  readonly name: string;
  /** How often it was tried before. */
  readonly retryCount: number;
  /** The path that it was sent to, with its query. */
  readonly path: string;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** Keeps tasks that die of what is answered to their last attempt, for queues that do not keep them. */
export interface DeadTaskKeeper {
  /**
   * To be called before an attempt is made; undefined where more are to come. From here on, a last attempt that nobody answers (its process
   * was killed, it took too long) leaves a dead task behind too, once its dispatch deadline has passed.
   */
  begin(attempt: TaskAttempt): Promise<LastAttempt | undefined>;
}

export interface LastAttempt {
  /** The task is dead. To be called before it is answered, since nobody asks again after that. */
  keep(status: number, answer: string): Promise<void>;
  /** The task is done. */
  forget(): Promise<void>;
}

export interface DeadTaskKeeperOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** Those that deliver to this service, as they are set in the cloud: after how many attempts a task is dead follows from them. */
  readonly queues: readonly QueueSettings[];
  /** This service's, as tasks are addressed to it. */
  readonly origin: string;
}

const keptCharacters = 2_000;

export function createDeadTaskKeeper({
  database,
  clock,
  queues,
  origin,
}: DeadTaskKeeperOptions): DeadTaskKeeper {
  const queuesByName = new Map(queues.map((queue) => [queue.name, queue]));

  return {
    async begin(attempt) {
      const queue = queuesByName.get(attempt.queue);
      if (queue === undefined || !isLast(queue, attempt)) return undefined;
      const row = attemptToRow(attempt, origin, clock.now());
      const unanswered = new Date(clock.now() + queue.dispatchDeadlineMs).toISOString();
      await putDeadTask(database, { ...row, diedAt: unanswered });
      return {
        keep: (status, answer) =>
          putDeadTask(database, {
            ...row,
            diedAt: new Date(clock.now()).toISOString(),
            lastStatus: status,
            lastAnswer: answer.slice(0, keptCharacters).toWellFormed(),
          }),
        forget: () => deleteDeadTask(database, row),
      };
    },
  };
}

/**
 * The retry count is the one to go by: the execution count leaves 5xx out (https://cloud.google.com/tasks/docs/creating-http-target-tasks#handler),
 * and whoever counted by it lost dead tasks (https://github.com/stackkit/laravel-google-cloud-tasks-queue/issues/55). Where the queue tries for
 * some time beyond its attempts, each of those may be the last.
 */
function isLast({ retry }: QueueSettings, { retryCount }: TaskAttempt): boolean {
  return retry.maxAttempts > 0 && retryCount + 1 >= retry.maxAttempts;
}

function attemptToRow(attempt: TaskAttempt, origin: string, now: number): Omit<DeadTaskRow, 'diedAt'> {
  const { queue, name, retryCount, path, headers, body } = attempt;
  const task = readTaskOrigin(textOf(headers[taskOriginHeader]));
  const createdAt = new Date(task?.createdAt ?? now).toISOString();
  return {
    queue,
    id: digestText(JSON.stringify(task === undefined ? [queue, name] : [queue, name, createdAt])),
    name,
    url: `${origin}${path}`,
    headers: Object.fromEntries(
      (task?.headers ?? []).flatMap((header) => {
        const value = textOf(headers[header]);
        return value === undefined ? [] : [[header, value]];
      }),
    ),
    body,
    attempts: retryCount + 1,
    createdAt,
    lastStatus: null,
    lastAnswer: 'No answer: the process was killed, or it took too long',
  };
}

function textOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.join(', ');
}
