import type { Request, Response } from 'express';
import { type Failure, isRetryable, toFailure } from '../failure/failure.ts';
import type { JsonValue } from '../json/json-value.ts';
import { taskHeaders } from '../tasks/task-queue.ts';
import { type Exchange, exchangeOf, readJsonBody, sendFailure } from './http-exchange.ts';

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

/**
 * Answers a task: 204 when done; 503 with `Retry-After` where known when trying again can help; 200 when it cannot, since any other
 * answer would bring the task again and again. An error that is no Failure of ours is a bug and gets 500: it is retried until the
 * queue's attempts are used up and it lies among the dead tasks, where it can be replayed after the fix.
 */
export async function answerTask(
  name: string,
  handler: TaskHandler,
  request: Request,
  response: Response,
): Promise<void> {
  const exchange = exchangeOf(response);
  const log = exchange.log.child({ task: name, taskName: header(request, taskHeaders.taskName) });
  try {
    await handler({ ...readDelivery(request), ...exchange, log });
    response.status(204).end();
  } catch (thrown) {
    const failure = toFailure(thrown);
    const status = statusOfFailure(failure);
    const data = { error: thrown, status, code: failure.code };
    if (status === 503) log.info('A task is to be tried again', data);
    else log.error(status === 200 ? 'A task failed for good' : 'A task failed for a fault of ours', data);
    sendFailure(response, status, failure);
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
