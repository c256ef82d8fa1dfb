import type { Request, Response } from 'express';
import { z } from 'zod';
import { Failure, isRetryable, toFailure } from '../failure/failure.ts';
import { startTrace } from '../observability/start-trace.ts';
import { parseTraceparent } from '../observability/trace.ts';
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
export async function answerPush(
  name: string,
  handler: PushHandler | undefined,
  request: Request,
  response: Response,
): Promise<void> {
  let exchange = exchangeOf(response);
  try {
    if (handler === undefined)
      throw new Failure('not_found', 'Nobody handles what was sent here', { data: { kind: 'push', name } });
    const delivery = readDelivery(request);
    // The trace of the publisher: Pub/Sub's own request knows nothing of it.
    const parent = parseTraceparent(delivery.attributes.traceparent);
    if (parent !== undefined) {
      const trace = startTrace(parent);
      exchange = { ...exchange, trace, log: exchange.log.forTrace(trace) };
    }
    const log = exchange.log.child({ push: name, messageId: delivery.messageId });
    exchange = { ...exchange, log };
    await handler({ ...delivery, ...exchange });
    response.status(204).end();
  } catch (thrown) {
    const failure = toFailure(thrown);
    const status = handler === undefined ? 404 : statusOfFailure(failure);
    const data = { error: thrown, status, code: failure.code };
    if (status === 503) exchange.log.info('A message is to come again', data);
    else exchange.log.error('A message was not taken', data);
    sendFailure(response, status, failure);
  }
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
