import type { Request, Response } from 'express';
import { Failure, isRetryable, toFailure } from '../failure/failure.ts';
import type { JsonValue } from '../json/json-value.ts';
import type { DeadTaskKeeper, TaskAttempt } from '../tasks/dead-task-keeper.ts';
import { taskHeaders } from '../tasks/task-queue.ts';
import { type Exchange, exchangeOf, failureAnswer, readJsonBody, sendFailure } from './http-exchange.ts';

/** A task as it arrives. It may arrive twice, late, and while an earlier delivery of it still runs. */
export interface TaskDelivery extends Exchange {
  readonly body: JsonValue;
  /** `undefined` where the sender did not say. */
  readonly queue: string | undefined;
  readonly taskName: string | undefined;
  /** How often it was tried before: 0 at first. */
  readonly retryCount: number;
  /** When it was due, in milliseconds since 1970. */
  readonly dueAt: number | undefined;
}

/** Resolves when the task is done for good. Throws a `Failure` otherwise; whether the task comes again follows from its code. */
export type TaskHandler = (delivery: TaskDelivery) => Promise<void>;

export interface TaskRoute {
  /** As in `/tasks/<name>`. */
  readonly name: string;
  /** Undefined where nobody handles tasks of this name. */
  readonly handler: TaskHandler | undefined;
  /** Left out where the queue keeps its dead tasks itself. */
  readonly deadTasks: DeadTaskKeeper | undefined;
}

/**
 * Answers a task: 204 when done; 503 with `Retry-After` where known when trying again can help; 200 when it cannot, since any other
 * answer would bring the task again and again. An error that is no Failure of ours is a bug and gets 500: it is retried until the
 * queue's attempts are used up and it lies among the dead tasks, where it can be replayed after the fix. So does a task that nobody handles,
 * with 404: a newer version may have sent it, whose turn comes after this one's.
 */
export async function answerTask(
  { name, handler, deadTasks }: TaskRoute,
  request: Request,
  response: Response,
): Promise<void> {
  const exchange = exchangeOf(response);
  const log = exchange.log.child({ task: name, taskName: header(request, taskHeaders.taskName) });
  const sent = deadTasks === undefined ? undefined : readAttempt(request);
  const last = await kept(() => (sent === undefined ? undefined : deadTasks?.begin(sent)));
  const failed = await tryTask({ name, handler }, request, { ...exchange, log });
  if (failed === undefined) {
    await kept(() => last?.forget());
    response.status(204).end();
    return;
  }
  const failure = toFailure(failed.thrown);
  const status = handler === undefined ? 404 : statusOfFailure(failure);
  const data = { error: failed.thrown, status, code: failure.code };
  if (status === 200) log.error('A task failed for good', data);
  else if (last !== undefined) log.error('A task failed for the last time and is dead', data);
  else if (status === 503) log.info('A task is to be tried again', data);
  else log.error('A task failed for a fault of ours', data);
  const answer = failureAnswer(response, failure);
  await kept(() => (status === 200 ? last?.forget() : last?.keep(status, JSON.stringify(answer))));
  sendFailure(response, status, failure);

  /** A task's own work comes before any trace of it: where that cannot be kept, it stands in the log alone. */
  async function kept<R>(work: () => Promise<R> | undefined): Promise<R | undefined> {
    try {
      return await work();
    } catch (error) {
      const { queue, path, body } = sent ?? {};
      log.error('What becomes of a task could not be kept', { error, queue, path, body });
      return undefined;
    }
  }
}

/** What the handler fails with; undefined when the task is done. */
async function tryTask(
  { name, handler }: Omit<TaskRoute, 'deadTasks'>,
  request: Request,
  exchange: Exchange,
): Promise<{ readonly thrown: unknown } | undefined> {
  try {
    if (handler === undefined)
      throw new Failure('not_found', 'Nobody handles what was sent here', { data: { kind: 'tasks', name } });
    await handler({ ...readDelivery(request), ...exchange });
    return undefined;
  } catch (thrown) {
    return { thrown };
  }
}

/** Undefined for what comes from no queue, or is no JSON: it is not tried again. */
function readAttempt(request: Request): TaskAttempt | undefined {
  const [queue, name] = [header(request, taskHeaders.queueName), header(request, taskHeaders.taskName)];
  if (queue === undefined || name === undefined) return undefined;
  try {
    const { retryCount, body } = readDelivery(request);
    const { originalUrl: path, headers } = request;
    return { queue, name, retryCount, path, headers, body: JSON.stringify(body) };
  } catch {
    return undefined;
  }
}

function statusOfFailure(failure: Failure): number {
  if (failure.code === 'internal') return 500;
  return isRetryable(failure) ? 503 : 200;
}

function readDelivery(request: Request): Omit<TaskDelivery, keyof Exchange> {
  const eta = Number(header(request, taskHeaders.eta) ?? Number.NaN);
  const retryCount = Number(header(request, taskHeaders.retryCount) ?? 0);
  return {
    body: readJsonBody(request),
    queue: header(request, taskHeaders.queueName),
    taskName: header(request, taskHeaders.taskName),
    retryCount: Number.isSafeInteger(retryCount) ? retryCount : 0,
    dueAt: Number.isFinite(eta) ? Math.round(eta * 1000) : undefined,
  };
}

function header(request: Request, name: string): string | undefined {
  return request.get(name);
}
