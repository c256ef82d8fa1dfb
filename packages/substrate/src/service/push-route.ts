import type { Request, Response } from 'express';
import { z } from 'zod';
import { Failure, isRetryable, toFailure } from '../failure/failure.ts';
import type { Log } from '../observability/log.ts';
import { parseTraceparent } from '../observability/trace.ts';
import type { Tracer } from '../observability/tracing.ts';
import { enterTrace } from './enter-trace.ts';
import { type Exchange, exchangeOf, readJsonBody, sendFailure } from './http-exchange.ts';

/** A message of the bus as it is pushed to a subscriber. It may arrive twice and, once it was dead and is replayed, out of order. */
export interface PushDelivery extends Exchange {
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageId: string;
  /** RFC 3339, UTC. */
  readonly publishTime: string;
  readonly orderingKey: string;
  readonly subscription: string;
  /** 1 at first; absent where the subscription has no dead-letter policy. */
  readonly deliveryAttempt: number | undefined;
}

/** Resolves when the message is taken for good. Throws a `Failure` otherwise; the message comes again until it is a dead letter. */
export type PushHandler = (delivery: PushDelivery) => Promise<void>;

export interface PushRoute {
  /** As in `/push/<name>`. */
  readonly name: string;
  /** Undefined where nobody handles messages of this name. */
  readonly handler: PushHandler | undefined;
  readonly tracer?: Tracer | undefined;
}

/** https://cloud.google.com/pubsub/docs/push#receive_push: members we do not use are ignored, since Google adds some. */
const envelope = z.object({
  message: z.object({
    data: z.base64().default(''),
    attributes: z.record(z.string(), z.string()).default({}),
    messageId: z.string(),
    publishTime: z.string(),
    orderingKey: z.string().default(''),
  }),
  subscription: z.string(),
  deliveryAttempt: z.number().int().optional(),
});

/**
 * Answers a push: 204 takes the message; 503 when trying again can help, 422 when it cannot, 500 for a bug, 404 where nobody handles it (all
 * bring it again).
 */
export async function answerPush(route: PushRoute, request: Request, response: Response): Promise<void> {
  const { name, handler, tracer } = route;
  let delivery: Omit<PushDelivery, keyof Exchange>;
  try {
    if (handler === undefined)
      throw new Failure('not_found', 'Nobody handles what was sent here', { data: { kind: 'push', name } });
    delivery = readDelivery(request);
  } catch (thrown) {
    return refuse(response, exchangeOf(response).log, thrown, handler === undefined ? 404 : undefined);
  }
  const { attributes, messageId } = delivery;
  const parent = parseTraceparent(attributes.traceparent);
  await enterTrace({ name: 'push', kind: 'consumer', tracer, parent }, request, response, async () => {
    const exchange = exchangeOf(response);
    const log = exchange.log.child({ push: name, messageId });
    try {
      await handler({ ...delivery, ...exchange, log });
      response.status(204).end();
    } catch (thrown) {
      refuse(response, log, thrown);
    }
  });
}

function refuse(response: Response, log: Log, thrown: unknown, told?: number): void {
  const failure = toFailure(thrown);
  const status = told ?? statusOfFailure(failure);
  const data = { error: thrown, status, code: failure.code };
  if (status === 503) log.info('A message is to come again', data);
  else log.error('A message was not taken', data);
  sendFailure(response, status, failure);
}

function statusOfFailure(failure: Failure): number {
  if (failure.code === 'internal') return 500;
  return isRetryable(failure) ? 503 : 422;
}

function readDelivery(request: Request): Omit<PushDelivery, keyof Exchange> {
  const parsed = envelope.safeParse(readJsonBody(request));
  if (!parsed.success) {
    throw new Failure('invalid_params', 'Not the envelope of a Pub/Sub push', {
      data: { issues: parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })) },
    });
  }
  const { message, subscription, deliveryAttempt } = parsed.data;
  return { ...message, data: Buffer.from(message.data, 'base64'), subscription, deliveryAttempt };
}
